#include "resources/counts.hpp"

#include <algorithm>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "resources/paging.hpp"

namespace csatdb::resources {
namespace {

using http::Method;

constexpr std::string_view kDetails = "/api/v2/analytics/conversations/details";

void predicate(json::Writer& w, std::string_view filters, std::string_view dimension,
               std::string_view value) {
  w.key(filters).begin_array().begin_object().member("type", "and");
  w.key("predicates").begin_array().begin_object();
  w.member("type", "dimension").member("dimension", dimension);
  if (value.empty())
    w.member("operator", "exists");
  else
    w.member("operator", "matches").member("value", value);
  w.end_object().end_array().end_object().end_array();
}

void names(json::Writer& w, std::string_view key, std::initializer_list<std::string_view> values) {
  w.key(key).begin_array();
  for (const auto value : values) w.text(value);
  w.end_array();
}

/// Calls `visit(group, data)` for each bucket of each group of an aggregate.
template <class Visit>
void each_bucket(const http::Response& got, Visit visit) {
  json::Document document;
  for (auto results = document.parse(got.body)["results"].walk_elements(); results.next();) {
    const auto group = results.value()["group"];
    for (auto data = results.value()["data"].walk_elements(); data.next();)
      visit(group, data.value());
  }
}

base::Instant begin_of(const json::Value& data) {
  const auto interval = data["interval"].text();
  const auto begin = base::parse_instant(interval.substr(0, interval.find('/')));
  if (!begin) data["interval"].refuse("no interval");
  return *begin;
}

}  // namespace

http::Request details_page(const base::Interval& interval, std::int64_t page, int page_size,
                           const Counted& counted) {
  json::Writer w;
  w.begin_object().member("interval", base::to_iso(interval));
  w.member("order", "asc").member("orderBy", "conversationStart");
  if (!counted.survey_status.empty())
    predicate(w, "surveyFilters", "surveyStatus", counted.survey_status);
  if (!counted.division.empty())
    predicate(w, "conversationFilters", "divisionId", counted.division);
  else if (counted.is_long)
    predicate(w, "conversationFilters", "conversationId", "");
  w.key("paging").begin_object().member("pageSize", page_size).member("pageNumber", page);
  w.end_object().end_object();
  return {Method::post, std::string(kDetails) + "/query", {}, w.str()};
}

std::vector<http::Request> details_of_all(const std::vector<std::string>& ids) {
  const auto most = static_cast<std::ptrdiff_t>(kFollowUpsResource.scopes_per_request);
  std::vector<http::Request> requests;
  for (auto begin = ids.begin(); begin != ids.end();) {
    const auto end = begin + std::min(most, ids.end() - begin);
    requests.push_back(kFollowUpsResource.first({{begin, end}, {}, model::Via::query, 100}));
    begin = end;
  }
  return requests;
}

DetailsPage read_details(const http::Response& got) {
  require_success(kConversationsResource, got);
  const auto page = cut(got, "conversations", "conversationId");
  DetailsPage read;
  for (const auto& element : page.elements) read.ids.emplace_back(element.id);
  json::Document document;
  read.total = document.parse(page.envelope)["totalHits"].integer_or(
      static_cast<std::int64_t>(read.ids.size()));
  return read;
}

void read_records(const http::Response& got, const base::Zone& zone,
                  const std::function<void(const model::Batch&)>& take) {
  require_success(kConversationsResource, got);
  json::Document document;
  for (auto page = document.parse(got.body)["conversations"].walk_elements(); page.next();) {
    model::Batch batch;
    try {
      kConversationsResource.rows(page.value(), {&zone, {}, false}, {}, batch);
    } catch (const base::Error&) {
      continue;
    }
    take(batch);
  }
}

bool has_only(const http::Response& got, std::string_view division) {
  require_success(kConversationsResource, got);
  json::Document document;
  for (auto page = document.parse(got.body)["conversations"].walk_elements(); page.next();) {
    const auto divisions = page.value()["divisionIds"].elements();
    if (!divisions.empty() && std::ranges::all_of(divisions, [&](const json::Value& id) {
          return id.text() == division;
        }))
      return true;
  }
  return false;
}

std::set<std::string> read_named_surveys(const http::Response& got) {
  require_success(kConversationsResource, got);
  std::set<std::string> named;
  json::Document document;
  for (auto page = document.parse(got.body)["conversations"].walk_elements(); page.next();)
    for (const auto& survey : page.value()["surveys"].elements())
      named.emplace(survey["surveyId"].text_or(""));
  return named;
}

http::Request survey_states(const base::Interval& interval, SurveyTime time) {
  json::Writer w;
  w.begin_object().member("interval", base::to_iso(interval));
  w.member("granularity", "P1D").member("timeZone", "UTC");
  names(w, "groupBy", {"conversationId", "surveyId", "surveyStatus"});
  names(w, "metrics",
        {"nSurveysSent", "nSurveysStarted", "nSurveyResponses", "nSurveysAbandoned",
         "nSurveysExpired", "nSurveysDeleted", "nSurveyErrors", "oSurveyTotalScore"});
  w.member("alternateTimeDimension",
           time == SurveyTime::created ? "surveyCreatedDate" : "eventTime");
  w.end_object();
  return {Method::post, "/api/v2/analytics/surveys/aggregates/query", {}, w.str()};
}

std::vector<SurveyState> read_survey_states(const http::Response& got) {
  require_success(kSurveyEventsResource, got);
  std::vector<SurveyState> states;
  each_bucket(got, [&](const json::Value& group, const json::Value& data) {
    SurveyState state;
    state.survey_id = group["surveyId"].text_or("");
    state.conversation_id = group["conversationId"].text_or("");
    state.status = group["surveyStatus"].text_or("");
    state.day = base::day_of(begin_of(data));
    for (const auto& metric : data["metrics"].elements()) {
      const auto name = metric["metric"].text();
      const auto count = metric["stats"]["count"].integer_or(0);
      if (name == "nSurveysDeleted") state.is_deleted = count > 0;
      const auto sum = metric["stats"]["sum"].maybe_real();
      if (name == "oSurveyTotalScore" && sum && count > 0)
        state.score = *sum / static_cast<double>(count);
    }
    if (!state.survey_id.empty()) states.push_back(std::move(state));
  });
  return states;
}

http::Request queue_metrics(const base::Interval& interval, const std::string& zone) {
  json::Writer w;
  w.begin_object().member("interval", base::to_iso(interval));
  w.member("granularity", "P1D").member("timeZone", zone);
  names(w, "groupBy", {"queueId"});
  names(w, "metrics", {kOffered, kAnswered, kAbandoned, kHandled});
  w.end_object();
  return {Method::post, "/api/v2/analytics/conversations/aggregates/query", {}, w.str()};
}

std::vector<QueueMetric> read_queue_metrics(const http::Response& got) {
  require_success("conversation aggregates", "analytics:conversationAggregate:view", got);
  std::vector<QueueMetric> metrics;
  each_bucket(got, [&](const json::Value& group, const json::Value& data) {
    for (const auto& metric : data["metrics"].elements()) {
      const auto stats = metric["stats"];
      metrics.push_back({std::string(group["queueId"].text_or("")), begin_of(data),
                         std::string(metric["metric"].text()), stats["count"].integer_or(0),
                         stats["sum"].maybe_real().value_or(0)});
    }
  });
  return metrics;
}

}  // namespace csatdb::resources
