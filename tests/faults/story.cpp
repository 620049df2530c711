#include "faults/story.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "api/client.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "warehouse/logical.hpp"
#include "warehouse/run_record.hpp"

namespace csatdb::faults {
namespace {

using base::Instant;
using base::Millis;

constexpr Instant kFirst{Millis{1748757600000}};  // 2025-06-01T06:00:00Z
constexpr std::uint64_t kJitterSeed = 7;

/// The in-process wire, told of every crossing.
class Watched final : public http::Transport {
 public:
  Watched(http::Transport& inner, const Story::Doors& doors) : inner_(inner), doors_(doors) {}
  void start(http::Ticket ticket, http::Request request) override {
    cross();
    sent_[ticket] = request;
    inner_.start(ticket, std::move(request));
    cross();
  }
  std::vector<http::Answer> wait(Millis at_most) override {
    cross();
    if (doors_.waiting) doors_.waiting();
    auto answers = inner_.wait(at_most);
    for (const auto& answer : answers)
      if (doors_.answered) doors_.answered(sent_.at(answer.ticket));
    cross();
    return answers;
  }

 private:
  void cross() const {
    if (doors_.crossing) doors_.crossing();
  }
  http::Transport& inner_;
  const Story::Doors& doors_;
  std::map<http::Ticket, http::Request> sent_;
};

class Watching final : public sync::Progress {
 public:
  explicit Watching(const Story::Doors& doors) : doors_(doors) {}
  void show(const sync::Status&) override {
    if (doors_.crossing) doors_.crossing();
  }

 private:
  const Story::Doors& doors_;
};

std::string said(const sync::Report& report) {
  if (report.ended_by) return report.ended_by->what();
  std::string text;
  for (const auto& gap : report.gaps)
    text +=
        fmt::format("{}{} {}: {}", text.empty() ? "" : "; ", gap.resource, gap.scope, gap.message);
  return text;
}

}  // namespace

sim::Organisation Story::organisation() {
  sim::Organisation o;
  o.seed = 11;
  o.first_day = base::day_of(kFirst) - std::chrono::days(10);
  o.days = 10;
  o.interactions = 160;
  o.agents = 12;
  o.queues = 6;
  o.rates = {0.6, 0.2, 0.2, 0.05, 0.03, 0, 0.02, 0};
  return o;
}

const std::vector<Story::Moment>& Story::moments() {
  static const std::vector<Moment> all = [] {
    sim::Options options;
    options.job_page_most = 100;  // more than one page, and the larger sizes refused
    sim::Options poorer = options;
    poorer.missing_permissions = {"analytics:surveyAggregate:view"};
    using std::chrono::hours;
    return std::vector<Moment>{{kFirst, options},
                               {kFirst + hours(25), options},
                               {kFirst + hours(121), poorer},
                               {kFirst + hours(146), poorer}};
  }();
  return all;
}

Story::Story(sim::World& world, const Moment& moment)
    : clock(moment.now, true), service(world, clock, moment.options) {}

sync::Settings Story::settings() {
  sync::Settings settings;
  settings.since = organisation().first_day;
  return settings;
}

Ending Story::sync(const std::filesystem::path& file, const sync::Settings& settings,
                   const Doors& doors) {
  base::stop::reset();
  base::log::configure(base::log::Level::off, base::log::Format::text);
  Ending ending;
  try {
    sim::InProcess wire(service, clock);
    Watched watched(wire, doors);
    Watching watching(doors);
    warehouse::Warehouse warehouse({file.string(), Millis{0}, "test"});
    warehouse.on_commit(doors.commit);
    api::Client client(watched, clock, api::hosts_of_url("http://127.0.0.1:9"),
                       {"demo", "demo-secret"}, {}, kJitterSeed);
    warehouse::RunRecord record(warehouse, "sync", clock.now());
    sync::Engine engine(warehouse, client, clock, watching, settings);
    ending.report = engine.run();
    ending.code = ending.report.exit_code();
    ending.said = said(ending.report);
    record.finish({}, clock.now(), clock.now());
  } catch (const base::Error& error) {
    ending.code = base::exit_code(error.fault());
    ending.said = error.what();
  }
  base::stop::reset();
  return ending;
}

std::string logical(const std::filesystem::path& file) {
  std::ostringstream text;
  warehouse::write_logical(warehouse::Reader(file.string()), text);
  return text.str();
}

void copy_warehouse(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* suffix : {"", "-wal"}) {
    std::error_code none;
    std::filesystem::remove(to.string() + suffix, none);
    if (std::filesystem::exists(from.string() + suffix))
      std::filesystem::copy_file(from.string() + suffix, to.string() + suffix);
  }
  std::filesystem::remove(to.string() + "-shm");
}

std::string difference(const std::string& wanted, const std::string& got) {
  std::istringstream left(wanted);
  std::istringstream right(got);
  std::string a;
  std::string b;
  for (;;) {
    const bool has_a = static_cast<bool>(std::getline(left, a));
    const bool has_b = static_cast<bool>(std::getline(right, b));
    if (!has_a && !has_b) return "none";
    if (!has_a) a = "(end)";
    if (!has_b) b = "(end)";
    if (a != b) return fmt::format("wanted {:.300}\ngot {:.300}", a, b);
  }
}

bool is_thorough() { return std::getenv("CSATDB_THOROUGH") != nullptr; }

}  // namespace csatdb::faults
