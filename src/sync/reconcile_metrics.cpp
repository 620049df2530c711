#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "resources/counts.hpp"
#include "sync/ask.hpp"
#include "sync/reconcile.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using std::chrono::days;

constexpr days kLongestQuery{31};

/// Queue, local date and metric.
using Place = std::tuple<std::string, std::string, std::string>;
struct Sum {
  std::int64_t count = 0;
  double ms = 0;
};

Day next(Day day) { return day + days(1); }

}  // namespace

struct Reconciliation::Sums {
  std::map<Place, Sum> by_place;
  std::set<std::string> open_queues;  ///< in which a conversation is still under way
};

/// What sessions emitted in the interval, in every queue that one of their segments names.
Reconciliation::Sums Reconciliation::stored_metrics(const base::Interval& interval) {
  Sums sums;
  warehouse::Statement rows(
      warehouse_.database(),
      "SELECT coalesce(q.queue_id, ''), m.emitted_ms, m.name, m.value "
      "FROM interactions i JOIN conversations c USING (conversation_key) "
      "JOIN session_metrics m USING (conversation_key) "
      "LEFT JOIN (SELECT DISTINCT conversation_key, participant_no, session_no, queue_key "
      "           FROM segments WHERE queue_key IS NOT NULL) s USING (conversation_key, "
      "           participant_no, session_no) "
      "LEFT JOIN queues q ON q.queue_key = s.queue_key "
      "WHERE i.started_ms < ?2 AND (i.ended_ms IS NULL OR i.ended_ms >= ?1 - 86400000) "
      "AND c.gone_ms IS NULL AND m.emitted_ms >= ?1 AND m.emitted_ms < ?2 "
      "AND m.name IN (?3, ?4, ?5, ?6)");
  rows.with(base::to_ms(interval.begin), base::to_ms(interval.end), resources::kOffered,
            resources::kAnswered, resources::kAbandoned, resources::kHandled);
  while (rows.step()) {
    const auto date = warehouse_.zone().local(base::from_ms(rows.integer(1))).date;
    const std::string metric(rows.text(2));
    auto& sum = sums.by_place[{std::string(rows.text(0)), date, metric}];
    const bool counts = metric.front() == 'n';
    sum.count += counts ? rows.integer(3) : 1;
    if (!counts) sum.ms += static_cast<double>(rows.integer(3));
  }
  warehouse::Statement open(warehouse_.database(),
                            "SELECT DISTINCT q.queue_id FROM interactions i JOIN segments s USING "
                            "(conversation_key) JOIN queues q ON q.queue_key = s.queue_key WHERE "
                            "i.ended_ms IS NULL AND i.started_ms < ?");
  open.with(base::to_ms(interval.end));
  while (open.step()) sums.open_queues.emplace(open.text(0));
  return sums;
}

void Reconciliation::compare_metrics() {
  const auto& zone = warehouse_.zone();
  // Local days that lie within the UTC days compared: a part of a day proves nothing.
  auto first = *base::parse_day(zone.local(Instant{extent_.first}).date);
  if (zone.start_of(base::to_date(first)) < Instant{extent_.first}) first = next(first);
  Day end = *base::parse_day(zone.local(std::min(Instant{next(extent_.last)}, now_)).date);
  std::vector<http::Request> requests;
  for (Day day = first; day < end; day += kLongestQuery)
    requests.push_back(
        resources::queue_metrics({zone.start_of(base::to_date(day)),
                                  zone.start_of(base::to_date(std::min(day + kLongestQuery, end)))},
                                 zone.name()));
  if (requests.empty()) return;

  std::map<Place, Sum> counted;
  try {
    ask_each(client_, requests, [&](std::size_t, const http::Response& response) {
      show("comparing queues");
      for (const auto& metric : resources::read_queue_metrics(response)) {
        auto& sum = counted[{metric.queue_id, zone.local(metric.bucket).date, metric.metric}];
        sum.count += metric.count;
        sum.ms += metric.sum_ms;
      }
    });
  } catch (const base::Error& error) {
    if (error.fault() != base::Fault::denied) throw;
    found_.not_compared.push_back(error.what());
    return;
  }
  auto stored =
      stored_metrics({zone.start_of(base::to_date(first)), zone.start_of(base::to_date(end))});
  for (const auto& [place, sum] : counted) stored.by_place.try_emplace(place);
  found_.metrics = static_cast<std::int64_t>(stored.by_place.size());
  for (const auto& [place, here] : stored.by_place) {
    const auto there = counted[place];
    const bool is_count = here.count != there.count;
    if (!is_count && std::abs(here.ms - there.ms) < 0.5) continue;
    const auto& [queue, date, metric] = place;
    const bool is_open = stored.open_queues.contains(queue);
    found_.metric_differences.push_back(
        {queue, date, metric + (is_count ? "" : " ms"),
         is_count ? static_cast<double>(here.count) : here.ms,
         is_count ? static_cast<double>(there.count) : there.ms,
         std::max(cause_of_date(date), is_open ? Cause::provisional : Cause::agrees)});
    auto& cause = found_.metric_differences.back().cause;
    if (cause == Cause::agrees) cause = Cause::missing;
  }
}

/// The gravest cause among the UTC days that a local date touches.
Cause Reconciliation::cause_of_date(const std::string& date) {
  const auto& zone = warehouse_.zone();
  const auto day = *base::parse_day(date);
  const base::Interval local{zone.start_of(date), zone.start_of(base::to_date(next(day)))};
  auto cause = Cause::agrees;
  for (const auto& row : found_.days) {
    if (Instant{next(row.day)} <= local.begin || Instant{row.day} >= local.end) continue;
    cause = std::max(cause, row.cause);
    if (scopes_.at(row.day).due) cause = std::max(cause, Cause::provisional);
  }
  // The warehouse has nothing that began before its first day.
  const auto since = warehouse_.meta("since");
  if (since && base::to_date(base::day_of(local.begin)) <= *since)
    cause = std::max(cause, Cause::edge);
  return cause;
}

}  // namespace csatdb::sync
