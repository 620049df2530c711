#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "faults/story.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using faults::Story;

namespace {

/// A kind of request that a fault strikes.
struct Target {
  std::string_view name, rule;
  std::size_t moment = 0;
};

constexpr Target kTargets[] = {
    {"token", "path=/oauth/token"},
    {"organization", "endpoint=/api/v2/organizations/me"},
    {"watermark", "endpoint=/api/v2/analytics/conversations/details/jobs/availability"},
    {"divisions", "path=/authorization/divisions"},
    {"teams", "endpoint=/api/v2/teams"},
    {"users", "endpoint=/api/v2/users"},
    {"queues", "endpoint=/api/v2/routing/queues"},
    {"wrapup_codes", "endpoint=/api/v2/routing/wrapupcodes"},
    {"skills", "endpoint=/api/v2/routing/skills"},
    {"languages", "endpoint=/api/v2/routing/languages"},
    {"survey_forms", "path=/publishedforms/surveys"},
    {"days by query", "endpoint=/api/v2/analytics/conversations/details/query"},
    {"job submission", "endpoint=/api/v2/analytics/conversations/details/jobs,method=POST"},
    {"job state", "endpoint=/api/v2/analytics/conversations/details/jobs/{}"},
    {"job results", "endpoint=/api/v2/analytics/conversations/details/jobs/{}/results"},
    {"survey_events", "path=/surveys/aggregates/query"},
    {"evaluation_events", "path=/evaluations/aggregates/query"},
    {"resolution_events", "path=/resolutions/aggregates/query"},
    {"follow_ups", "endpoint=/api/v2/analytics/conversations/details", 1},
    {"surveys", "endpoint=/api/v2/quality/conversations/{}/surveys"},
    {"survey_search", "endpoint=/api/v2/analytics/conversations/details/query", 3},
};

/// A fault, how often it strikes (0: always), and how it reads in the matrix.
struct Mishap {
  std::string_view what;
  int times = 0;
  std::string_view name = what;
};

constexpr Mishap kMishaps[] = {
    {"429_seconds"},
    {"429_date"},
    {"429_message"},
    {"429_hours"},
    {"408"},
    {"500"},
    {"502_html"},
    {"503"},
    {"504"},
    {"reset_before"},
    {"reset_within"},
    {"truncated"},
    {"slow"},
    {"endless"},
    {"empty"},
    {"malformed"},
    {"wrong_type"},
    {"wrong_encoding"},
    {"unknown_encoding"},
    {"bad_utf8"},
    {"bomb"},
    {"deep"},
    {"400"},
    {"400_limit"},
    {"401", 1, "401 once"},
    {"401"},
    {"403"},
    {"404"},
    {"repeated_cursor"},
    {"endless_pages"},
    {"redirect"},
    {"bad_tls"},
};

/// How a struck run may end: nothing to notice, no token service there, gaps, denied, unavailable,
/// undecodable.
const std::set<int> kEnds{0, 2, 3, 4, 5, 7};

/// Scopes that are due, by resource.
std::string due(const std::filesystem::path& file, base::Instant now) {
  std::string text;
  warehouse::Reader(file.string())
      .each("SELECT resource, count(*) FROM sync_scopes WHERE due_ms <= :now GROUP BY 1 ORDER BY 1",
            {{"now", base::to_ms(now)}}, [&](const auto& row) {
              text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                                  std::get<std::string>(row[0]), std::get<std::int64_t>(row[1]));
              return true;
            });
  return text;
}

/// The story's warehouse before each moment and the canonical text after it.
struct Wanted {
  explicit Wanted(sim::World& world, const support::TempFolder& folder) {
    const auto file = folder / "whole.db";
    { const warehouse::Warehouse fresh({file.string(), base::Millis{0}, "test"}); }
    for (std::size_t i = 0; i < Story::moments().size(); ++i) {
      before.push_back(folder / fmt::format("before-{}.db", i));
      faults::copy_warehouse(file, before.back());
      REQUIRE(Story(world, Story::moments()[i]).sync(file).code == 0);
      after.push_back(faults::logical(file));
    }
  }
  std::vector<std::filesystem::path> before;
  std::vector<std::string> after;
};

sim::Organisation organisation() {
  auto o = Story::organisation();
  o.interactions = 30;
  return o;
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("whatever the network does to whatever is asked, nothing is lost") {
    sim::World world(organisation());
    support::TempFolder folder;
    const Wanted wanted(world, folder);
    const auto file = folder / "csat.db";
    // `scripts/test --faults` shows the matrix.
    const bool is_shown = faults::is_thorough();
    int cells = 0;
    for (const auto& target : kTargets) {
      if (is_shown) fmt::print("{}\n", target.name);
      for (const auto& mishap : kMishaps) {
        const auto& moment = Story::moments()[target.moment];
        faults::copy_warehouse(wanted.before[target.moment], file);
        Story story(world, moment);
        const auto rule = sim::Fault::parse(
            fmt::format("what={},{},times={}", mishap.what, target.rule, mishap.times));
        REQUIRE(rule.has_value());
        story.service.plan({*rule});
        const auto struck = story.sync(file);
        if (is_shown)
          fmt::print("  {:<17} exit {:>3}  rows {:>4}  due: {} | {:.150}\n", mishap.name,
                     struck.code, struck.report.rows_seen, due(file, moment.now), struck.said);
        CHECK_MESSAGE(kEnds.contains(struck.code),
                      fmt::format("{} {}: exit {}", target.name, mishap.name, struck.code));
        story.service.plan({});
        const auto again = story.sync(file);
        CHECK_MESSAGE(again.code == 0,
                      fmt::format("{} {}: {}", target.name, mishap.name, again.said));
        const auto got = faults::logical(file);
        // A conversation without quality data may be answered 404: it is asked again by age.
        if (target.name == "surveys" && mishap.what == "404") continue;
        const bool is_same = got == wanted.after[target.moment];
        CHECK_MESSAGE(is_same, fmt::format("{} {}: {}", target.name, mishap.name,
                                           faults::difference(wanted.after[target.moment], got)));
        ++cells;
      }
    }
    if (is_shown) fmt::print("{} cells, nothing lost\n", cells);
    CHECK(cells == static_cast<int>(std::size(kTargets) * std::size(kMishaps)) - 1);
  }
}
