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

/// A fault, how often it strikes (0: always), how it reads in the matrix, and the exit code of the
/// run it strikes: at the token service, at the organisation, at what a single resource asks.
struct Mishap {
  std::string_view what;
  int token, organization, resource;
  int times = 0;
  std::string_view name = what;
};

constexpr Mishap kMishaps[] = {
    {"429_seconds", 5, 5, 3},
    {"429_date", 5, 5, 3},
    {"429_message", 5, 5, 3},
    {"429_hours", 5, 5, 5},
    {"408", 5, 5, 3},
    {"500", 5, 5, 3},
    {"502_html", 5, 5, 3},
    {"503", 5, 5, 3},
    {"504", 5, 5, 3},
    {"reset_before", 5, 5, 3},
    {"reset_within", 5, 5, 3},
    {"truncated", 7, 7, 3},
    {"slow", 5, 5, 3},
    {"endless", 7, 7, 3},
    {"empty", 7, 7, 3},
    {"malformed", 7, 7, 3},
    {"wrong_type", 7, 7, 3},
    {"wrong_encoding", 7, 7, 3},
    {"unknown_encoding", 7, 7, 3},
    {"bad_utf8", 7, 7, 3},
    {"bomb", 7, 7, 3},
    {"deep", 7, 7, 3},
    {"400", 4, 7, 3},
    {"400_limit", 4, 7, 3},
    {"401", 4, 0, 0, 1, "401 once"},
    {"401", 4, 4, 3},
    {"403", 4, 4, 3},
    {"404", 2, 7, 3},
    {"repeated_cursor", 0, 0, 0},
    {"endless_pages", 0, 0, 3},
    {"redirect", 7, 7, 3},
    {"bad_tls", 5, 5, 3},
};

/// Kinds of requests that a run can do without where a mishap strikes them: it ends with 0.
struct Exception {
  std::string_view mishap;
  std::set<std::string_view> targets;
};

const Exception kHarmless[] = {
    // What was not permitted is looked for in another way, or not kept.
    {"401", {"survey_events", "evaluation_events", "resolution_events"}},
    {"403", {"survey_events", "evaluation_events", "resolution_events"}},
    // A conversation without quality data. What no job brings is read by query.
    {"404", {"surveys", "job submission", "job state", "job results"}},
    {"400", {"job submission", "job state", "job results"}},
    {"400_limit", {"job submission", "job state", "job results"}},
};

/// Answers that are one page: what is done to pages cannot strike them.
const std::set<std::string_view> kUnpaged = {
    "token",         "organization",      "watermark",         "job submission", "job state",
    "survey_events", "evaluation_events", "resolution_events", "follow_ups",     "surveys"};
/// Pages that name the next by a cursor, or how many hits there are: repeated, they go on for ever.
const std::set<std::string_view> kEndless = {"days by query", "survey_search", "teams",
                                             "job results"};

bool applies(const Target& target, const Mishap& mishap) {
  const bool is_of_pages = mishap.name == "repeated_cursor" || mishap.name == "endless_pages";
  return !is_of_pages || !kUnpaged.contains(target.name);
}

/// How the struck run ends, for its user.
int end_of(const Target& target, const Mishap& mishap) {
  if (target.name == "token") return mishap.token;
  if (target.name == "organization") return mishap.organization;
  // Without the watermark no day goes to a job; only a wait past all patience ends the run.
  if (target.name == "watermark") return mishap.resource == 5 ? 5 : 0;
  if (mishap.name == "repeated_cursor") return kEndless.contains(target.name) ? 3 : 0;
  for (const auto& [name, targets] : kHarmless)
    if (name == mishap.name && targets.contains(target.name)) return 0;
  return mishap.resource;
}

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
        if (!applies(target, mishap)) {
          if (is_shown) fmt::print("  {:<17} not applicable: it is not paged\n", mishap.name);
          continue;
        }
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
        const int wanted_end = end_of(target, mishap);
        CHECK_MESSAGE(struck.code == wanted_end,
                      fmt::format("{} {}: exit {}, wanted {}: {}", target.name, mishap.name,
                                  struck.code, wanted_end, struck.said));
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
    const auto all = std::size(kTargets) * std::size(kMishaps);
    CHECK(cells == static_cast<int>(all - 2 * kUnpaged.size()) - 1);
  }
}
