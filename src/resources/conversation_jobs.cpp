#include <fmt/format.h>

#include <array>

#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "resources/conversations.hpp"
#include "resources/paging.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using http::Method;
using http::Request;

constexpr std::string_view kJobs = "/api/v2/analytics/conversations/details/jobs";

// A job or its results may be gone (404), or refuse a page size or a cursor (400).
constexpr std::array kAccepts{400, 404};

// No maximum is documented: 1000 is what connectors use, and what is refused falls to the next.
constexpr std::array kPageSizes{1000, 500, 100};

Request poll(std::string_view job) {
  return {Method::get, fmt::format("{}/{}", kJobs, job), {}, {}};
}

Request results(std::string_view job, int page_size, std::string_view cursor) {
  auto target = fmt::format("{}/{}/results?pageSize={}", kJobs, job, page_size);
  if (!cursor.empty()) target += "&cursor=" + http::percent_encode(cursor);
  return {Method::get, std::move(target), {}, {}};
}

Step lost(std::string why) {
  Step step;
  step.resubmit = true;
  step.problem = std::move(why);
  return step;
}

Step after_submit(const http::Response& got) {
  json::Document document;
  Step step;
  step.next = poll(http::percent_encode(document.parse(got.body)["jobId"].text()));
  step.is_pending = true;
  step.commit_first = true;
  return step;
}

Step after_poll(const model::Span& span, const Request& sent, std::string_view job,
                const http::Response& got) {
  json::Document document;
  const auto status = document.parse(got.body);
  const auto state = status["state"].text();
  Step step;
  if (state == "FULFILLED") {
    step.next = results(job, span.page_size, "");
  } else if (state == "QUEUED" || state == "PENDING") {
    step.next = sent;
    step.is_pending = true;
  } else {
    return lost(fmt::format("the job ended as {:.20}: {:.200}", state,
                            status["errorMessage"].text_or("no reason given")));
  }
  return step;
}

Step after_results(const model::Span& span, std::string_view job, const http::Response& got) {
  Step step;
  step.page = cut(got, "conversations", "conversationId");
  json::Document document;
  const auto envelope = document.parse(step.page.envelope);
  step.watermark = envelope["dataAvailabilityDate"].maybe_instant();
  if (const auto cursor = envelope["cursor"].text_or(""); !cursor.empty())
    step.next = results(job, span.page_size, cursor);
  return step;
}

/// A page size or a cursor was refused: the first page is asked for again in a smaller size, a lost
/// cursor loses the job.
Step after_refusal(const model::Span& span, const Request& sent, std::string_view job) {
  if (sent.target.find("&cursor=") == std::string::npos) {
    for (const int size : kPageSizes) {
      if (size >= span.page_size) continue;
      Step step;
      step.page_size = size;
      step.next = results(job, size, "");
      return step;
    }
  }
  return lost("the results of the job are refused");
}

Request first(const model::Span& span) {
  json::Writer w;
  w.begin_object().member("interval", base::to_iso(span.interval));
  w.member("order", "asc").member("orderBy", "conversationStart");
  w.member("startOfDayIntervalMatching", true).end_object();
  return {Method::post, std::string(kJobs), {}, w.str()};
}

Step step(const model::Span& span, const Request& sent, const http::Response& got) {
  if (got.status == 404) return lost("the service no longer knows the job");
  if (sent.method == Method::post) {
    return got.status == 400 ? lost("the service refuses the job") : after_submit(got);
  }
  const std::string_view rest = std::string_view(sent.target).substr(kJobs.size() + 1);
  const auto job = rest.substr(0, rest.find('/'));
  const bool is_poll = job.size() == rest.size();
  if (is_poll) {
    if (got.status == 400) return lost("the service does not tell the job's state");
    return after_poll(span, sent, job, got);
  }
  return got.status == 400 ? after_refusal(span, sent, job) : after_results(span, job, got);
}

}  // namespace

constinit const Resource kConversationJobsResource{
    .name = "conversations",
    .cadence = model::Cadence::windowed,
    .permission = "analytics:conversationDetail:view",
    .table = &kConversations,
    .array = "conversations",
    .first = first,
    .step = step,
    .rows = rows_of_conversation,
    .accepts = kAccepts,
};

}  // namespace csatdb::resources
