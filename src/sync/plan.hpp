#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "model/scope.hpp"

namespace csatdb::sync {

// Limits of the service (genesys-api.md 2 and 3.5) and what follows from them.
inline constexpr std::int64_t kQueryPage = 100;      ///< conversations per details-query page
inline constexpr std::int64_t kJobPage = 1000;       ///< conversations per job-results page
inline constexpr int kQueryDays = 7;                 ///< longest interval of an unfiltered query
inline constexpr int kJobDays = 31;                  ///< longest interval we ask of a job
inline constexpr std::int64_t kDeepPaging = 10'000;  ///< hits past which pages fail with 502
inline constexpr std::int64_t kPagingCap = 100'000;  ///< hits that paging reaches at all
inline constexpr std::chrono::days kEventLookBack{15};  ///< events may be emitted late (genesys-api.md 4.5)
inline constexpr base::Millis kOpenDayEvery = std::chrono::minutes(15);
inline constexpr base::Millis kBehindNow =
    std::chrono::minutes(1);  ///< the newest minute is still moving

/// A UTC day as the planner sees it.
struct DueDay {
  base::Day day;
  std::optional<std::int64_t> hits;  ///< conversations the service counted last time
};

/// When a day read completely from `began` on is due again; nothing: it is settled. A closed day is
/// read at its end + 15 min,
/// + 6 h, + 72 h and + 96 h, because the service corrects data overnight up to the third day
/// (genesys-api.md 3.4); the open day every 15 minutes.
std::optional<base::Instant> next_due(base::Day day, base::Instant began);

/// The first day to read: the one wanted (a day, or so long before now), 90 days back on a first
/// run; never later than the one known from before, since what is stored stays.
base::Day first_day(std::optional<base::Day> known, std::optional<base::Day> since,
                    std::optional<base::Millis> look_back, base::Instant now);

/// What to ask for of a span of days: ends a minute before now where it reaches into the open day.
base::Interval interval_of(base::Day first, base::Day last, base::Instant now);

/// Which calls may read conversations, and what they take.
struct Calls {
  std::optional<base::Instant> watermark;  ///< jobs only for days that end before it; nothing: no jobs
  std::optional<model::Via> forced;        ///< one kind of call only
  bool needs_jobs = false;  ///< where jobs are allowed they are needed: only they bring attributes
  std::int64_t job_page = kJobPage;  ///< conversations per page of job results
};

/// Requests it takes to read so many conversations.
std::int64_t query_requests(std::int64_t hits);
/// Submit, one poll, the pages.
std::int64_t job_requests(std::int64_t hits, std::int64_t page = kJobPage);

/// How long to wait before looking again at a job that was not ready at this age. It takes a few
/// seconds and up (genesys-api.md 3.5): looked at when 2, 6 and 14 seconds old, then every 15.
base::Millis poll_delay(base::Millis age);

/// Cuts due days (in any order) into request series, newest first: consecutive days together, each
/// series by the call that costs fewer requests.
std::vector<model::Span> spans(std::vector<DueDay> days, base::Instant now, const Calls& calls);

/// Whether a query series over this span should be given up for another plan, now that its hits are
/// known: a job is cheaper for what is left, or several days together exceed what can be paged
/// deeply.
bool should_replan(const model::Span& span, std::int64_t hits, const Calls& calls);

}  // namespace csatdb::sync
