#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "resources/catalogue.hpp"
#include "sync/engine.hpp"
#include "sync/plan.hpp"
#include "warehouse/chase.hpp"

// How a request series comes to its end: complete, failed, or begun again.

namespace csatdb::sync {
namespace {

using base::Error;
using base::Fault;
using base::Instant;
using base::Millis;
using model::Cadence;

constexpr int kMaxResubmits = 3;
constexpr int kMaxFailuresInARow = 5;                     // then the service is taken to be down
constexpr Millis kListingEvery = std::chrono::hours(23);  // so that a daily run always finds it due

bool is_past_the_cap(const Series& series) {
  return series.resource->cadence == Cadence::windowed && series.span.via == model::Via::query &&
         series.hits > kPagingCap;
}

}  // namespace

void Engine::complete(const Series& series) {
  if (!series.problem.empty()) return fail(series, Error(Fault::undecodable, series.problem));
  if (is_past_the_cap(series))
    return fail(series, Error(Fault::gaps,
                              "more conversations than paging reaches: the rest waits "
                              "for a job"));
  const Instant now = client_.now();
  const auto& resource = *series.resource;
  const std::string name(resource.name);
  is_plan_due_ = true;
  for (const auto& scope : series.span.scopes) {
    ++report_.scopes_done;
    busy_.erase({name, scope});
    switch (resource.cadence) {
      case Cadence::windowed:
        complete_day(series, scope, now);
        break;
      case Cadence::chase:
        complete_key(series, scope, now);
        break;
      case Cadence::snapshot:
        warehouse_.end_listing(*resource.table, series.began);
        [[fallthrough]];
      case Cadence::events:
        complete_all(series, now);
        break;
    }
  }
  if (resource.cadence == Cadence::windowed) {
    ledger_.drop_series(name, series.span.scopes.front());
    ledger_.refresh_days(name);
  }
}

void Engine::complete_all(const Series& series, Instant now) {
  const auto& resource = *series.resource;
  const std::string name(resource.name);
  const bool is_events = resource.cadence == Cadence::events;
  warehouse::Scope done{name, series.span.scopes.front()};
  done.began = series.began;
  done.ended = now;
  done.through = is_events ? series.span.interval.end : series.began;
  done.hits = series.hits;
  const bool is_often = is_events && resource.stands_in_for.empty();
  ledger_.complete(done, series.began + (is_often ? kOpenDayEvery : kListingEvery));
  ledger_.refresh(name, *done.through, done.through);
  if (is_events) warehouse_.chase().forget_before(*done.through - kEventLookBack);
}

void Engine::complete_key(const Series& series, const std::string& scope, Instant now) {
  const auto& resource = *series.resource;
  const bool is_found =
      std::find(series.missing.begin(), series.missing.end(), scope) == series.missing.end();
  if (!is_found) {
    base::log::info("{} {}: the service does not know it", resource.name, scope);
    if (resource.name == warehouse::kFollowUps) warehouse_.conversation_gone(scope, now);
  }
  // The store has removed keys that are final; what is left is read again later.
  if (warehouse_.chase().read_again(resource.name, scope, is_found, now))
    tried_.insert({std::string(resource.name), scope});
}

void Engine::complete_day(const Series& series, const std::string& scope, Instant now) {
  const std::string name(series.resource->name);
  const base::Day day = *base::parse_day(scope);
  const Instant end = Instant{day + std::chrono::days(1)};
  const Instant through = std::min({end, series.span.interval.end, series.watermark.value_or(end)});
  // A job was silently short past its watermark: the day stays due.
  if (through < end && series.span.via == model::Via::job) return;
  warehouse::Scope done{name, scope};
  done.began = series.began;
  done.ended = now;
  done.through = through;
  done.hits = series.hits / static_cast<std::int64_t>(series.span.scopes.size());
  const auto next = next_due(day, series.began);
  ledger_.complete(done, next);
  warehouse_.settle_day(day, !next.has_value());
}

void Engine::fail(const Series& series, const Error& error) {
  const std::string name(series.resource->name);
  warehouse_.begin();
  release(series);
  for (const auto& scope : series.span.scopes) {
    ledger_.fail(name, scope, base::name(error.fault()), error.what());
    tried_.insert({name, scope});
  }
  if (series.resource->cadence == Cadence::windowed) ledger_.refresh_days(name);
  if (error.fault() == Fault::denied && !deny(*series.resource, error)) return;
  base::log::warning("{} {}: {}", name, series.span.scopes.front(), error.what());
  report_.gaps.push_back({name, series.span.scopes.front(), error.fault(), error.what()});
  if (client_.is_closed()) {
    report_.ended_by = error;
  } else if (failures_in_a_row_ >= kMaxFailuresInARow) {
    report_.ended_by =
        Error(Fault::unavailable, fmt::format("the service does not answer: {}", error.what()));
  }
}

bool Engine::deny(const resources::Resource& resource, const Error& error) {
  // One gap names the permission; the resource's other scopes would say the same.
  if (!denied_.emplace(resource.name).second) return false;
  const auto is_of_it = [&](const Series& s) { return s.resource->name == resource.name; };
  std::vector<Series> others;
  std::copy_if(queue_.begin(), queue_.end(), std::back_inserter(others), is_of_it);
  std::copy_if(waiting_.begin(), waiting_.end(), std::back_inserter(others), is_of_it);
  for (const auto& other : others) release(other);
  if (!resources::is_dispensable(resource)) return true;
  base::log::info("{}; the sync does without", error.what());
  return false;
}

void Engine::resubmit(Series series, const std::string& why) {
  const auto& lead = series.span.scopes.front();
  if (++series.resubmits > kMaxResubmits) {
    const auto given_up = fmt::format("given up after {} tries: {}", series.resubmits, why);
    if (settings_.via == model::Via::job || calls().needs_jobs)
      throw Error(Fault::unavailable, given_up);
    // The query knows the same conversations, at the price of more requests.
    base::log::warning("{} {}: {}; the sync does without jobs", series.resource->name, lead,
                       given_up);
    are_jobs_lost_ = true;
    warehouse_.begin();
    return release(series);
  }
  base::log::warning("{} {}: {}; asking again", series.resource->name, lead, why);
  series.next = series.resource->first(series.span);
  series.began = client_.now();
  series.watermark.reset();
  series.problem.clear();
  series.elements = series.hits = series.pages = 0;
  series.pending_since.reset();
  series.page_begins.clear();
  warehouse_.begin();
  save(series, client_.now());
  start(std::move(series));
}

void Engine::release(const Series& series) {
  const auto is_it = [&](const Series& other) {
    return other.resource->name == series.resource->name &&
           other.span.scopes.front() == series.span.scopes.front();
  };
  std::erase_if(queue_, is_it);
  std::erase_if(waiting_, is_it);
  std::erase_if(in_flight_, [&](const auto& flight) { return is_it(flight.second); });
  ledger_.drop_series(series.resource->name, series.span.scopes.front());
  for (const auto& scope : series.span.scopes)
    busy_.erase({std::string(series.resource->name), scope});
  is_plan_due_ = true;
}

}  // namespace csatdb::sync
