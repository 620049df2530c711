#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "resources/catalogue.hpp"
#include "sync/agenda.hpp"
#include "sync/engine.hpp"
#include "sync/plan.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/erased.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using base::Millis;
using model::Cadence;

constexpr Millis kPageKeeps = std::chrono::hours(1);  // results shift under an older page number
constexpr std::int64_t kKeysAtOnce = 1000;  // chased keys planned in one go: bounds memory

}  // namespace

bool Engine::wants(std::string_view resource) const {
  if (denied_.contains(resource)) return false;
  return settings_.only.empty() ||
         std::find(settings_.only.begin(), settings_.only.end(), resource) != settings_.only.end();
}

bool Engine::is_covered(std::string_view resource, std::string_view scope) const {
  const std::pair<std::string, std::string> key(resource, scope);
  return busy_.contains(key) || tried_.contains(key);
}

void Engine::enqueue(Series series) {
  for (const auto& scope : series.span.scopes)
    busy_.insert({std::string(series.resource->name), scope});
  queue_.push_back(std::move(series));
}

void Engine::plan() {
  const Instant now = client_.now();
  warehouse_.begin();
  if (!is_resumed_) reopen(now);
  if (settings_.before_plan) settings_.before_plan(now);
  for (const auto* resource : resources::catalogue()) {
    if (!wants(resource->name)) continue;
    if (!is_resumed_) resume(*resource, now);
    switch (resource->cadence) {
      case Cadence::snapshot:
        plan_snapshot(*resource, now);
        break;
      case Cadence::windowed:
        plan_days(*resource, now);
        break;
      case Cadence::events:
        plan_events(*resource, now);
        break;
      case Cadence::chase:
        plan_keys(*resource, now);
        break;
    }
  }
  is_resumed_ = true;
  is_plan_due_ = false;
}

void Engine::reopen(Instant now) {
  for (const auto& way : ways_of_storing(meta_, settings_)) {
    if (way.before != way.now) warehouse_.set_meta(way.place, way.now);
    if (!way.is_other()) continue;
    const auto& resource = *way.resource;
    base::log::info("{}: stored in another way from now on, so all of it is read again",
                    resource.name);
    warehouse_.forget_payloads(*resource.table);
    if (resource.cadence == Cadence::chase) {
      warehouse_.chase().ask_again(now);
    } else {
      ledger_.reopen(resource.name, now);
    }
  }
}

void Engine::resume(const resources::Resource& resource, Instant now) {
  for (const auto& left : ledger_.unfinished(resource.name)) {
    Series series = series_of(resource, left.series, left.next_request);
    if (series.span.via == model::Via::query && now - series.saved > kPageKeeps) {
      ledger_.drop_series(resource.name, left.lead);
      continue;
    }
    series.resource = &resources::by_way(resource, series.span.via);
    base::log::info("{} {}: goes on where it was interrupted", resource.name, left.lead);
    enqueue(std::move(series));
  }
}

void Engine::plan_snapshot(const resources::Resource& resource, Instant now) {
  // Where keys alone are asked for, names wait until there is something that bears them.
  if (!settings_.keys.empty() && report_.rows_seen == 0) return;
  ledger_.add(resource.name, "all", now, now, now);
  for (const auto& scope : ledger_.due(resource.name, now)) {
    if (is_covered(resource.name, scope.scope)) continue;
    Series series;
    series.resource = &resource;
    series.span.scopes = {scope.scope};
    series.next = resource.first(series.span);
    enqueue(std::move(series));
  }
}

Day Engine::first_day(Instant now) {
  const auto first = sync::first_day(meta_, settings_, warehouse_.erased().floor(), now);
  const auto text = base::to_date(first);
  if (meta_("since") != text) warehouse_.set_meta("since", text);
  return first;
}

void Engine::plan_days(const resources::Resource& resource, Instant now) {
  if (!are_days_added_) {
    add_days(ledger_, resource.name, first_day(now), now);
    if (needs_watermark(ledger_, resource.name, settings_, now)) watermark_ = ask_watermark();
    if (watermark_) note_watermark(ledger_, resource.name, *watermark_, now);
    are_days_added_ = true;
  }
  auto due = due_days(ledger_, resource.name, settings_, now);
  std::erase_if(
      due, [&](const DueDay& day) { return is_covered(resource.name, base::to_date(day.day)); });
  for (auto& span : spans(std::move(due), now, calls())) {
    Series series;
    series.resource = &resources::by_way(resource, span.via);
    series.span = std::move(span);
    series.next = series.resource->first(series.span);
    enqueue(std::move(series));
  }
}

Calls Engine::calls() const {
  return sync::calls(meta_, settings_, are_jobs_lost_ ? std::nullopt : watermark_);
}

bool Engine::is_busy(Cadence cadence) const {
  return std::any_of(busy_.begin(), busy_.end(), [&](const auto& scope) {
    const auto* resource = resources::find(scope.first);
    return resource != nullptr && resource->cadence == cadence;
  });
}

void Engine::plan_events(const resources::Resource& resource, Instant now) {
  // What the days are about to bring is no news: events are heard when they are stored.
  if (is_busy(Cadence::windowed)) return;
  if (!resource.stands_in_for.empty() && !denied_.contains(resource.stands_in_for)) return;
  add_events(ledger_, resource, now);
  for (const auto& scope : ledger_.due(resource.name, now)) {
    if (is_covered(resource.name, scope.scope)) continue;
    Series series;
    series.resource = &resource;
    series.span =
        span_of_events(ledger_, resource, scope, settings_, first_day(now), watermark_, now);
    series.next = resource.first(series.span);
    enqueue(std::move(series));
  }
}

std::vector<warehouse::Scope> Engine::due_keys(std::string_view resource, Instant now) {
  const auto limit = kKeysAtOnce + static_cast<std::int64_t>(busy_.size() + tried_.size());
  if (settings_.keys.empty()) return ledger_.due(resource, now, limit);
  std::vector<warehouse::Scope> due;
  for (const auto& key : settings_.keys) {
    auto scope = ledger_.find(resource, key);
    if (scope && scope->due && *scope->due <= now) due.push_back(std::move(*scope));
  }
  return due;
}

void Engine::plan_keys(const resources::Resource& resource, Instant now) {
  // Keys that share a request wait until nothing adds more of them.
  const bool shares = resource.scopes_per_request > 1;
  if (shares && (is_busy(Cadence::windowed) || is_busy(Cadence::events))) return;
  Series series;
  series.resource = &resource;
  for (const auto& scope : due_keys(resource.name, now)) {
    if (is_covered(resource.name, scope.scope)) continue;
    series.span.scopes.push_back(scope.scope);
    if (series.span.scopes.size() < resource.scopes_per_request) continue;
    series.next = resource.first(series.span);
    enqueue(series);
    series.span.scopes.clear();
  }
  if (series.span.scopes.empty()) return;
  series.next = resource.first(series.span);
  enqueue(std::move(series));
}

}  // namespace csatdb::sync
