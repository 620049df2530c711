#include <algorithm>
#include <functional>
#include <initializer_list>

#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "resources/paging.hpp"

// Aggregates are the only API that finds surveys, evaluations and resolutions by the time of their
// own events, whenever their conversation began (genesys-api.md 4.5). They yield hints of what to
// fetch, never rows.

namespace csatdb::resources {
namespace {

using Names = std::initializer_list<std::string_view>;

// No maximum is documented for aggregates; the details query allows this much.
constexpr std::chrono::days kLongestInterval{31};

http::Request ask(std::string_view target, const base::Interval& interval, Names groups,
                  Names metrics) {
  json::Writer w;
  w.begin_object().member("interval", base::to_iso(interval));
  w.key("groupBy").begin_array();
  for (const auto name : groups) w.text(name);
  w.end_array().key("metrics").begin_array();
  for (const auto name : metrics) w.text(name);
  w.end_array().member("alternateTimeDimension", "eventTime").end_object();
  return {http::Method::post, std::string(target), {}, w.str()};
}

/// The window that begins at `begin`.
base::Interval window(const model::Span& span, base::Instant begin) {
  const auto length = std::min(std::chrono::days(span.page_size), kLongestInterval);
  return {begin, std::min(span.interval.end, begin + length)};
}

http::Request ask_surveys(const base::Interval& interval) {
  // Every metric that a survey's life emits, so that each of its events forms a group.
  return ask("/api/v2/analytics/surveys/aggregates/query", interval,
             {"conversationId", "surveyId", "surveyStatus"},
             {"nSurveysSent", "nSurveysStarted", "nSurveyResponses", "nSurveyFullResponses",
              "nSurveyPartialResponses", "nSurveysAbandoned", "nSurveysExpired", "nSurveysDeleted",
              "nSurveyErrors", "oSurveyTotalScore"});
}

http::Request ask_evaluations(const base::Interval& interval) {
  return ask("/api/v2/analytics/evaluations/aggregates/query", interval,
             {"conversationId", "evaluationId"},
             {"nEvaluations", "nEvaluationsDeleted", "nEvaluationsRescored", "oTotalScore",
              "oTotalCriticalScore"});
}

http::Request ask_resolutions(const base::Interval& interval) {
  return ask("/api/v2/analytics/resolutions/aggregates/query", interval,
             {"conversationId", "userId"}, {"nNextContactAvoided"});
}

using Ask = http::Request (*)(const base::Interval&);

template <Ask kAsk>
http::Request first(const model::Span& span) {
  return kAsk(window(span, span.interval.begin));
}

/// The windows follow one another; where the last one ended stands in its request.
template <Ask kAsk>
Step step(const model::Span& span, const http::Request& sent, const http::Response& got) {
  Step step;
  step.page = cut(got, "results", "");
  json::Document document;
  const auto interval = document.parse(sent.body)["interval"].text();
  const auto end = base::parse_instant(interval.substr(interval.find('/') + 1));
  if (end && *end < span.interval.end) step.next = kAsk(window(span, *end));
  return step;
}

template <model::Hint::Kind kKind>
void rows(const json::Value& element, const Context&, model::Digest, model::Batch& batch) {
  const auto group = element["group"];
  model::Hint hint;
  hint.kind = kKind;
  hint.conversation_id = group["conversationId"].text_or("");
  hint.id = group[kKind == model::Hint::Kind::survey ? "surveyId" : "evaluationId"].text_or("");
  hint.status = group["surveyStatus"].text_or("");
  // The interval grows with every read; what counts is who and how much.
  std::string heard = group.dump();
  for (const auto& data : element["data"].elements()) {
    heard += data["metrics"].dump();
    for (const auto& metric : data["metrics"].elements()) {
      const auto name = metric["metric"].text_or("");
      hint.is_scored |= name == "oTotalScore";
      hint.is_rescored |= name == "nEvaluationsRescored";
      hint.is_deletion |= name == "nSurveysDeleted" || name == "nEvaluationsDeleted";
    }
  }
  hint.fingerprint = std::hash<std::string>{}(heard);
  if (!hint.conversation_id.empty()) batch.hints.push_back(std::move(hint));
}

}  // namespace

constinit const Resource kSurveyEventsResource{
    .name = "survey_events",
    .cadence = model::Cadence::events,
    .permission = "analytics:surveyAggregate:view",
    .table = nullptr,
    .array = "results",
    .first = first<ask_surveys>,
    .step = step<ask_surveys>,
    .rows = rows<model::Hint::Kind::survey>,
};

constinit const Resource kEvaluationEventsResource{
    .name = "evaluation_events",
    .cadence = model::Cadence::events,
    .permission = "analytics:evaluationAggregate:view",
    .table = nullptr,
    .array = "results",
    .first = first<ask_evaluations>,
    .step = step<ask_evaluations>,
    .rows = rows<model::Hint::Kind::evaluation>,
    .is_optional = true,
};

constinit const Resource kResolutionEventsResource{
    .name = "resolution_events",
    .cadence = model::Cadence::events,
    .permission = "analytics:resolutionAggregate:view",
    .table = nullptr,
    .array = "results",
    .first = first<ask_resolutions>,
    .step = step<ask_resolutions>,
    .rows = rows<model::Hint::Kind::resolution>,
    .is_optional = true,
};

}  // namespace csatdb::resources
