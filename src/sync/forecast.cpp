#include "sync/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "json/reader.hpp"
#include "resources/catalogue.hpp"
#include "resources/counts.hpp"
#include "resources/paging.hpp"
#include "sync/agenda.hpp"
#include "sync/ask.hpp"
#include "warehouse/erased.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using model::Cadence;
using model::Via;
using resources::Resource;
using warehouse::Statement;

constexpr std::int64_t kPolls = 2;  // a job takes a few seconds (genesys-api.md 3.5)
constexpr int kSample = 25;         // conversations that tell the size of one
constexpr std::int64_t kSurveyBytes = 1500, kOtherBytes = 2000;  // compressed, as the samples are

// Follow-ups due of conversations that the due days do not bring anyway. Of those unknown here,
// only the ones asked for before: the days due may bring the others.
constexpr auto kFollowUpsDue = R"(
  SELECT count(*) FROM sync_scopes s LEFT JOIN conversations c ON c.conversation_id = s.scope
  WHERE s.resource = 'follow_ups' AND s.due_ms <= ?1 AND (c.payload_hash IS NOT NULL OR s.first_due_ms < ?1)
    AND NOT EXISTS (SELECT 1 FROM sync_scopes d WHERE d.resource = 'conversations' AND d.due_ms <= ?1
                    AND d.scope = date(c.started_ms / 1000, 'unixepoch')))";

// Conversations of an interval with answers that are stored.
constexpr auto kAnswersStored = R"(
  SELECT count(DISTINCT i.conversation_key) FROM interactions i JOIN survey_facts f USING (conversation_key)
    JOIN surveys s USING (survey_key)
  WHERE i.started_ms >= ? AND i.started_ms < ? AND f.status = 'Finished' AND s.payload_hash IS NOT NULL)";

std::int64_t pages(std::int64_t rows, std::int64_t size) {
  return std::max<std::int64_t>(1, (rows + size - 1) / size);
}

class Forecaster {
 public:
  Forecaster(warehouse::Scratch& scratch, api::Client& client, const Settings& settings)
      : scratch_(scratch), ledger_(scratch.ledger()), client_(client), settings_(settings) {}

  Forecast run();

 private:
  bool wants(std::string_view name) const;
  std::int64_t received(std::uint64_t before) const {
    return static_cast<std::int64_t>(client_.stats().bytes_received - before);
  }
  template <class... Values>
  std::int64_t number(std::string_view sql, const Values&... values);

  void reopen();
  void listing(const Resource& resource);
  void days_of(const Resource& resource);
  void note_watermark(const Resource& resource);
  std::int64_t span_requests(const model::Span& span, const Calls& calls);
  std::int64_t count(const model::Span& span);
  void events(const Resource& resource);
  void hear(const Resource& resource, const std::string& body, const json::Page& page);
  std::int64_t count_unheard_answers();
  void keys(const Resource& resource);
  void add(std::string_view resource, std::string what, std::int64_t scopes,
           std::int64_t requests) {
    found_.items.push_back({std::string(resource), std::move(what), scopes, requests});
    found_.requests += requests;
  }

  warehouse::Scratch& scratch_;
  warehouse::Ledger& ledger_;
  api::Client& client_;
  const Settings& settings_;
  const Meta meta_ = [this](std::string_view name) { return scratch_.meta(name); };
  Instant now_{};
  Day first_{};
  std::optional<Instant> watermark_;
  std::vector<model::Span> spans_;             // of due days
  std::set<std::string, std::less<>> denied_;  // resources
  std::int64_t unheard_answers_ = 0;           // conversations with some, where no event tells
  std::optional<double> conversation_bytes_;
  Forecast found_;
};

bool Forecaster::wants(std::string_view name) const {
  return settings_.only.empty() || std::ranges::find(settings_.only, name) != settings_.only.end();
}

template <class... Values>
std::int64_t Forecaster::number(std::string_view sql, const Values&... values) {
  Statement row(scratch_.database(), sql);
  row.with(values...).step();
  return row.integer(0);
}

Forecast Forecaster::run() {
  ask(client_, {http::Method::get, "/api/v2/organizations/me", {}, {}});  // and what time it is
  now_ = client_.now();
  first_ = first_day(meta_, settings_, warehouse::Erased(scratch_.database()).floor(), now_);
  add("token and organisation", "", 0, 2);
  reopen();
  for (const auto* resource : resources::catalogue()) {
    if (!wants(resource->name)) continue;
    switch (resource->cadence) {
      case Cadence::snapshot:
        listing(*resource);
        break;
      case Cadence::windowed:
        days_of(*resource);
        break;
      case Cadence::events:
        events(*resource);
        break;
      case Cadence::chase:
        keys(*resource);
        break;
    }
  }
  found_.bytes += found_.requests * kOtherBytes;
  return std::move(found_);
}

void Forecaster::reopen() {
  for (const auto& way : ways_of_storing(meta_, settings_)) {
    if (!way.is_other()) continue;
    if (way.resource->cadence == Cadence::chase)
      scratch_.chase().ask_again(now_);
    else
      ledger_.reopen(way.resource->name, now_);
  }
}

/// As large as it was, else as its first page says.
void Forecaster::listing(const Resource& resource) {
  ledger_.add(resource.name, "all", now_, now_, now_);
  const auto due = ledger_.due(resource.name, now_);
  if (due.empty()) return;
  const auto first = resource.first({{"all"}, {}, Via::query, 100});
  std::int64_t size = 0;
  const auto asked = resources::query_value(first.target, "pageSize");
  std::from_chars(asked.data(), asked.data() + asked.size(), size);
  if (size == 0) size = 100;
  auto hits = due.front().hits;
  if (!hits) {
    const auto before = client_.stats().bytes_received;
    const auto response = ask(client_, first);
    if (response.status == 403) return add(resource.name, "not permitted", 1, 1);
    const auto step = resource.step({{"all"}, {}, Via::query, 100}, first, response);
    hits = step.total.value_or(static_cast<std::int64_t>(step.page.elements.size()) *
                               (step.next ? 2 : 1));
    found_.bytes += received(before) * pages(*hits, size);
  }
  add(resource.name, "listing", 1, pages(*hits, size));
}

void Forecaster::note_watermark(const Resource& resource) {
  if (!needs_watermark(ledger_, resource.name, settings_, now_)) return;
  const auto response =
      ask(client_,
          {http::Method::get, "/api/v2/analytics/conversations/details/jobs/availability", {}, {}});
  add("availability", "how far jobs reach", 0, 1);
  json::Document document;
  if (response.status == 200)
    watermark_ = document.parse(response.body)["dataAvailabilityDate"].maybe_instant();
  if (watermark_) sync::note_watermark(ledger_, resource.name, *watermark_, now_);
}

void Forecaster::days_of(const Resource& resource) {
  add_days(ledger_, resource.name, first_, now_);
  note_watermark(resource);
  const auto allowed = calls(meta_, settings_, watermark_);
  spans_ = spans(due_days(ledger_, resource.name, settings_, now_), now_, allowed);
  for (const auto& span : spans_)
    add(resource.name,
        fmt::format("{} to {} by {}", span.scopes.front(), span.scopes.back(),
                    span.via == Via::job ? "job" : "query"),
        static_cast<std::int64_t>(span.scopes.size()), span_requests(span, allowed));
}

/// How many conversations the service has there.
std::int64_t Forecaster::count(const model::Span& span) {
  resources::Counted counted;
  counted.is_long = span.scopes.size() > static_cast<std::size_t>(kQueryDays);
  const auto before = client_.stats().bytes_received;
  const auto page = resources::read_details(
      ask(client_, resources::details_page(span.interval, 1, kSample, counted)));
  if (!page.ids.empty())
    conversation_bytes_ =
        static_cast<double>(received(before)) / static_cast<double>(page.ids.size());
  found_.bytes +=
      static_cast<std::int64_t>(static_cast<double>(page.total) * conversation_bytes_.value_or(0));
  return page.total;
}

std::int64_t Forecaster::span_requests(const model::Span& span, const Calls& calls) {
  const auto total = count(span);
  const auto by = [&](Via via, std::int64_t hits) {
    return via == Via::job ? job_requests(hits, calls.job_page) - 1 + kPolls : query_requests(hits);
  };
  if (!should_replan(span, total, calls)) return by(span.via, total);
  // Its first page tells the engine to think again.
  std::vector<DueDay> again;
  const auto share =
      std::max<std::int64_t>(1, total / static_cast<std::int64_t>(span.scopes.size()));
  for (const auto& scope : span.scopes) again.push_back({*base::parse_day(scope), share});
  std::int64_t requests = 1;
  for (const auto& part : spans(again, now_, calls))
    requests += by(part.via, share * static_cast<std::int64_t>(part.scopes.size()));
  return requests;
}

void Forecaster::events(const Resource& resource) {
  const bool stands_in = !resource.stands_in_for.empty();
  if (stands_in) {
    if (!denied_.contains(resource.stands_in_for)) return;
    unheard_answers_ = count_unheard_answers();
  }
  add_events(ledger_, resource, now_);
  const auto due = ledger_.due(resource.name, now_);
  if (due.empty()) return;
  const auto span =
      span_of_events(ledger_, resource, due.front(), settings_, first_, watermark_, now_);
  std::int64_t requests = 0;
  const auto before = client_.stats().bytes_received;
  for (auto next = std::optional(resource.first(span)); next; ++requests) {
    const auto response = ask(client_, *next);
    if (response.status == 403) {
      denied_.emplace(resource.name);
      return add(resource.name, "not permitted", 1, 1);
    }
    auto step = resource.step(span, *next, response);
    // What a stand-in brings is the conversations themselves.
    if (!stands_in) hear(resource, response.body, step.page);
    next = std::move(step.next);
  }
  found_.bytes += received(before);
  add(resource.name, stands_in ? "conversations with a survey" : "what happened since", 1,
      requests);
}

void Forecaster::hear(const Resource& resource, const std::string& body, const json::Page& page) {
  model::Batch batch;
  json::Document document;
  for (const auto& element : page.elements) {
    const auto value =
        document.parse(std::string_view(body).substr(element.begin, element.end - element.begin));
    resource.rows(value, {nullptr, {}, false}, {}, batch);
    for (const auto& hint : batch.hints) scratch_.chase().hear(hint, now_);
    batch.clear();
  }
}

/// Where survey events are not permitted, the answers of the due days by their number.
std::int64_t Forecaster::count_unheard_answers() {
  resources::Counted finished;
  finished.survey_status = "Finished";
  std::int64_t answers = 0;
  for (const auto& span : spans_) {
    const auto there = resources::read_details(
        ask(client_, resources::details_page(span.interval, 1, 1, finished)));
    answers += there.total - number(kAnswersStored, base::to_ms(span.interval.begin),
                                    base::to_ms(span.interval.end));
  }
  return std::max<std::int64_t>(0, answers);
}

/// Keys due in the ledger, with those that the events made due.
void Forecaster::keys(const Resource& resource) {
  const bool is_surveys = resource.name == warehouse::kSurveys;
  auto due = is_surveys ? ledger_.count_due(resource.name, now_)
                        : number(kFollowUpsDue, base::to_ms(now_));
  if (is_surveys) due += unheard_answers_;
  if (due == 0) return;
  add(resource.name, "conversations by id", due,
      pages(due, static_cast<std::int64_t>(resource.scopes_per_request)));
  found_.bytes += due * kSurveyBytes;
}

}  // namespace

Forecast forecast(warehouse::Scratch& scratch, api::Client& client, const Settings& settings) {
  return Forecaster(scratch, client, settings).run();
}

}  // namespace csatdb::sync
