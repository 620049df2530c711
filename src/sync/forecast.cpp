#include "sync/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/error.hpp"
#include "json/reader.hpp"
#include "resources/catalogue.hpp"
#include "resources/counts.hpp"
#include "resources/paging.hpp"
#include "sync/ask.hpp"
#include "sync/intake.hpp"
#include "sync/plan.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/survey_status.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using model::Cadence;
using model::Via;
using resources::Resource;
using std::chrono::days;
using warehouse::Value;

constexpr std::int64_t kPolls = 2;  // a job takes a few seconds (genesys-api.md 3.5)
constexpr int kSample = 25;         // conversations that tell the size of one
constexpr std::int64_t kSurveyBytes = 1500, kOtherBytes = 2000;  // compressed, as the samples are

std::optional<std::int64_t> integer(const Value& value) {
  const auto* held = std::get_if<std::int64_t>(&value);
  return held != nullptr ? std::optional(*held) : std::nullopt;
}
std::string text(const Value& value) {
  const auto* held = std::get_if<std::string>(&value);
  return held != nullptr ? *held : std::string();
}
std::int64_t pages(std::int64_t rows, std::int64_t size) {
  return std::max<std::int64_t>(1, (rows + size - 1) / size);
}

/// A row of the ledger.
struct Known {
  std::optional<std::int64_t> due, through, lake, hits, began;
  std::string outcome;
};

class Forecaster {
 public:
  Forecaster(const warehouse::Reader* reader, api::Client& client, const Settings& settings)
      : reader_(reader), client_(client), settings_(settings) {}

  Forecast run();

 private:
  std::vector<std::vector<Value>> rows(std::string_view sql,
                                       const warehouse::Parameters& parameters = {}) const {
    if (reader_ == nullptr) return {};
    return std::move(reader_->run(sql, parameters).front().rows);
  }
  std::map<std::string, Known> ledger(const Resource& resource) const;
  bool is_reopened(const Resource& resource) const;
  std::optional<std::string> meta(std::string_view name) const;
  bool wants(std::string_view name) const;
  bool is_due(const Known& known) const { return known.due && *known.due <= base::to_ms(now_); }

  void listing(const Resource& resource);
  void days_of(const Resource& resource);
  std::vector<DueDay> due_days(const Resource& resource);
  std::int64_t span_requests(const model::Span& span, const Calls& calls);
  std::int64_t count(const model::Span& span);
  void events(const Resource& resource);
  void hear(const Resource& resource, const std::string& body, const json::Page& page);
  void weigh(const model::Hint& hint);
  void stand_in(const Resource& resource);
  std::int64_t stored_answers(const model::Span& span) const;
  void keys();
  void add(std::string_view resource, std::string what, std::size_t scopes, std::int64_t requests) {
    if (scopes == 0 && requests == 0) return;
    found_.items.push_back(
        {std::string(resource), std::move(what), static_cast<std::int64_t>(scopes), requests});
    found_.requests += requests;
  }

  const warehouse::Reader* reader_;
  api::Client& client_;
  const Settings& settings_;
  Instant now_{};
  Day first_{};
  std::optional<Instant> watermark_;
  std::vector<model::Span> spans_;              // of due days
  std::set<std::string> due_days_;              // as ledger scopes
  std::set<std::string> follow_ups_, surveys_;  // conversations to be read by their ids
  std::set<std::string, std::less<>> denied_;   // resources
  std::int64_t unheard_surveys_ = 0;            // conversations with answers, where no event tells
  std::optional<double> conversation_bytes_;
  Forecast found_;
};

/// The ledger's rows as the engine will find them (Engine::reopen).
std::map<std::string, Known> Forecaster::ledger(const Resource& resource) const {
  std::map<std::string, Known> known;
  for (const auto& row : rows("SELECT scope, due_ms, through_ms, lake_ms, hits, began_ms, outcome "
                              "FROM sync_scopes WHERE resource = :resource",
                              {{"resource", std::string(resource.name)}}))
    known[text(row[0])] = {integer(row[1]), integer(row[2]), integer(row[3]),
                           integer(row[4]), integer(row[5]), text(row[6])};
  if (!is_reopened(resource)) return known;
  for (auto& [scope, row] : known)
    if (row.began) row.due = base::to_ms(now_);
  return known;
}

/// Whether what is stored of it would be stored in another way now, so that it is read again.
bool Forecaster::is_reopened(const Resource& resource) const {
  const auto* table = resource.table;
  if (table == nullptr || table->name != resource.name) return false;
  const auto stored = meta(place_of_way(*table));
  const auto read = [&](std::string_view name) { return meta(name); };
  return stored && *stored != way_of_storing(*table, read, settings_.attributes);
}

std::optional<std::string> Forecaster::meta(std::string_view name) const {
  const auto found =
      rows("SELECT value FROM sync_meta WHERE key = :key", {{"key", std::string(name)}});
  return found.empty() ? std::nullopt : std::optional(text(found[0][0]));
}

bool Forecaster::wants(std::string_view name) const {
  return settings_.only.empty() || std::ranges::find(settings_.only, name) != settings_.only.end();
}

Forecast Forecaster::run() {
  ask(client_, {http::Method::get, "/api/v2/organizations/me", {}, {}});  // and what time it is
  now_ = client_.now();
  const auto since = meta("since");
  first_ = first_day(since ? base::parse_day(*since) : std::nullopt, settings_.since,
                     settings_.look_back, now_);
  const auto floor = rows("SELECT at_ms FROM sync_tombstones WHERE kind = 'before'");
  if (!floor.empty())
    first_ = std::max(first_, base::day_of(base::from_ms(integer(floor[0][0]).value_or(0))));
  add("token and organisation", "", 0, 2);
  for (const auto* resource : resources::catalogue()) {
    if (!wants(resource->name)) continue;
    if (resource->cadence == Cadence::snapshot) listing(*resource);
    if (resource->cadence == Cadence::windowed) days_of(*resource);
    if (resource->cadence == Cadence::events) events(*resource);
  }
  keys();
  found_.bytes += found_.requests * kOtherBytes;
  return std::move(found_);
}

/// As large as it was, else as its first page says.
void Forecaster::listing(const Resource& resource) {
  const auto known = ledger(resource);
  const auto all = known.find("all");
  if (all != known.end() && !is_due(all->second)) return;
  const auto first = resource.first({{"all"}, {}, Via::query, 100});
  std::int64_t size = 0;
  const auto asked = resources::query_value(first.target, "pageSize");
  std::from_chars(asked.data(), asked.data() + asked.size(), size);
  if (size == 0) size = 100;
  auto hits = all != known.end() ? all->second.hits : std::nullopt;
  if (!hits) {
    const auto before = client_.stats().bytes_received;
    const auto response = ask(client_, first);
    if (response.status == 403) return add(resource.name, "not permitted", 1, 1);
    const auto step = resource.step({{"all"}, {}, Via::query, 100}, first, response);
    hits = step.total.value_or(static_cast<std::int64_t>(step.page.elements.size()) *
                               (step.next ? 2 : 1));
    found_.bytes +=
        static_cast<std::int64_t>(client_.stats().bytes_received - before) * pages(*hits, size);
  }
  add(resource.name, "listing", 1, pages(*hits, size));
}

/// The days that would be due, and whether jobs would be thought of (which takes a request).
std::vector<DueDay> Forecaster::due_days(const Resource& resource) {
  auto known = ledger(resource);
  for (Day day = first_; Instant{day} + kBehindNow < now_; day += days(1)) {
    auto& scope = known[base::to_date(day)];
    if (!scope.due && !scope.through) scope.due = base::to_ms(now_);
  }
  const auto may_use_lake = [&](const Day day, const Known& scope) {
    return Instant{day + days(1)} <= now_ && (!scope.lake || is_due(scope));
  };
  if (settings_.via != Via::query && std::ranges::any_of(known, [&](const auto& scope) {
        const auto day = base::parse_day(scope.first);
        return day && may_use_lake(*day, scope.second);
      })) {
    const auto response = ask(
        client_,
        {http::Method::get, "/api/v2/analytics/conversations/details/jobs/availability", {}, {}});
    add("availability", "how far jobs reach", 0, 1);
    json::Document document;
    if (response.status == 200)
      watermark_ = document.parse(response.body)["dataAvailabilityDate"].maybe_instant();
  }
  std::vector<DueDay> due;
  for (const auto& [name, scope] : known) {
    const auto day = base::parse_day(name);
    if (!day || (settings_.until && *day > *settings_.until)) continue;
    // The watermark seen past its end for the first time makes a day due once more.
    const bool is_in_lake = watermark_ && !scope.lake && scope.began && scope.due &&
                            Instant{*day + days(1)} <= *watermark_;
    if (!is_due(scope) && !is_in_lake) continue;
    due.push_back({*day, scope.hits});
    due_days_.insert(name);
  }
  return due;
}

void Forecaster::days_of(const Resource& resource) {
  const auto due = due_days(resource);
  Calls calls{watermark_, settings_.via, !settings_.attributes.empty()};
  if (const auto size = meta("job_page_size")) calls.job_page = std::stoll(*size);
  spans_ = spans(due, now_, calls);
  for (const auto& span : spans_) {
    const auto requests = span_requests(span, calls);
    add(resource.name,
        fmt::format("{} to {} by {}", span.scopes.front(), span.scopes.back(),
                    span.via == Via::job ? "job" : "query"),
        span.scopes.size(), requests);
  }
}

/// How many conversations the service has there.
std::int64_t Forecaster::count(const model::Span& span) {
  resources::Counted counted;
  counted.is_long = span.scopes.size() > static_cast<std::size_t>(kQueryDays);
  const auto before = client_.stats().bytes_received;
  const auto page = resources::read_details(
      ask(client_, resources::details_page(span.interval, 1, kSample, counted)));
  if (!page.ids.empty())
    conversation_bytes_ = static_cast<double>(client_.stats().bytes_received - before) /
                          static_cast<double>(page.ids.size());
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
  if (!resource.stands_in_for.empty()) return stand_in(resource);
  const auto known = ledger(resource);
  const auto all = known.find("all");
  if (all != known.end() && !is_due(all->second)) return;
  // On its first run the days tell all of it.
  if (all == known.end() && resource.is_optional) return;
  model::Span span{{"all"}, {}, Via::query, 100};
  span.interval = {Instant{first_}, now_ - kBehindNow};
  if (all != known.end() && all->second.through)
    span.interval.begin =
        std::max(span.interval.begin, base::from_ms(*all->second.through) - kEventLookBack);
  std::int64_t requests = 0;
  const auto before = client_.stats().bytes_received;
  for (auto next = std::optional(resource.first(span)); next; ++requests) {
    const auto response = ask(client_, *next);
    if (response.status == 403) {
      denied_.emplace(resource.name);
      return add(resource.name, "not permitted", 1, 1);
    }
    auto step = resource.step(span, *next, response);
    hear(resource, response.body, step.page);
    next = std::move(step.next);
  }
  found_.bytes += static_cast<std::int64_t>(client_.stats().bytes_received - before);
  add(resource.name, "what happened since", 1, requests);
}

void Forecaster::hear(const Resource& resource, const std::string& body, const json::Page& page) {
  model::Batch batch;
  json::Document document;
  for (const auto& element : page.elements) {
    const auto value =
        document.parse(std::string_view(body).substr(element.begin, element.end - element.begin));
    resource.rows(value, {nullptr, {}, false}, {}, batch);
    for (const auto& hint : batch.hints) weigh(hint);
    batch.clear();
  }
}

/// What hearing of it would make due (warehouse/chase.hpp). Records that the due days bring anyway
/// are not asked for by their ids.
void Forecaster::weigh(const model::Hint& hint) {
  const auto status = warehouse::canonical_status(hint.status);
  const bool is_survey = hint.kind == model::Hint::Kind::survey;
  const bool may_have_answers = is_survey && (status == "Finished" || status.empty());
  const auto found = rows(
      "SELECT h.fingerprint, c.payload_hash IS NOT NULL, date(c.started_ms / 1000, 'unixepoch'), "
      "(SELECT max(r.status) FROM conversation_surveys r JOIN surveys s USING (survey_key) WHERE "
      " r.conversation_key = c.conversation_key AND s.survey_id = :id), "
      "EXISTS (SELECT 1 FROM surveys s JOIN survey_facts f USING (survey_key) WHERE s.survey_id = "
      " :id AND s.payload_hash IS NOT NULL AND f.status = 'Finished'), "
      "EXISTS (SELECT 1 FROM evaluations e WHERE e.conversation_key = c.conversation_key AND "
      " e.evaluation_id = :id), "
      "EXISTS (SELECT 1 FROM resolutions e WHERE e.conversation_key = c.conversation_key) "
      "FROM (SELECT 1) LEFT JOIN sync_heard h ON h.kind = :kind AND h.key = :key "
      "LEFT JOIN conversations c ON c.conversation_id = :conversation",
      {{"id", hint.id},
       {"kind", static_cast<std::int64_t>(hint.kind)},
       {"key", fmt::format("{}/{}/{}", hint.conversation_id, hint.id, hint.status)},
       {"conversation", hint.conversation_id}});
  if (found.empty()) {  // no warehouse yet
    if (may_have_answers) surveys_.insert(hint.conversation_id);
    return;
  }
  const auto& row = found.front();
  const auto heard = integer(row[0]);
  if (heard == static_cast<std::int64_t>(hint.fingerprint)) return;
  const auto is_true = [&](std::size_t i) { return integer(row[i]).value_or(0) != 0; };
  if (may_have_answers && !is_true(4)) surveys_.insert(hint.conversation_id);
  if (!is_true(1) || due_days_.contains(text(row[2]))) return;
  bool is_behind = heard.has_value();
  if (is_survey) {
    const auto stated = warehouse::canonical_status(text(row[3]));
    is_behind = is_behind || stated.empty() || warehouse::merged_status(stated, status) != stated;
  } else {
    is_behind = is_behind || !is_true(hint.kind == model::Hint::Kind::evaluation ? 5 : 6);
  }
  if (is_behind) follow_ups_.insert(hint.conversation_id);
}

/// Where survey events are not permitted: the conversations with a survey over the whole horizon,
/// and the answers of the due days by their number.
void Forecaster::stand_in(const Resource& resource) {
  if (!denied_.contains(resource.stands_in_for)) return;
  resources::Counted finished;
  finished.survey_status = "Finished";
  for (const auto& span : spans_) {
    const auto there = resources::read_details(
        ask(client_, resources::details_page(span.interval, 1, 1, finished)));
    unheard_surveys_ += there.total - stored_answers(span);
  }
  const auto known = ledger(resource);
  const auto all = known.find("all");
  if (all == known.end() || !is_due(all->second)) return;
  model::Span whole{{"all"}, {}, Via::query, 100};
  whole.interval = {Instant{base::day_of(now_ - settings_.horizon)}, now_ - kBehindNow};
  std::int64_t requests = 0;
  for (auto next = std::optional(resource.first(whole)); next; ++requests)
    next = resource.step(whole, *next, ask(client_, *next)).next;
  add(resource.name, "conversations with a survey", 1, requests);
}

std::int64_t Forecaster::stored_answers(const model::Span& span) const {
  const auto found = rows(
      "SELECT count(DISTINCT i.conversation_key) FROM interactions i JOIN survey_facts f USING "
      "(conversation_key) JOIN surveys s USING (survey_key) WHERE i.started_ms >= :begin AND "
      "i.started_ms < :end AND f.status = 'Finished' AND s.payload_hash IS NOT NULL",
      {{"begin", base::to_ms(span.interval.begin)}, {"end", base::to_ms(span.interval.end)}});
  return found.empty() ? 0 : integer(found[0][0]).value_or(0);
}

/// Keys due in the ledger, and those that the events make due.
void Forecaster::keys() {
  for (const auto* resource : resources::catalogue()) {
    if (resource->cadence != Cadence::chase || !wants(resource->name)) continue;
    const bool is_surveys = resource->name == warehouse::kSurveys;
    auto& due = is_surveys ? surveys_ : follow_ups_;
    for (const auto& row :
         rows("SELECT scope FROM sync_scopes WHERE resource = :resource AND due_ms <= :now",
              {{"resource", std::string(resource->name)}, {"now", base::to_ms(now_)}}))
      due.insert(text(row[0]));
    if (is_surveys && is_reopened(*resource))
      for (const auto& row : rows("SELECT DISTINCT c.conversation_id FROM surveys s JOIN "
                                  "conversations c USING (conversation_key) WHERE s.payload_hash "
                                  "IS NOT NULL"))
        due.insert(text(row[0]));
    const auto count =
        due.size() +
        static_cast<std::size_t>(is_surveys ? std::max<std::int64_t>(0, unheard_surveys_) : 0);
    if (count == 0) continue;
    const auto size = resource->scopes_per_request;
    add(resource->name, "conversations by id", count,
        static_cast<std::int64_t>((count + size - 1) / size));
    found_.bytes += static_cast<std::int64_t>(count) * kSurveyBytes;
  }
}

}  // namespace

Forecast forecast(const warehouse::Reader* reader, api::Client& client, const Settings& settings) {
  return Forecaster(reader, client, settings).run();
}

}  // namespace csatdb::sync
