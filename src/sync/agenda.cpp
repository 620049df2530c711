#include "sync/agenda.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "resources/catalogue.hpp"
#include "sync/intake.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using base::Millis;
using std::chrono::days;
using warehouse::Ledger;
using warehouse::Scope;

constexpr Millis kStandInEvery = std::chrono::hours(23);  // so that a daily run always finds it due

bool is_due(const Scope& scope, Instant now) { return scope.due && *scope.due <= now; }

/// The end of the UTC day that a scope names.
std::optional<Instant> end_of(const Scope& scope) {
  const auto day = base::parse_day(scope.scope);
  return day ? std::optional(Instant{*day + days(1)}) : std::nullopt;
}

}  // namespace

std::vector<Way> ways_of_storing(const Meta& meta, const Settings& settings) {
  std::vector<Way> ways;
  for (const auto* resource : resources::catalogue()) {
    const auto* table = resource->table;
    if (table == nullptr || table->name != resource->name) continue;
    const auto place = place_of_way(*table);
    ways.push_back(
        {resource, place, way_of_storing(*table, meta, settings.attributes), meta(place)});
  }
  return ways;
}

Day first_day(const Meta& meta, const Settings& settings, std::optional<Instant> floor,
              Instant now) {
  const auto stored = meta("since");
  const auto first = first_day(stored ? base::parse_day(*stored) : std::nullopt, settings.since,
                               settings.look_back, now);
  if (first > base::day_of(now))
    throw base::Error(base::Fault::usage,
                      fmt::format("since: {} lies ahead, and nothing would be fetched: name a day "
                                  "that was",
                                  base::to_date(first)));
  return floor ? std::max(first, base::day_of(*floor)) : first;
}

Calls calls(const Meta& meta, const Settings& settings, std::optional<Instant> watermark) {
  Calls calls{watermark, settings.via, !settings.attributes.empty()};
  if (const auto size = meta("job_page_size")) calls.job_page = std::stoll(*size);
  return calls;
}

void add_days(Ledger& ledger, std::string_view resource, Day first, Instant now) {
  for (Day day = first; Instant{day} + kBehindNow < now; day += days(1))
    ledger.add(resource, base::to_date(day), now, Instant{day}, now);
}

bool needs_watermark(Ledger& ledger, std::string_view resource, const Settings& settings,
                     Instant now) {
  const auto known = ledger.all(resource);
  return settings.via != model::Via::query && std::ranges::any_of(known, [&](const Scope& scope) {
           const auto end = end_of(scope);
           return end && *end <= now && (!scope.lake || is_due(scope, now));
         });
}

void note_watermark(Ledger& ledger, std::string_view resource, Instant watermark, Instant now) {
  for (const auto& scope : ledger.all(resource)) {
    const auto end = end_of(scope);
    if (end && *end <= std::min(watermark, now) && !scope.lake)
      ledger.note_lake(scope.scope, now, scope.began.has_value() && scope.due.has_value());
  }
}

std::vector<DueDay> due_days(Ledger& ledger, std::string_view resource, const Settings& settings,
                             Instant now) {
  std::vector<DueDay> due;
  for (const auto& scope : ledger.due(resource, now)) {
    const auto day = base::parse_day(scope.scope);
    if (day && (!settings.until || *day <= *settings.until)) due.push_back({*day, scope.hits});
  }
  return due;
}

void add_events(Ledger& ledger, const resources::Resource& resource, Instant now) {
  const bool stands_in = !resource.stands_in_for.empty();
  ledger.add(resource.name, "all", stands_in ? now + kStandInEvery : now, now, now);
}

model::Span span_of_events(warehouse::Ledger& ledger, const resources::Resource& resource,
                           const Scope& scope, const Settings& settings, Day first,
                           std::optional<Instant> watermark, Instant now) {
  constexpr std::int64_t kConversations = 20'000;  // a window's, as far as whole days allow
  model::Span span{{scope.scope}, {Instant{first}, now - kBehindNow}, model::Via::query};
  const auto a_day = std::max<std::int64_t>(ledger.hits_a_day("conversations"), 1);
  span.page_size = static_cast<int>(std::max<std::int64_t>(kConversations / a_day, 1));
  if (!resource.stands_in_for.empty()) {
    span.interval.begin = Instant{base::day_of(now - settings.horizon)};
    return span;
  }
  auto heard = scope.through;  // optional ones tell nothing of other days' conversations
  if (!heard && resource.is_optional) heard = watermark.value_or(now);
  if (heard) span.interval.begin = std::max(span.interval.begin, *heard - kEventLookBack);
  return span;
}

}  // namespace csatdb::sync
