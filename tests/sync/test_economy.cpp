#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "support/sync_rig.hpp"
#include "sync/plan.hpp"

using namespace csatdb;
using base::Instant;
using http::Method;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using support::SyncRig;

namespace {

using Count = std::int64_t;

Count pages(Count rows, Count page) { return std::max<Count>(1, (rows + page - 1) / page); }

/// What it takes to read the days [first, last) in spans of up to seven, newest first, by query.
Count by_query(const std::vector<Count>& hits, std::size_t first, std::size_t last) {
  Count requests = 0;
  while (last > first) {
    const auto begin = std::max(first + 7, last) - 7;
    requests += pages(std::accumulate(hits.begin() + static_cast<std::ptrdiff_t>(begin),
                                      hits.begin() + static_cast<std::ptrdiff_t>(last), Count{0}),
                      100);
    last = begin;
  }
  return requests;
}

/// The least number of requests that read these days, oldest first: those below the watermark in
/// spans of up to 31 by the cheaper call, the others by query.
Count least_for_days(const std::vector<Count>& hits, std::size_t below_watermark) {
  Count requests = by_query(hits, below_watermark, hits.size());
  for (auto last = below_watermark; last > 0;) {
    const auto begin = std::max<std::size_t>(31, last) - 31;
    const auto sum = std::accumulate(hits.begin() + static_cast<std::ptrdiff_t>(begin),
                                     hits.begin() + static_cast<std::ptrdiff_t>(last), Count{0});
    requests += std::min(by_query(hits, begin, last), 2 + (sum + 999) / 1000);
    last = begin;
  }
  return requests;
}

/// The least number of requests of a cold sync, from the simulator's truth alone.
Count least(SyncRig& rig, int history) {
  const auto now = rig.clock.now();
  const auto first = SyncRig::today() - days(history);
  std::vector<Count> hits(static_cast<std::size_t>(history) + 1, 0);
  Count answered = 0;
  for (const auto& c : sim::truth(rig.world, first, SyncRig::today() + days(1), now)) {
    ++hits[static_cast<std::size_t>((base::day_of(c.start) - first).count())];
    answered += std::any_of(c.surveys.begin(), c.surveys.end(),
                            [](const auto& s) { return s.status == "Finished"; });
  }
  const auto watermark = rig.service.watermark_now();
  const auto below = std::clamp<Count>((base::day_of(watermark) - first).count(), 0, history);
  const auto& people = rig.world.directory();
  const Count listings = pages(static_cast<Count>(people.users.size()), 500) +
                         pages(static_cast<Count>(people.queues.size()), 500) +
                         pages(static_cast<Count>(people.codes.size()), 500) +
                         pages(static_cast<Count>(people.skills.size()), 500) +
                         /* languages, divisions, teams, forms */ 4;
  const Count events = (history + 31) / 31;  // windows of 31 days
  return 1 + listings + least_for_days(hits, static_cast<std::size_t>(below)) + answered + events;
}

Count sent(const SyncRig& rig) { return static_cast<Count>(rig.stats.requests); }

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("a cold sync takes at most 1.05 times the least number of requests, and earns no 429") {
    struct Shape {
      int history;
      Count conversations;
      bool has_watermark;
    };
    // Asked besides, and counting where little else is: whose organisation it is, how far the lake
    // is, the events of evaluations and of resolutions, and one look at a job that comes too early.
    const auto questions = [](const Shape& shape) { return shape.has_watermark ? 5 : 4; };
    for (const auto& shape :
         {Shape{30, 60, true}, Shape{30, 1500, true}, Shape{30, 1500, false}, Shape{90, 150, true},
          Shape{90, 1500, true}, Shape{90, 1500, false}}) {
      CAPTURE(shape.history);
      CAPTURE(shape.conversations);
      CAPTURE(shape.has_watermark);
      auto options = SyncRig::unlimited();
      options.rate = 300;
      options.job_delay = std::chrono::milliseconds(2000);
      if (!shape.has_watermark) options.lake_lag = days(365);
      SyncRig rig(SyncRig::quiet(shape.history, shape.conversations), options);
      rig.pacing = {300, 0.8};
      rig.latency = std::chrono::milliseconds(150);
      const auto fewest = least(rig, shape.history);
      rig.sync_well();
      MESSAGE(shape.history, " days, ", shape.conversations, " conversations: ", sent(rig),
              " requests, least ", fewest);
      CHECK(sent(rig) <= std::max(fewest * 105 / 100, fewest + questions(shape)));
      CHECK(rig.stats.throttled == 0);
      CHECK(rig.stats.retries == 0);
    }
  }

  TEST_CASE("one token serves a run") {
    SyncRig rig(SyncRig::quiet(10, 400));
    rig.sync_well();
    CHECK(rig.service.counts()["POST /oauth/token"] == 1);
  }

  TEST_CASE("a sync with nothing new takes a number of requests that does not grow with history") {
    std::map<int, std::vector<Count>> requests;
    for (const int history : {10, 40, 110}) {
      SyncRig rig(SyncRig::quiet(history, history * 20));
      rig.clock.set(Instant{SyncRig::today()} + hours(2));
      rig.sync_well();
      for (const auto pause : {minutes(1), minutes(20), minutes(20)}) {
        rig.clock.advance(pause);
        rig.sync_well();
        requests[history].push_back(sent(rig));
      }
    }
    for (const auto& each : requests) {
      const auto history = each.first;
      const auto& counts = each.second;
      CAPTURE(history);
      CHECK(counts.front() == 3);  // token, organisation, watermark
      for (std::size_t i = 0; i < counts.size(); ++i) CHECK(counts[i] <= requests[10][i] + 1);
      CHECK(counts.back() <= 10);
    }
  }

  TEST_CASE("a day already read costs what it holds: the hits known choose the call") {
    SyncRig rig(SyncRig::quiet(6, 90));
    rig.sync_well();
    rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
    rig.settings.only = {"conversations"};
    rig.sync_well();
    // Fewer than a hundred in a week: one page of the query.
    CHECK(rig.count(Method::post, "/details/query") == 2);
    CHECK(rig.count(Method::post, "/details/jobs") == 0);
  }
}
