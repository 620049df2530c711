#include "cli/watch.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"

namespace csatdb::cli {
namespace {

using base::Fault;
using base::Millis;

constexpr Millis kLook{1000};  // for a signal, and to say that the process lives

bool is_permanent(int code) {
  constexpr std::array kPermanent{Fault::internal, Fault::usage, Fault::denied};
  return std::ranges::find(kPermanent, code, base::exit_code) != kPermanent.end();
}

Round attempt(const std::function<Round()>& round) {
  try {
    return round();
  } catch (const base::Error& error) {
    return {base::exit_code(error.fault()), error.what()};
  }
}

}  // namespace

int watch(Session& session, Millis every, ServiceManager& manager,
          const std::function<Round()>& round) {
  const auto& clock = session.process().clock;
  auto& client = session.client();  // what is wrong with the configuration ends it here
  manager.ready();
  while (!base::stop::requested()) {
    const auto next = clock.ticks() + every;
    const auto ended = attempt(round);
    if (base::stop::requested()) break;
    const auto rest = std::max(next - clock.ticks(), Millis{0});
    if (is_permanent(ended.code)) {
      base::log::error("{}", ended.summary);
      manager.stopping();
      return ended.code;
    }
    if (ended.code == 0)
      base::log::info("{}; next in {}", ended.summary, base::to_words(rest));
    else
      base::log::warning("exit code {}: {}; next in {}", ended.code, ended.summary,
                         base::to_words(rest));
    manager.status(ended.summary);
    while (clock.ticks() < next && !base::stop::requested()) {
      manager.alive();
      client.wait(std::min(kLook, next - clock.ticks()));
    }
  }
  base::log::info("ended by a signal");
  manager.stopping();
  return 0;
}

}  // namespace csatdb::cli
