#include <algorithm>

#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "resources/conversations.hpp"
#include "resources/tables.hpp"
#include "resources/paging.hpp"

// Where survey aggregates are not permitted: every conversation of the horizon that has a survey,
// by the details query's survey filter. Conversations that did not change cost nothing but their
// page.

namespace csatdb::resources {
namespace {

using std::chrono::days;

constexpr days kLongestInterval{31};          // with a filter (genesys-api.md 2)
constexpr std::int64_t kDeepPaging = 10'000;  // hits past which pages fail with 502
constexpr std::int64_t kPageSize = 100;

struct Asked {
  base::Interval interval;
  std::int64_t page;
};

http::Request ask(const Asked& asked) {
  json::Writer w;
  w.begin_object().member("interval", base::to_iso(asked.interval));
  w.member("order", "asc").member("orderBy", "conversationStart");
  w.key("surveyFilters").begin_array().begin_object().member("type", "and");
  w.key("predicates").begin_array().begin_object();
  w.member("type", "dimension").member("dimension", "surveyId").member("operator", "exists");
  w.end_object().end_array().end_object().end_array();
  w.key("paging").begin_object().member("pageSize", kPageSize).member("pageNumber", asked.page);
  w.end_object().end_object();
  return {http::Method::post, "/api/v2/analytics/conversations/details/query", {}, w.str()};
}

Asked read(const http::Request& sent) {
  json::Document document;
  const auto body = document.parse(sent.body);
  const auto interval = body["interval"].text();
  const auto slash = interval.find('/');
  return {{*base::parse_instant(interval.substr(0, slash)),
           *base::parse_instant(interval.substr(slash + 1))},
          body["paging"]["pageNumber"].integer()};
}

base::Interval window(const model::Span& span, base::Instant begin, base::Millis length) {
  return {begin, std::min(span.interval.end, begin + length)};
}

http::Request first(const model::Span& span) {
  return ask({window(span, span.interval.begin, kLongestInterval), 1});
}

Step step(const model::Span& span, const http::Request& sent, const http::Response& got) {
  const Asked asked = read(sent);
  Step step;
  step.page = cut(got, "conversations", "conversationId");
  json::Document document;
  const auto hits = document.parse(step.page.envelope)["totalHits"].integer_or(0);
  const auto length = asked.interval.end - asked.interval.begin;
  if (asked.page == 1 && hits > kDeepPaging && length > days(1)) {
    // Too many to page deeply: the same begin again with a shorter window.
    const auto share = std::max<std::int64_t>(1, length / days(1) * kDeepPaging / hits);
    step.next = ask({window(span, asked.interval.begin, days(share)), 1});
  } else if (!step.page.elements.empty() && asked.page * kPageSize < hits) {
    step.next = ask({asked.interval, asked.page + 1});
  } else if (asked.interval.end < span.interval.end) {
    step.next = ask({window(span, asked.interval.end, kLongestInterval), 1});
  }
  return step;
}

}  // namespace

constinit const Resource kSurveySearchResource{
    .name = "survey_search",
    .cadence = model::Cadence::events,
    .permission = "analytics:conversationDetail:view",
    .table = &kConversations,
    .array = "conversations",
    .first = first,
    .step = step,
    .rows = rows_of_conversation,
    .stands_in_for = "survey_events",
};

}  // namespace csatdb::resources
