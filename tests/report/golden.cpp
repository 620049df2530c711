#include "report/golden.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <stdexcept>

#include "api/client.hpp"
#include "sync/engine.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {
namespace {

constexpr int kDays = 42;

sim::Organisation organisation() {
  sim::Organisation made;
  made.seed = 20260531;
  made.first_day = Golden::first_day();
  made.days = kDays;
  made.interactions = 4000;
  made.agents = 24;
  made.queues = 8;
  return made;
}

sim::Options options() {
  sim::Options made;
  made.rate = 0;
  made.job_delay = base::Millis{0};
  return made;
}

}  // namespace

const char* const kMeasures = R"(
  INSERT INTO measures (measure_no, name, question_text, positive, scale) VALUES
    (1, 'csat', 'How satisfied are you with the service?', '["Very satisfied","Satisfied"]', '1-5'),
    (2, 'csat', 'Press 1 to 5', '["4","5"]', '1-5'),
    (3, 'ces', 'Wie leicht wurde es Ihnen gemacht?', '["sehr leicht","leicht"]', '1-7'),
    (4, 'fcr', 'Was your matter resolved?', '["Yes"]', 'yes or no'))";

base::Instant Golden::now() { return *base::parse_instant("2026-05-31T06:00:00Z"); }

base::Day Golden::first_day() { return base::day_of(now()) - std::chrono::days(kDays); }

Golden& Golden::shared() {
  static Golden golden;
  return golden;
}

Golden::Golden()
    : path_((folder_.path() / "golden.db").string()),
      zone_("Europe/Berlin"),
      world_(organisation()),
      clock_(now()),
      service_(world_, clock_, options()) {
  sim::InProcess transport(service_, clock_);
  {
    warehouse::Warehouse fresh({path_});
    fresh.set_meta("timezone", "Europe/Berlin");
    fresh.database().exec(kMeasures);
  }
  warehouse::Warehouse warehouse({path_});
  api::Client client(transport, clock_, api::hosts_of_url("http://127.0.0.1:1"),
                     {"demo", "demo-secret"}, api::Pacing{0, 1.0}, 1);
  warehouse::RunRecord record(warehouse, "sync", client.now());
  sync::Silent silent;
  sync::Settings settings;
  settings.look_back = std::chrono::days(kDays);
  // What a run hears of at its end, the next one reads.
  sync::Report done;
  for (int run = 0; run < 3; ++run) {
    done = sync::Engine(warehouse, client, clock_, silent, settings).run();
    if (done.ended_by || !done.gaps.empty()) throw std::runtime_error("the golden sync failed");
  }
  warehouse::RunSummary summary;
  summary.rows_seen = done.rows_seen;
  summary.rows_changed = done.rows_changed;
  summary.requests = static_cast<std::int64_t>(client.stats().requests);
  record.finish(summary, now(), now());
}

report::Outcome Golden::run(std::string_view name, warehouse::Parameters parameters) const {
  const auto* wanted = report::find_report(name);
  if (wanted == nullptr) throw std::runtime_error("no such report");
  return report::run(reader(), *wanted, std::move(parameters));
}

}  // namespace csatdb::tests
