#include <fmt/format.h>
#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/time.hpp"
#include "sim/server.hpp"
#include "sim/service.hpp"
#include "sim/world.hpp"

namespace {

using namespace csatdb;
using base::Instant;
using base::Millis;

constexpr std::string_view kHelp =
    R"(csatdb-sim: a simulated Genesys Cloud organisation on a loopback socket

  --port N              port on 127.0.0.1; 0 (default) takes a free one, printed on the first line
  --seed N              the world's seed (1)
  --interactions N      conversations in the closed days together (20000)
  --days D              closed days before now (30)
  --agents N, --queues N  size of the directory (120, 24)
  --now ISO|system      what time it is (2026-05-31T06:00:00Z)
  --clock frozen|running  whether time passes (frozen; with --now system: running)
  --rate N              requests per minute and token; 0 for no limit (300)
  --others N            requests per minute that another user of the client takes of it (0)
  --latency MS          before each answer (0)
  --lake-lag HOURS      how far jobs are behind (10)
  --job-delay MS        until a job is fulfilled (2000; --pre-serialised: 0)
  --job-failures P      share of jobs that fail, expire or lose a cursor (0)
  --pre-serialised      keep whole answers, compressed, for the next who asks the same
  --missing-permission P  answer 403 where P is needed (repeatable)
  --hidden-division N   leave out rows of the N-th division (repeatable)
  --fault SPEC          what=WHAT[,path=TEXT][,endpoint=PATH][,method=GET][,from=N][,times=M] (repeatable)
  --client-id, --client-secret  what the token endpoint accepts (demo, demo-secret)
  --login-host, --api-host  serve tokens and requests under these host names only

POST /sim/clock {"now": ISO} or {"advance_s": N} turns the clock, GET /sim/requests counts,
POST /sim/faults {"faults": [SPEC, ...]} replaces the faults, POST /sim/tokens revokes all tokens.
SIGTERM or SIGINT ends it.
)";

[[noreturn]] void fail(const std::string& message) {
  fmt::print(stderr, "csatdb-sim: {} (see --help)\n", message);
  std::exit(2);
}

/// The command line: names with their values, in order.
class Arguments {
 public:
  Arguments(int count, char** words) {
    for (int i = 1; i < count; ++i) {
      const std::string name = words[i];
      if (name == "--help" || name == "-h") {
        fmt::print("{}", kHelp);
        std::exit(0);
      }
      if (name == "--pre-serialised") {
        values_.emplace(name, "");
        continue;
      }
      if (kHelp.find(name + " ") == std::string_view::npos &&
          kHelp.find(name + ",") == std::string_view::npos)
        fail("unknown argument " + name);
      if (++i == count) fail(name + " needs a value");
      values_.emplace(name, words[i]);
    }
  }
  std::string text(const std::string& name, const std::string& otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : found->second;
  }
  std::int64_t number(const std::string& name, std::int64_t otherwise) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return otherwise;
    char* end = nullptr;
    const auto value = std::strtoll(found->second.c_str(), &end, 10);
    if (found->second.empty() || *end != '\0' || value < 0) fail(name + " needs a whole number");
    return value;
  }
  double share(const std::string& name) const {
    return std::strtod(text(name, "0").c_str(), nullptr);
  }
  bool has(const std::string& name) const { return values_.contains(name); }
  std::vector<std::string> all(const std::string& name) const {
    std::vector<std::string> found;
    const auto [first, last] = values_.equal_range(name);
    for (auto entry = first; entry != last; ++entry) found.push_back(entry->second);
    return found;
  }

 private:
  std::multimap<std::string, std::string> values_;
};

sim::Options options_of(const Arguments& arguments) {
  sim::Options options;
  options.client_id = arguments.text("--client-id", options.client_id);
  options.client_secret = arguments.text("--client-secret", options.client_secret);
  options.login_host = arguments.text("--login-host", "");
  options.api_host = arguments.text("--api-host", "");
  options.rate = static_cast<int>(arguments.number("--rate", options.rate));
  options.others_per_minute = static_cast<int>(arguments.number("--others", 0));
  options.lake_lag = std::chrono::hours(arguments.number("--lake-lag", 10));
  const bool bench = arguments.has("--pre-serialised");
  options.job_delay =
      Millis{arguments.number("--job-delay", bench ? 0 : options.job_delay.count())};
  options.job_fails = options.job_expires = options.job_loses_cursor =
      arguments.share("--job-failures");
  options.keep_answers = bench;
  for (const auto& permission : arguments.all("--missing-permission"))
    options.missing_permissions.insert(permission);
  for (const auto& division : arguments.all("--hidden-division"))
    options.hidden_divisions.insert(std::atoi(division.c_str()));
  return options;
}

sim::Organisation organisation_of(const Arguments& arguments, Instant now) {
  sim::Organisation organisation;
  organisation.seed = static_cast<std::uint64_t>(arguments.number("--seed", 1));
  organisation.days = static_cast<int>(arguments.number("--days", 30));
  organisation.interactions = arguments.number("--interactions", 20000);
  organisation.agents = static_cast<int>(arguments.number("--agents", 120));
  organisation.queues = static_cast<int>(arguments.number("--queues", 24));
  organisation.first_day = base::day_of(now) - std::chrono::days(organisation.days);
  if (organisation.days < 1 || organisation.agents < 10 || organisation.queues < 6)
    fail("a world needs at least 1 day, 10 agents and 6 queues");
  return organisation;
}

}  // namespace

int main(int count, char** words) {
  const Arguments arguments(count, words);
  const auto when = arguments.text("--now", "2026-05-31T06:00:00Z");
  const auto now = when == "system" ? base::SystemClock().now() : base::parse_instant(when);
  if (!now) fail("--now needs an ISO-8601 instant or 'system'");
  const auto pace = arguments.text("--clock", when == "system" ? "running" : "frozen");
  if (pace != "frozen" && pace != "running") fail("--clock is frozen or running");

  // Requests are answered one at a time, so more heaps than one only hold memory back.
  mallopt(M_ARENA_MAX, 1);
  // Signals are taken by this thread alone, so that nothing happens inside a handler.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  sim::World world(organisation_of(arguments, *now));
  sim::ServedClock clock(*now, pace == "running");
  sim::Service service(world, clock, options_of(arguments));
  std::vector<sim::Fault> faults;
  for (const auto& text : arguments.all("--fault")) {
    const auto fault = sim::Fault::parse(text);
    if (!fault) fail("no such fault: " + text);
    faults.push_back(*fault);
  }
  service.plan(std::move(faults));
  sim::Server server(service, clock, Millis{arguments.number("--latency", 0)});
  const int port = server.bind(static_cast<int>(arguments.number("--port", 0)));
  if (port < 0) fail("the port cannot be bound");
  fmt::print("listening on http://127.0.0.1:{}\n", port);
  std::fflush(stdout);
  std::thread serving([&] { server.run(); });
  int signal = 0;
  sigwait(&ends, &signal);
  // Connections that a client keeps open must not hold the end up.
  std::_Exit(0);
}
