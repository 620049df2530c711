#include "cli/watch.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "warehouse/migrations.hpp"

namespace csatdb::cli {
namespace {

using base::Fault;
using base::Millis;

constexpr Millis kLook{1000};  // for a signal, and to say that the process lives

/// How a round ended, and whether the next one could only end in the same way.
struct Attempt {
  Round round;
  bool is_final = false;
};

Attempt attempt(const std::function<Round()>& round) {
  try {
    return {round()};
  } catch (const warehouse::Unusable& error) {
    return {{base::exit_code(error.fault()), error.what()}, true};
  } catch (const base::Error& error) {
    return {{base::exit_code(error.fault()), error.what()}};
  }
}

}  // namespace

int watch(Session& session, Millis every, ServiceManager& manager,
          const std::function<Round()>& round) {
  const auto& clock = session.process().clock;
  session.client();  // what is wrong with the configuration ends it here
  manager.ready();
  for (bool is_first = true; !base::stop::requested(); is_first = false) {
    const auto next = clock.ticks() + every;
    const Attempt tried = attempt(round);
    if (base::stop::requested()) break;
    const Round& ended = tried.round;
    const auto is = [&](Fault fault) { return ended.code == base::exit_code(fault); };
    if (tried.is_final || is(Fault::internal) || is(Fault::usage) || (is(Fault::denied) && is_first)) {
      base::log::error("{}", ended.summary);
      manager.stopping();
      return ended.code;
    }
    const auto rest = base::to_words(std::max(next - clock.ticks(), Millis{0}));
    if (ended.code == 0)
      base::log::info("{}; next in {}", ended.summary, rest);
    else
      base::log::warning("exit code {}: {}; next in {}", ended.code, ended.summary, rest);
    manager.status(ended.summary);
    while (clock.ticks() < next && !base::stop::requested()) {
      manager.alive();
      session.client().wait(std::min(kLook, next - clock.ticks()));
    }
    if (is(Fault::denied)) session.disconnect();
  }
  base::log::info("ended by a signal");
  manager.stopping();
  return 0;
}

}  // namespace csatdb::cli
