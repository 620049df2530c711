#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "resources/counts.hpp"
#include "sync/ask.hpp"
#include "sync/plan.hpp"
#include "sync/reconcile.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using std::chrono::days;
using warehouse::Statement;

constexpr days kAround{
    15};  // a division is looked for over 31 days, the most that may be asked for

using Ids = std::vector<std::string>;

Ids difference(const std::set<std::string>& from, const std::set<std::string>& less) {
  Ids rest;
  std::ranges::set_difference(from, less, std::back_inserter(rest));
  return rest;
}

}  // namespace

std::map<Day, std::int64_t> Reconciliation::stored_by_day() {
  std::map<Day, std::int64_t> counts;
  Statement rows(warehouse_.database(),
                 "SELECT i.utc_day, count(*) FROM interactions i JOIN conversations c USING "
                 "(conversation_key) WHERE i.started_ms >= ? AND i.started_ms < ? AND c.gone_ms IS "
                 "NULL GROUP BY i.utc_day");
  rows.with(base::to_ms(Instant{extent_.first}), base::to_ms(Instant{extent_.last + days(1)}));
  while (rows.step()) counts[Day{days{rows.integer(0)}}] = rows.integer(1);
  return counts;
}

void Reconciliation::compare_days() {
  auto stored = stored_by_day();
  std::vector<http::Request> requests;
  for (Day day = extent_.first; day <= extent_.last; day += days(1)) {
    DayComparison row;
    row.day = day;
    row.stored = stored[day];
    found_.days.push_back(std::move(row));
    requests.push_back(resources::details_page(interval_of(day, day, now_), 1, 1));
  }
  ask_each(client_, requests, [&](std::size_t place, const http::Response& response) {
    auto& row = found_.days[place];
    row.counted = resources::read_details(response).total;
    show(fmt::format("comparing {}", base::to_date(row.day)));
  });
  for (auto& row : found_.days) {
    if (row.stored == row.counted) continue;
    const auto& scope = scopes_.at(row.day);
    if (!scope.outcome.empty() && scope.outcome != "ok")
      row.cause = Cause::gap;
    else if (scope.due)
      row.cause = Cause::provisional;
    else
      look_into(row);
  }
}

void Reconciliation::remember_days() {
  warehouse_.begin();
  Statement keep(warehouse_.database(),
                 "INSERT OR REPLACE INTO sync_counts (utc_date, stored, counted, cause, "
                 "compared_ms) VALUES (?, ?, ?, ?, ?)");
  for (const auto& day : found_.days)
    keep.with(base::to_date(day.day), day.stored, day.counted, name(day.cause), base::to_ms(now_))
        .run();
}

void Reconciliation::look_into(DayComparison& day) {
  std::set<std::string> there, here;
  std::vector<http::Request> pages;
  const auto count = std::min(query_requests(day.counted), query_requests(kPagingCap));
  for (std::int64_t page = 1; page <= count; ++page)
    pages.push_back(resources::details_page(interval_of(day.day, day.day, now_), page,
                                            static_cast<int>(kQueryPage)));
  ask_each(client_, pages, [&](std::size_t, const http::Response& response) {
    for (auto& id : resources::read_details(response).ids) there.insert(std::move(id));
    show(fmt::format("looking into {}", base::to_date(day.day)));
  });
  Statement rows(warehouse_.database(),
                 "SELECT c.conversation_id FROM interactions i JOIN conversations c USING "
                 "(conversation_key) WHERE i.started_ms >= ? AND i.started_ms < ? AND c.gone_ms IS "
                 "NULL");
  rows.with(base::to_ms(Instant{day.day}), base::to_ms(Instant{day.day + days(1)}));
  while (rows.step()) here.emplace(rows.text(0));

  judge_missing(day, difference(there, here));
  judge_extra(day, difference(here, there));
  // The same conversations on both sides: the service's count was not exact.
  day.cause = day.conversations.empty() ? Cause::approximate : day.conversations.rbegin()->first;
}

void Reconciliation::judge_missing(DayComparison& day, const Ids& ids) {
  look_into_records(ids);
  for (const auto& id : ids)
    day.conversations[is_erased_here(id) ? Cause::pruned : Cause::missing].push_back(id);
}

void Reconciliation::judge_extra(DayComparison& day, const Ids& ids) {
  std::set<std::string> found;
  ask_each(client_, resources::details_of_all(ids),
           [&](std::size_t, const http::Response& response) {
             for (auto& id : resources::read_details(response).ids) found.insert(std::move(id));
           });
  for (const auto& id : ids) {
    if (found.contains(id)) {
      day.conversations[Cause::approximate].push_back(id);
    } else if (is_division_hidden(id, day.day)) {
      day.conversations[Cause::division].push_back(id);
    } else {
      day.conversations[Cause::erased].push_back(id);
      mark_gone(false, id);
    }
  }
}

bool Reconciliation::is_division_hidden(const std::string& conversation_id, Day day) {
  Statement rows(warehouse_.database(),
                 "SELECT d.division_id FROM conversations c JOIN conversation_divisions x USING "
                 "(conversation_key) JOIN divisions d USING (division_key) WHERE "
                 "c.conversation_id = ?");
  rows.with(conversation_id);
  Ids divisions;
  while (rows.step()) divisions.emplace_back(rows.text(0));
  const base::Interval around{Instant{day - kAround},
                              std::min(Instant{day + kAround + days(1)}, now_ - kBehindNow)};
  return !divisions.empty() && std::ranges::all_of(divisions, [&](const std::string& division) {
    const auto known = hidden_divisions_.find(division);
    if (known != hidden_divisions_.end()) return known->second;
    resources::Counted counted;
    counted.division = division;
    // One that belongs to others too is seen by whoever may see one of them.
    const auto page =
        ask(client_, resources::details_page(around, 1, static_cast<int>(kQueryPage), counted));
    return hidden_divisions_.emplace(division, !resources::has_only(page, division)).first->second;
  });
}

}  // namespace csatdb::sync
