#include "cli/check.hpp"
#include "cli/site.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/statement.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

const std::vector<std::string> kCheck{"status", "--check"};

sim::Fault fault(const std::string& text) { return *sim::Fault::parse(text); }

std::string ranges(const json::Value& days) {
  std::string text;
  for (const auto& range : days.elements())
    text += std::string(range["from"].text()) + ".." + std::string(range["to"].text()) + " ";
  return text;
}

/// A warehouse with nothing to complain of.
warehouse::Health healthy() {
  warehouse::Health health;
  for (const char* name : {"divisions", "teams", "users", "queues", "wrapup_codes", "skills",
                           "languages", "survey_forms", "conversations"})
    health.resources.push_back({name, Site::kNow, Site::kNow});
  health.runs.push_back({1, "sync", Site::kNow, Site::kNow, "ok", ""});
  health.free_bytes = 1'000'000;
  return health;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("status tells settled, provisional and unread days apart") {
    Site site;
    site.sync();
    const auto status = site.json({"status", "--json"});
    CHECK(ranges(status["days"]["settled"]) == "2025-05-24..2025-05-27 ");
    CHECK(ranges(status["days"]["provisional"]) == "2025-05-28..2025-06-01 ");
    CHECK(ranges(status["days"]["unread"]).empty());
    CHECK(status["gaps"].elements().empty());
    CHECK(status["organization"].text() == "Simulated contact centre 1");
    CHECK(status["runs"].elements().front()["outcome"].text() == "ok");
    CHECK(status["runs"].elements().front()["requests"].integer() > 10);
    const auto text = site.run({"status"});
    CHECK(text.code == 0);
    CHECK(contains(text.out, "settled 2025-05-24 to 2025-05-27; provisional 2025-05-28 to "));
    CHECK(contains(text.out, "Gaps           none"));
  }

  TEST_CASE("what is open in the warehouse is what the truth has open") {
    Site site;
    site.sync();
    std::int64_t running = 0;
    std::map<std::string, std::int64_t> open;
    const auto last = base::day_of(Site::kNow);
    for (const auto& c : truth(site.world, last - std::chrono::days(Site::kDays),
                               last + std::chrono::days(1), Site::kNow)) {
      running += c.end ? 0 : 1;
      for (const auto& survey : c.surveys) ++open[survey.status];
    }
    const auto status = site.json({"status", "--json"});
    CHECK(status["open_conversations"].integer() == running);
    REQUIRE(open["Sent"] > 0);
    for (const char* name : {"Pending", "Sent", "InProgress"})
      CHECK(status["open_surveys"][name].integer_or(0) == open[name]);
  }

  TEST_CASE("a monitor is told of age past the bound, and not before") {
    Site site;
    site.sync();
    auto result = site.run(kCheck);
    CHECK(result.code == 0);
    CHECK(result.out.starts_with("OK - read through 2025-06-01 05:59:"));
    CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 1);
    CHECK(contains(result.out, "| gaps=0;0;0;0 size="));
    site.now.advance(std::chrono::hours(25));
    CHECK(site.run(kCheck).code == 0);
    site.now.advance(std::chrono::hours(2));
    result = site.run(kCheck);
    CHECK(result.code == 2);
    CHECK(result.out.starts_with("CRITICAL - conversations last read 1d 03h ago"));
    CHECK(site.run({"status", "--check", "--max-age", "2d"}).code == 0);
  }

  TEST_CASE("a day that could not be read is a gap, allowed or not") {
    Site site;
    site.service.plan({fault("what=500,path=/details/jobs,method=POST,times=0"),
                       fault("what=500,path=/details/query,times=0")});
    site.sync(3);
    const auto status = site.json({"status", "--json"});
    REQUIRE(!status["gaps"].elements().empty());
    CHECK(status["gaps"].elements().front()["resource"].text() == "conversations");
    CHECK(site.run(kCheck).code == 2);
    CHECK(contains(site.run({"status"}).out, "Not read (the next sync tries again):"));

    // The same day, once read, is none.
    site.service.plan({});
    site.sync();
    CHECK(site.json({"status", "--json"})["gaps"].elements().empty());
  }

  TEST_CASE("gaps within the bound are a warning, past it critical") {
    auto health = healthy();
    health.failed.push_back({"conversations", "2025-05-30", "unavailable", "503", 1});
    CHECK(cli::check(health, {}, Site::kNow).code == 2);
    CHECK(cli::check(health, {.max_gaps = 1}, Site::kNow).code == 1);
  }

  TEST_CASE("a permission that the warehouse is complete without is no gap") {
    auto health = healthy();
    health.failed.push_back({"evaluation_events", "all", "denied", "403", 1});
    health.failed.push_back({"survey_events", "all", "denied", "403", 1});
    CHECK(cli::check(health, {}, Site::kNow).code == 0);
    health.failed.push_back({"surveys", "c", "denied", "403", 1});
    CHECK(cli::check(health, {}, Site::kNow).code == 2);
  }

  TEST_CASE("the days until the disk is full follow from the growth between runs") {
    auto health = healthy();
    CHECK(!health.days_left());
    health.growth = -5.0;
    CHECK(!health.days_left());
    for (const auto& [growth, code] : {std::pair{10'000.0, 0}, {200'000.0, 1}, {2'000'000.0, 2}}) {
      health.growth = growth;
      CHECK(*health.days_left() == doctest::Approx(1'000'000 / growth));
      CHECK(cli::check(health, {}, Site::kNow).code == code);
    }

    Site site;
    site.sync();
    CHECK(!site.json({"status", "--json"})["growth_bytes_per_day"].present());
    {
      const auto store = site.open();
      store->begin();
      for (const int day : {1, 3, 5})
        warehouse::Statement(store->database(),
                             "INSERT INTO sync_runs (command, began_ms, ended_ms, outcome, "
                             "file_bytes, program) SELECT 'sync', ended_ms + ?1, ended_ms + ?1, "
                             "'ok', file_bytes + ?2, '' FROM sync_runs WHERE run_id = 1")
            .with(std::int64_t{day} * 86'400'000, std::int64_t{day} * 1000)
            .run();
      store->commit();
    }
    const auto status = site.json({"status", "--json"});
    CHECK(status["growth_bytes_per_day"].real() == doctest::Approx(1000));
    CHECK(status["days_until_full"].real() > 0);
  }

  TEST_CASE("a killed run is told from one that is under way, which status does not disturb") {
    Site site;
    site.sync();
    {
      const auto store = site.open();
      warehouse::RunRecord record(*store, "sync", site.now.now());
      const auto result = site.run({"status"});
      CHECK(result.code == 0);
      CHECK(contains(result.out, "running"));
      CHECK(contains(result.out, "At work now    process "));
      CHECK(site.run(kCheck).code == 0);
    }
    const auto result = site.run(kCheck);
    CHECK(result.code == 1);
    CHECK(contains(result.out, "WARNING - the last sync was killed"));
    CHECK(contains(site.run({"status"}).out, "killed"));
    CHECK_NOTHROW(site.open());
  }

  TEST_CASE("the last sync that did not end well is a warning; one that was interrupted is not") {
    auto health = healthy();
    health.runs.front().outcome = "interrupted";
    CHECK(cli::check(health, {}, Site::kNow).code == 0);
    health.runs.front().outcome = "unavailable";
    health.runs.front().message = "503 | <b>\nsecond line";
    const auto found = cli::check(health, {}, Site::kNow);
    CHECK(found.code == 1);
    CHECK(std::count(found.line.begin(), found.line.end(), '|') == 1);
    CHECK(!contains(found.line, "\n"));
  }

  TEST_CASE("keys past the horizon are listed, never lost") {
    Site site;
    site.sync();
    {
      const auto store = site.open();
      store->begin();
      const auto key = store->ledger().due("follow_ups", base::Instant::max()).front().scope;
      store->ledger().retry("follow_ups", key, std::nullopt, "given up", "not found");
      store->commit();
    }
    const auto status = site.json({"status", "--json"});
    REQUIRE(status["given_up"].elements().size() == 1);
    CHECK(status["given_up"].elements()[0]["resource"].text() == "follow_ups");
    CHECK(contains(site.run({"status"}).out, "Given up (past the horizon"));
    CHECK(site.run(kCheck).code == 0);
  }

  TEST_CASE("without a warehouse a monitor is told in one line, a person how to make one") {
    Site site;
    const auto told = site.run(kCheck);
    CHECK(told.code == 2);
    CHECK(told.out.starts_with("CRITICAL - there is no warehouse"));
    CHECK(told.err.empty());
    const auto person = site.run({"status"});
    CHECK(person.code == 2);
    CHECK(contains(person.err, "csatdb sync"));
    CHECK(!std::filesystem::exists(site.path()));
    CHECK(!std::filesystem::exists(site.path() + ".lock"));
    CHECK(site.run({"status", "--check", "--max-age", "soon"}).code == 2);
  }
}
