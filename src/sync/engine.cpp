#include "sync/engine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/service_error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "resources/catalogue.hpp"
#include "sync/plan.hpp"
#include "warehouse/chase.hpp"

namespace csatdb::sync {
namespace {

using base::Error;
using base::Fault;
using base::Instant;
using base::Millis;
using model::Cadence;

constexpr int kPagesPerCommit = 10;   // a commit per page costs a quarter more (performance.md 2.3)
constexpr Millis kCommitEvery{1000};  // so that readers see progress and a crash repeats little
constexpr Millis kIdleWait{1000};     // how long one wait lasts where nothing is due earlier
constexpr Millis kLongestJob = std::chrono::hours(1);
constexpr auto kInterrupted = "interrupted: what was stored is kept, and the next run goes on";
constexpr std::int64_t kEnoughToTellARate = 30;
constexpr int kMaxPages = 100'000;  // a series that does not end

bool accepts(const resources::Resource& resource, int status) {
  return (status >= 200 && status < 300) ||
         std::find(resource.accepts.begin(), resource.accepts.end(), status) !=
             resource.accepts.end();
}

/// What an answer says that the resource has no use for.
Error refused(const resources::Resource& resource, const http::Response& response) {
  if (response.status != 403)
    return {Fault::undecodable, fmt::format("{} cannot be read: the service answered {}",
                                            resource.name, api::describe_error(response))};
  return {Fault::denied,
          fmt::format(
              "{} cannot be read: {}{}", resource.name, api::describe_error(response),
              resource.permission.empty() ? "" : fmt::format(" (needs {})", resource.permission))};
}

/// Whether a fault is one scope's, and the others can go on.
bool is_of_scope(const Error& error) {
  return error.fault() == Fault::denied || error.fault() == Fault::unavailable ||
         error.fault() == Fault::undecodable;
}

}  // namespace

int Report::exit_code() const {
  if (ended_by && ended_by->fault() == Fault::interrupted)
    return base::exit_code(Fault::interrupted);
  if (ended_by && ended_by->fault() != Fault::gaps) return base::exit_code(ended_by->fault());
  if (gaps.empty()) return is_out_of_time ? base::exit_code(Fault::gaps) : 0;
  if (rows_seen == 0 && scopes_done == 0) return base::exit_code(gaps.front().fault);
  return base::exit_code(Fault::gaps);
}

Engine::Engine(warehouse::Warehouse& warehouse, api::Client& client, const base::Clock& clock,
               Progress& progress, Settings settings)
    : warehouse_(warehouse),
      ledger_(warehouse.ledger()),
      client_(client),
      clock_(clock),
      progress_(progress),
      settings_(std::move(settings)),
      intake_(warehouse, settings_.attributes, settings_.watch) {
  warehouse_.chase().set_horizon(settings_.horizon);
}

Report Engine::run() {
  began_ticks_ = committed_ticks_ = clock_.ticks();
  try {
    identify();
    for (;;) {
      if (queue_.empty() && is_plan_due_) plan();
      start_what_may();
      if (in_flight_.empty() && waiting_.empty()) break;
      for (auto& outcome : client_.wait(next_wait())) receive(std::move(outcome));
      commit_if_due();
      show();
      if (must_end()) break;
    }
    warehouse_.commit();
    if (base::stop::requested() && !busy_.empty())
      report_.ended_by = Error(Fault::interrupted, kInterrupted);
  } catch (const Error& error) {
    // What was stored before the fault is whole pages: keep it, unless it is the storage that
    // failed.
    if (error.fault() == Fault::storage || error.fault() == Fault::internal) {
      warehouse_.rollback();
      throw;
    }
    warehouse_.commit();
    report_.ended_by = error;
  }
  client_.abandon();
  progress_.finish();
  return report_;
}

bool Engine::must_end() const {
  return base::stop::requested() || report_.ended_by || report_.is_out_of_time;
}

http::Response Engine::ask(const http::Request& request) {
  const auto ticket = next_ticket_++;
  client_.start(ticket, request);
  for (;;) {
    for (auto& outcome : client_.wait(kIdleWait)) {
      if (outcome.ticket != ticket) {
        receive(std::move(outcome));
        continue;
      }
      if (outcome.error) throw *outcome.error;
      return std::move(outcome.response);
    }
    if (base::stop::requested()) throw Error(Fault::interrupted, kInterrupted);
    note_time();
    if (report_.is_out_of_time)
      throw Error(Fault::gaps, fmt::format("no answer yet to {}", request.target));
    show();
  }
}

void Engine::identify() {
  const auto response = ask({http::Method::get, "/api/v2/organizations/me", {}, {}});
  if (response.status != 200)
    throw Error(response.status == 403 ? Fault::denied : Fault::undecodable,
                "the organisation cannot be read: " + api::describe_error(response));
  json::Document document;
  const auto organization = document.parse(response.body);
  const std::string id(organization["id"].text());
  warehouse_.begin();
  if (const auto known = warehouse_.meta("organization_id"); known && *known != id)
    throw Error(
        Fault::usage,
        "the warehouse belongs to another organisation than these credentials: use one file "
        "per organisation (--db)");
  warehouse_.set_meta("organization_id", id);
  warehouse_.set_meta("organization_name", organization["name"].text_or(""));
}

/// Nothing if the service does not say: then there are no jobs, and the query reads everything.
std::optional<Instant> Engine::ask_watermark() try {
  const auto response =
      ask({http::Method::get, "/api/v2/analytics/conversations/details/jobs/availability", {}, {}});
  if (response.status != 200) return std::nullopt;
  json::Document document;
  return document.parse(response.body)["dataAvailabilityDate"].maybe_instant();
} catch (const Error& error) {
  if (!is_of_scope(error) || client_.is_closed()) throw;
  base::log::warning("conversations are read without jobs: {}", error.what());
  return std::nullopt;
}

void Engine::start_what_may() {
  const Millis now = clock_.ticks();
  for (std::size_t i = 0; i < waiting_.size();) {
    if (next_look(waiting_[i]) > now) {
      ++i;
      continue;
    }
    Series series = std::move(waiting_[i]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    start(std::move(series));
  }
  while (!queue_.empty() && in_flight_.size() < settings_.parallel && !must_end()) {
    Series series = std::move(queue_.front());
    queue_.pop_front();
    start(std::move(series));
  }
}

Series& Engine::start(Series series) {
  if (series.began == Instant{}) {
    series.began = client_.now();
    if (series.resource->cadence == Cadence::snapshot) {
      warehouse_.begin();
      warehouse_.begin_listing(*series.resource->table);
    }
  }
  const auto ticket = next_ticket_++;
  client_.start(ticket, series.next);
  return in_flight_.emplace(ticket, std::move(series)).first->second;
}

/// When a job is to be looked at, in clock ticks. A run that has nothing else to do does so early,
/// until it finds that this service's jobs take longer.
Millis Engine::next_look(const Series& series) const {
  constexpr Millis kEarly{250};
  const bool is_idle = queue_.empty() && in_flight_.empty();
  return series.looked_at + (is_idle && !are_jobs_slow_
                                 ? kEarly
                                 : poll_delay(series.looked_at - *series.pending_since));
}

Millis Engine::next_wait() const {
  Millis wait = kIdleWait;
  for (const auto& series : waiting_) wait = std::min(wait, next_look(series) - clock_.ticks());
  return std::max(wait, Millis{0});
}

void Engine::receive(api::Outcome outcome) {
  const auto node = in_flight_.extract(outcome.ticket);
  if (node.empty()) return;  // of a series that was abandoned
  const Series& series = node.mapped();
  try {
    if (outcome.error) {
      ++failures_in_a_row_;
      throw *outcome.error;
    }
    failures_in_a_row_ = 0;
    if (!accepts(*series.resource, outcome.response.status))
      throw refused(*series.resource, outcome.response);
    take(series, std::move(outcome.response));
  } catch (const Error& error) {
    if (!is_of_scope(error)) throw;
    fail(series, error);
  }
}

void Engine::take(Series series, http::Response response) {
  const Instant now = client_.now();
  resources::Step step = series.resource->step(series.span, series.next, response);
  if (step.resubmit) return resubmit(std::move(series), step.problem);
  if (step.watermark) {
    series.watermark = std::min(series.watermark.value_or(*step.watermark), *step.watermark);
    watermark_ = std::min(watermark_.value_or(*step.watermark), *step.watermark);
  }
  if (step.is_pending && !note_pending(series))
    return resubmit(std::move(series), "the job is not ready after an hour");
  if (step.page_size) {
    series.span.page_size = *step.page_size;
    warehouse_.begin();
    warehouse_.set_meta("job_page_size", std::to_string(*step.page_size));
  }
  note_page(series, step);
  series.elements += static_cast<std::int64_t>(step.page.elements.size());
  series.hits = step.total.value_or(series.elements);
  ++series.pages;
  warehouse_.begin();
  ++pages_since_commit_;
  Series* going_on = nullptr;  // the series, where it now is
  const bool is_replanned = step.next && replan(series, step);
  if (step.next && !is_replanned) going_on = &go_on(series, step, now);

  const std::string problem = store_elements(series, step, std::move(response.body));
  if (!problem.empty() && series.problem.empty()) {
    series.problem = problem;
    if (going_on != nullptr) {
      going_on->problem = problem;
      save(*going_on, now);
    }
  }
  series.missing = step.missing;
  if (!step.next) complete(series);
}

/// Notes that a job is not ready; false if it will not be.
bool Engine::note_pending(Series& series) {
  series.looked_at = clock_.ticks();
  if (series.pending_since)
    are_jobs_slow_ = true;
  else
    series.pending_since = series.looked_at;
  return series.looked_at - *series.pending_since <= kLongestJob;
}

/// A listing or a series of days whose page begins like the one before does not end by itself: the
/// service ignores which page was asked for.
void Engine::note_page(Series& series, const resources::Step& step) {
  const auto cadence = series.resource->cadence;
  if (step.page.elements.empty() || (cadence != Cadence::windowed && cadence != Cadence::snapshot))
    return;
  const auto first = step.page.elements.front().id;
  if (!first.empty() && first == series.page_begins)
    throw Error(Fault::undecodable,
                fmt::format("{}: the service sends the same page again", series.resource->name));
  series.page_begins = first;
}

bool Engine::replan(const Series& series, const resources::Step& step) {
  if (series.resource->cadence != Cadence::windowed || series.pages != 1 || !step.total ||
      !should_replan(series.span, *step.total, calls()))
    return false;
  const auto share = *step.total / static_cast<std::int64_t>(series.span.scopes.size());
  release(series);
  for (const auto& scope : series.span.scopes)
    ledger_.note_hits(series.resource->name, scope, std::max<std::int64_t>(share, 1));
  return true;
}

Series& Engine::go_on(Series series, const resources::Step& step, Instant now) {
  const bool is_same = to_text(*step.next) == to_text(series.next);
  if ((is_same && !step.is_pending) || series.pages > kMaxPages)
    throw Error(Fault::undecodable,
                fmt::format("{}: the service names the same page again", series.resource->name));
  series.next = *step.next;
  save(series, now);
  if (step.commit_first) {
    warehouse_.commit();
    warehouse_.begin();
  }
  if (step.is_pending) return waiting_.emplace_back(std::move(series));
  // The next page travels while this one is stored.
  return start(std::move(series));
}

std::string Engine::store_elements(const Series& series, const resources::Step& step,
                                   std::string body) {
  const auto& resource = *series.resource;
  const Instant now = client_.now();
  const std::string place = resource.array.empty() ? "$" : fmt::format("$.{}", resource.array);
  const bool is_job = series.span.via == model::Via::job;
  const auto as_of = is_job ? step.watermark : now;
  std::string problem;
  for (std::size_t i = 0; i < step.page.elements.size(); ++i) {
    const auto& element = step.page.elements[i];
    if (resource.cadence == Cadence::snapshot && !element.id.empty())
      warehouse_.list(*resource.table, element.id);
    try {
      intake_.add(resource,
                  {body.data() + element.begin, element.end - element.begin, element.id,
                   fmt::format("{}[{}]", place, i), element.begin, is_job, as_of, is_job},
                  now);
    } catch (const Error& error) {
      if (error.fault() != Fault::undecodable) throw;
      if (problem.empty()) problem = error.what();
    }
  }
  is_plan_due_ = intake_.flush(now).is_news || is_plan_due_;
  if (problem.empty() && resource.name == warehouse::kSurveys) {
    std::vector<std::string_view> ids;
    for (const auto& element : step.page.elements) ids.push_back(element.id);
    warehouse_.surveys_are(series.span.scopes.front(), ids, now);
  }
  report_.rows_seen = intake_.seen();
  report_.rows_changed = intake_.changed();
  return problem;
}

void Engine::save(const Series& series, Instant now) {
  if (series.resource->cadence == Cadence::snapshot || series.resource->cadence == Cadence::chase)
    return;  // short, or a listing that starts again from its first page
  Series saved = series;
  saved.saved = now;
  ledger_.save({std::string(series.resource->name), series.span.scopes.front(), to_text(saved),
                to_text(series.next)});
}

void Engine::commit_if_due() {
  const Millis now = clock_.ticks();
  if (pages_since_commit_ < kPagesPerCommit && now - committed_ticks_ < kCommitEvery &&
      !in_flight_.empty())
    return;
  warehouse_.commit();
  pages_since_commit_ = 0;
  committed_ticks_ = now;
  note_time();
}

void Engine::note_time() {
  if (settings_.max_time && clock_.ticks() - began_ticks_ >= *settings_.max_time)
    report_.is_out_of_time = true;
}

/// From what is known to be left and the rate so far; nothing while days are still being read,
/// which bring more to fetch.
std::optional<Millis> Engine::time_left() {
  const Millis now = clock_.ticks();
  if (now - left_at_ < kCommitEvery) return left_;
  left_at_ = now;
  left_.reset();
  const auto sent = static_cast<std::int64_t>(client_.stats().requests);
  if (is_busy(Cadence::windowed) || sent < kEnoughToTellARate) return left_;
  const auto surveys = ledger_.count_due(warehouse::kSurveys, client_.now());
  left_ = (now - began_ticks_) * std::max<std::int64_t>(surveys, 1) / sent;
  return left_;
}

void Engine::show() {
  Status status;
  if (!in_flight_.empty()) {
    const auto& newest = in_flight_.rbegin()->second;
    status.doing = fmt::format("{} {}", newest.resource->name, newest.span.scopes.front());
  }
  status.scopes_done = report_.scopes_done;
  status.scopes_left = static_cast<std::int64_t>(busy_.size());
  status.rows_seen = report_.rows_seen;
  status.rows_changed = report_.rows_changed;
  status.requests = client_.stats().requests;
  status.elapsed = clock_.ticks() - began_ticks_;
  status.hold = client_.hold();
  status.left = time_left();
  progress_.show(status);
}

}  // namespace csatdb::sync
