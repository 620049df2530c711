#include <doctest/doctest.h>

#include "sync/plan.hpp"

using namespace csatdb;
using base::Day;
using base::Instant;
using model::Via;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using sync::DueDay;

namespace {

Instant at(const char* text) { return *base::parse_instant(text); }
Day day(const char* text) { return *base::parse_day(text); }

std::vector<DueDay> month(std::optional<std::int64_t> hits, int count = 30) {
  std::vector<DueDay> out;
  for (int i = 0; i < count; ++i) out.push_back({day("2026-04-01") + days(i), hits});
  return out;
}

const Instant kNow = at("2026-05-10T12:00:00Z");

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("a day is due until its last rung has passed") {
    const Day d = day("2026-05-01");
    const Instant end{d + days(1)};
    CHECK(sync::next_due(d, end - hours(3)) == end - hours(3) + minutes(15));
    CHECK(sync::next_due(d, end - minutes(5)) == end + minutes(15));
    CHECK(sync::next_due(d, end) == end + minutes(15));
    CHECK(sync::next_due(d, end + minutes(15)) == end + hours(6));
    CHECK(sync::next_due(d, end + hours(7)) == end + hours(72));
    CHECK(sync::next_due(d, end + hours(72)) == end + hours(96));
    CHECK(!sync::next_due(d, end + hours(96)));
  }
  TEST_CASE("every window of a span is whole UTC days that do not end in the future") {
    const auto i = sync::interval_of(day("2026-05-09"), day("2026-05-10"), kNow);
    CHECK(i.begin == at("2026-05-09T00:00:00Z"));
    CHECK(i.end == kNow - minutes(1));
    CHECK(sync::interval_of(day("2026-05-01"), day("2026-05-02"), kNow).end ==
          at("2026-05-03T00:00:00Z"));
  }
  TEST_CASE("a month below the watermark is one job") {
    const auto plan = sync::spans(month({}), kNow, {kNow, {}});
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].via == Via::job);
    CHECK(plan[0].scopes.size() == 30);
    CHECK(plan[0].scopes.front() == "2026-04-01");
  }
  TEST_CASE("without a watermark the query reads seven days at a time, newest first") {
    const auto plan = sync::spans(month({}), kNow, {});
    REQUIRE(plan.size() == 5);
    CHECK(plan[0].scopes.back() == "2026-04-30");
    CHECK(plan[0].scopes.size() == 7);
    CHECK(plan[4].scopes.size() == 2);
    for (const auto& span : plan) CHECK(span.via == Via::query);
  }
  TEST_CASE("of known hits the cheaper call is chosen") {
    CHECK(sync::spans(month(1, 3), kNow, {kNow, {}})[0].via == Via::query);
    CHECK(sync::spans(month(700, 1), kNow, {kNow, {}})[0].via == Via::job);
    CHECK(sync::spans(month(100, 1), kNow, {kNow, {}})[0].via == Via::query);
  }
  TEST_CASE("days that end past the watermark are never asked of a job") {
    const auto watermark = at("2026-04-29T07:00:00Z");
    for (const auto& span : sync::spans(month(700), kNow, {watermark, {}})) {
      const bool below = span.interval.end <= watermark;
      CHECK((span.via == Via::job) == below);
    }
  }
  TEST_CASE("several days of more than 10,000 hits are not paged together") {
    for (const auto& span : sync::spans(month(4000), kNow, {})) CHECK(span.scopes.size() <= 2);
    CHECK(sync::spans(month(12'000, 1), kNow, {}).size() == 1);
    CHECK(sync::spans(month(12'000, 1), kNow, {kNow, {}})[0].via == Via::job);
  }
  TEST_CASE("one kind of call can be forced") {
    for (const auto& span : sync::spans(month(700), kNow, {kNow, Via::query}))
      CHECK(span.via == Via::query);
    CHECK(sync::spans(month(700), kNow, {{}, Via::job}).empty());
  }
  TEST_CASE("a job is looked at less often the older it is") {
    using std::chrono::seconds;
    base::Millis age{0};
    for (const auto next : {2, 6, 14, 29, 44})
      CHECK((age += sync::poll_delay(age)) == seconds(next));
    CHECK(sync::poll_delay(base::Millis{250}) == base::Millis{1'750});
  }
  TEST_CASE("a hole between due days is not read") {
    const auto plan = sync::spans({{day("2026-04-01"), 5}, {day("2026-04-03"), 5}}, kNow, {});
    CHECK(plan.size() == 2);
  }
  TEST_CASE("the first page of a query decides again") {
    model::Span span = sync::spans(month({}, 3), kNow, {})[0];
    CHECK(!sync::should_replan(span, 200, {kNow, {}}));
    CHECK(sync::should_replan(span, 2000, {kNow, {}}));
    CHECK(!sync::should_replan(span, 2000, {}));
    CHECK(!sync::should_replan(span, 2000, {kNow, Via::query}));
    CHECK(sync::should_replan(span, 20'000, {}));
  }
}
