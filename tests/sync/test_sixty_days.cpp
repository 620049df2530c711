#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/sync_rig.hpp"
#include "sync/oracle.hpp"

using namespace csatdb;
using base::Instant;
using std::chrono::days;
using std::chrono::hours;
using support::Oracle;
using support::SyncRig;

namespace {

constexpr int kHistory =
    60;  // days before the first sync, so that answers come up to 100 days late
constexpr int kDays = 60;

sim::Organisation eventful() {
  auto o = SyncRig::quiet(kHistory, kHistory * 6);
  o.seed = 5;
  o.rates = {};
  o.rates.survey = 0.8;
  o.rates.evaluation = 0.1;
  o.rates.resolution = 0.1;
  o.rates.correction = 0.05;
  o.rates.latecomer = 0.02;
  o.rates.erasure = 0.02;
  o.rates.orphan = 0.01;
  o.rates.survey_deleted = 0.02;
  o.rates.late_invitation = 0.2;
  return o;
}

/// A sync every morning of sixty days; after each the warehouse equals what the service shows.
void live_through(const std::string& missing_permission) {
  auto options = SyncRig::unlimited();
  options.job_fails = 0.1;
  options.job_expires = 0.05;
  options.job_loses_cursor = 0.05;
  if (!missing_permission.empty()) options.missing_permissions = {missing_permission};
  SyncRig rig(eventful(), options);
  Oracle oracle(rig);
  int gaps = 0;
  for (int day = 0; day < kDays; ++day) {
    CAPTURE(day);
    rig.clock.set(SyncRig::kNow + days(day));
    const auto report = rig.sync();
    REQUIRE((report.exit_code() == 0 || report.exit_code() == 3));
    gaps += !report.gaps.empty();
    // Without aggregates the first search comes a day later: jobs are as old as their lake.
    const bool is_too_early = day == 0 && !missing_permission.empty();
    if (!report.gaps.empty() || is_too_early) continue;
    // A day's last rung is 96 hours after its end.
    const Oracle::Bounds bounds{rig.world.organisation().first_day,
                                SyncRig::today() + days(day - 5), missing_permission.empty()};
    const auto wrong = oracle.differences(bounds);
    for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 5); ++i) MESSAGE(wrong[i]);
    REQUIRE(wrong.empty());
  }
  CHECK(gaps <= 3);
}

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("sixty days of daily syncs: after each the warehouse equals what the service shows") {
    live_through("");
  }
  TEST_CASE("sixty days of daily syncs without survey aggregates: the same") {
    live_through("analytics:surveyAggregate:view");
  }
}
