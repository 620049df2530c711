#include "sync/plan.hpp"

#include <algorithm>
#include <array>

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using base::Millis;
using model::Span;
using model::Via;
using std::chrono::days;

constexpr std::array<Millis, 4> kLadder{std::chrono::minutes(15), std::chrono::hours(6),
                                        std::chrono::hours(72), std::chrono::hours(96)};

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

Instant end_of(Day day) { return Instant{day + days(1)}; }

std::optional<std::int64_t> sum(const std::vector<DueDay>& run) {
  std::int64_t total = 0;
  for (const auto& d : run) {
    if (!d.hits) return std::nullopt;
    total += *d.hits;
  }
  return total;
}

Span span_of(const std::vector<DueDay>& run, Instant now, Via via, std::int64_t page) {
  Span span;
  for (auto d = run.rbegin(); d != run.rend(); ++d) span.scopes.push_back(base::to_date(d->day));
  span.interval = interval_of(run.back().day, run.front().day, now);
  span.via = via;
  span.page_size = static_cast<int>(page);
  return span;
}

/// Newest first: at most 7 days and, as far as known, 10,000 hits each.
std::vector<std::vector<DueDay>> query_runs(const std::vector<DueDay>& run) {
  std::vector<std::vector<DueDay>> out;
  std::int64_t hits = 0;
  for (const auto& day : run) {
    const std::int64_t more = day.hits.value_or(0);
    if (out.empty() || out.back().size() == kQueryDays || hits + more > kDeepPaging) {
      out.emplace_back();
      hits = 0;
    }
    out.back().push_back(day);
    hits += more;
  }
  return out;
}

std::int64_t cost_by_query(const std::vector<DueDay>& run) {
  std::int64_t requests = 0;
  for (const auto& part : query_runs(run)) requests += query_requests(sum(part).value_or(0));
  return requests;
}

bool job_is_cheaper(const std::vector<DueDay>& run, std::int64_t page) {
  const auto hits = sum(run);
  // Unknown and short: the first page of a query tells, and `should_replan` decides again.
  if (!hits) return cost_by_query(run) > 1;
  const bool too_deep = std::any_of(
      run.begin(), run.end(), [](const DueDay& d) { return d.hits.value_or(0) > kDeepPaging; });
  return too_deep || job_requests(*hits, page) < cost_by_query(run);
}

bool is_job_allowed(Day day, const Calls& calls) {
  return calls.watermark && end_of(day) <= *calls.watermark && calls.forced != Via::query;
}

/// One run of consecutive days, newest first, all allowed to a job or all not.
void plan_run(const std::vector<DueDay>& run, Instant now, const Calls& calls,
              std::vector<Span>& out) {
  const auto query = [&](const std::vector<DueDay>& part) {
    for (const auto& q : query_runs(part)) out.push_back(span_of(q, now, Via::query, kQueryPage));
  };
  if (!is_job_allowed(run.front().day, calls)) {
    // Where a job is wanted, the days stay due until the watermark has passed them.
    if (calls.forced != Via::job) query(run);
    return;
  }
  for (std::size_t begin = 0; begin < run.size(); begin += kJobDays) {
    const auto end = std::min(run.size(), begin + kJobDays);
    const std::vector<DueDay> part(run.begin() + static_cast<std::ptrdiff_t>(begin),
                                   run.begin() + static_cast<std::ptrdiff_t>(end));
    if (calls.needs_jobs || calls.forced == Via::job || job_is_cheaper(part, calls.job_page)) {
      out.push_back(span_of(part, now, Via::job, calls.job_page));
    } else {
      query(part);
    }
  }
}

}  // namespace

std::optional<Instant> next_due(Day day, Instant began) {
  const Instant end = end_of(day);
  if (began < end && began + kOpenDayEvery < end) return began + kOpenDayEvery;
  for (const Millis rung : kLadder) {
    if (end + rung > began) return end + rung;
  }
  return std::nullopt;
}

Day first_day(std::optional<Day> known, std::optional<Day> since, std::optional<Millis> look_back,
              Instant now) {
  constexpr days kFirstLookBack{90};
  if (!since && look_back) since = base::day_of(now - *look_back);
  if (!since && !known) since = base::day_of(now) - kFirstLookBack;
  return std::min(known.value_or(Day::max()), since.value_or(Day::max()));
}

base::Interval interval_of(Day first, Day last, Instant now) {
  return {Instant{first}, std::min(end_of(last), now - kBehindNow)};
}

std::int64_t query_requests(std::int64_t hits) {
  return std::max<std::int64_t>(1, ceil_div(hits, kQueryPage));
}
std::int64_t job_requests(std::int64_t hits, std::int64_t page) { return 2 + ceil_div(hits, page); }

Millis poll_delay(Millis age) {
  constexpr std::array<Millis, 3> kLooks{Millis{2'000}, Millis{6'000}, Millis{14'000}};
  const auto* next = std::ranges::upper_bound(kLooks, age);
  return next == kLooks.end() ? Millis{15'000} : *next - age;
}

std::vector<Span> spans(std::vector<DueDay> due, Instant now, const Calls& calls) {
  std::sort(due.begin(), due.end(), [](const auto& a, const auto& b) { return a.day > b.day; });
  std::vector<Span> out;
  std::vector<DueDay> run;
  for (const auto& day : due) {
    if (!run.empty() && (run.back().day - days(1) != day.day ||
                         is_job_allowed(run.back().day, calls) != is_job_allowed(day.day, calls))) {
      plan_run(run, now, calls, out);
      run.clear();
    }
    run.push_back(day);
  }
  if (!run.empty()) plan_run(run, now, calls, out);
  return out;
}

bool should_replan(const Span& span, std::int64_t hits, const Calls& calls) {
  if (span.via == Via::job) return false;
  if (hits > kDeepPaging && span.scopes.size() > 1) return true;
  const auto last = base::parse_day(span.scopes.back());
  return last && is_job_allowed(*last, calls) &&
         query_requests(hits) - 1 > job_requests(hits, calls.job_page);
}

}  // namespace csatdb::sync
