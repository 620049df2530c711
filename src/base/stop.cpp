#include "base/stop.hpp"

#include <csignal>
#include <initializer_list>

namespace csatdb::base::stop {
namespace {

volatile std::sig_atomic_t asked = 0;

extern "C" void on_signal(int signal) {
  if (asked != 0) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  asked = 1;
}

}  // namespace

void install() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool requested() { return asked != 0; }
void request() { asked = 1; }
void reset() { asked = 0; }

}  // namespace csatdb::base::stop
