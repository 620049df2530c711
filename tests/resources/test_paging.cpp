#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "json/reader.hpp"
#include "resources/catalogue.hpp"
#include "resources/paging.hpp"

namespace csatdb::tests {
namespace {

using resources::kConversationsResource;
using resources::kQueuesResource;
using resources::kSurveysResource;
using resources::kTeamsResource;
using resources::Resource;
using resources::Step;

const model::Span kAll{.scopes = {"all"}};

http::Response answer(std::string body, int status = 200) {
  http::Response got;
  got.status = status;
  got.body = std::move(body);
  return got;
}

std::string entities(int count, const std::string& beside) {
  std::string list;
  for (int i = 0; i < count; ++i)
    list += fmt::format("{}{{\"id\": \"q{}\"}}", i == 0 ? "" : ",", i);
  return fmt::format(R"({{"entities": [{}]{}}})", list, beside);
}

void refused(const Resource& resource, const http::Request& sent, const http::Response& got,
             base::Fault fault, const std::string& part) {
  try {
    resource.step(kAll, sent, got);
    FAIL_CHECK("it was taken");
  } catch (const base::Error& error) {
    CHECK(error.fault() == fault);
    CHECK(std::string(error.what()).find(part) != std::string::npos);
  }
}

TEST_SUITE("resources") {
  TEST_CASE("a listing is asked for page by page and ends with its page count") {
    const auto first = kQueuesResource.first(kAll);
    CHECK(first.target == "/api/v2/routing/queues?pageSize=500&pageNumber=1");
    const auto page = answer(entities(2, R"(, "pageNumber": 1, "pageCount": 2, "total": 3)"));
    const Step step = kQueuesResource.step(kAll, first, page);
    CHECK(step.page.elements.size() == 2);
    CHECK(step.page.elements[1].id == "q1");
    CHECK(step.total == 3);
    REQUIRE(step.next);
    CHECK(step.next->target == "/api/v2/routing/queues?pageSize=500&pageNumber=2");
    CHECK(!kQueuesResource
               .step(kAll, *step.next, answer(entities(1, R"(, "pageNumber": 2, "pageCount": 2)")))
               .next);
  }

  TEST_CASE(
      "a listing without a page count ends with a page that is not full, and always with an empty "
      "one") {
    const auto first = kQueuesResource.first(kAll);
    CHECK(!kQueuesResource.step(kAll, first, answer(entities(499, ""))).next);
    CHECK(kQueuesResource.step(kAll, first, answer(entities(500, ""))).next);
    CHECK(!kQueuesResource.step(kAll, first, answer(R"({"pageNumber": 1, "pageCount": 9})")).next);
    CHECK(!kQueuesResource.step(kAll, first, answer(R"({"entities": [], "pageCount": 9})")).next);
  }

  TEST_CASE("links of a listing are not followed, whatever host they name") {
    const auto first = kQueuesResource.first(kAll);
    const Step step = kQueuesResource.step(
        kAll, first,
        answer(entities(
            1, R"(, "pageCount": 2, "nextUri": "https://evil.example/api/v2/x?pageNumber=7")")));
    CHECK(step.next->target == "/api/v2/routing/queues?pageSize=500&pageNumber=2");
  }

  TEST_CASE("a page that comes again, or without end, is refused") {
    http::Request sent = kQueuesResource.first(kAll);
    sent.target = "/api/v2/routing/queues?pageSize=500&pageNumber=2";
    refused(kQueuesResource, sent, answer(entities(1, R"(, "pageNumber": 1, "pageCount": 5)")),
            base::Fault::undecodable, "queues: page 2 was asked for, page 1 came");
    sent.target = "/api/v2/routing/queues?pageSize=500&pageNumber=10000";
    refused(kQueuesResource, sent,
            answer(entities(1, R"(, "pageNumber": 10000, "pageCount": 99999)")),
            base::Fault::undecodable, "no end");
  }

  TEST_CASE("what could not be read is not taken for empty") {
    const auto first = kQueuesResource.first(kAll);
    for (const char* nothing : {"{}", R"({"entities": null})", R"({"entities": []})"})
      CHECK(kQueuesResource.step(kAll, first, answer(nothing)).page.elements.empty());
    for (const char* other : {R"({"entities": {"id": "q1"}})", R"({"entities": 42})",
                              R"({"entit\u0069es": [{"id": "q1"}]})"})
      refused(kQueuesResource, first, answer(other), base::Fault::undecodable, "$.entities");
  }

  TEST_CASE("a refusal names the permission; other errors say what the service said") {
    const auto first = kQueuesResource.first(kAll);
    refused(kQueuesResource, first,
            answer(R"({"code": "missing.permissions", "message": "no"})", 403), base::Fault::denied,
            "routing:queue:view");
    refused(kQueuesResource, first, answer(R"({"code": "bad.request", "message": "why"})", 400),
            base::Fault::undecodable, "400 bad.request: why");
    refused(kQueuesResource, first, answer("<html>", 404), base::Fault::undecodable,
            "404 without a readable message");
    refused(kQueuesResource, first, answer("<html>"), base::Fault::undecodable, "malformed JSON");
    refused(kQueuesResource, first, answer(R"({"entities": {}})"), base::Fault::undecodable, "");
  }

  TEST_CASE("a cursor listing goes on with the cursor of its link and refuses one that repeats") {
    const auto first = kTeamsResource.first(kAll);
    CHECK(first.target == "/api/v2/teams?pageSize=100");
    const Step step = kTeamsResource.step(
        kAll, first,
        answer(entities(1, R"(, "nextUri": "/api/v2/teams?after=a%2Fb%3D&pageSize=100")")));
    REQUIRE(step.next);
    CHECK(step.next->target == "/api/v2/teams?pageSize=100&after=a%2Fb%3D");
    refused(kTeamsResource, *step.next,
            answer(entities(1, R"(, "nextUri": "/api/v2/teams?after=a%2Fb%3D")")),
            base::Fault::undecodable, "names the page itself");
    const Step last = kTeamsResource.step(
        kAll, *step.next,
        answer(entities(1, R"(, "nextUri": "https://evil.example/?pageSize=1&after=c")")));
    CHECK(last.next->target == "/api/v2/teams?pageSize=100&after=c");
    CHECK(!kTeamsResource.step(kAll, *last.next, answer(entities(1, ""))).next);
    refused(kTeamsResource, first, answer(entities(1, R"(, "nextUri": "/api/v2/teams?page=2")")),
            base::Fault::undecodable, "names no cursor");
  }

  TEST_CASE("conversations are asked for by whole days, in order of their start") {
    const model::Span span{.scopes = {"2024-05-01", "2024-05-02"},
                           .interval = {*base::parse_instant("2024-05-01T00:00:00Z"),
                                        *base::parse_instant("2024-05-03T00:00:00Z")}};
    const auto first = kConversationsResource.first(span);
    CHECK(first.method == http::Method::post);
    CHECK(first.target == "/api/v2/analytics/conversations/details/query");
    CHECK(
        first.body ==
        R"({"interval":"2024-05-01T00:00:00.000Z/2024-05-03T00:00:00.000Z","order":"asc","orderBy":"conversationStart",)"
        R"("paging":{"pageSize":100,"pageNumber":1}})");
    const auto page = [](int count, const std::string& total) {
      std::string list;
      for (int i = 0; i < count; ++i)
        list += fmt::format("{}{{\"conversationId\": \"c{}\"}}", i == 0 ? "" : ",", i);
      return answer(fmt::format(R"({{"conversations": [{}]{}}})", list, total));
    };
    const Step step = kConversationsResource.step(span, first, page(100, R"(, "totalHits": 101)"));
    CHECK(step.total == 101);
    REQUIRE(step.next);
    CHECK(step.next->body.find(R"("paging":{"pageSize":100,"pageNumber":2}})") !=
          std::string::npos);
    CHECK(step.next->body.find("2024-05-03") != std::string::npos);
    CHECK(!kConversationsResource.step(span, *step.next, page(1, R"(, "totalHits": 101)")).next);
    CHECK(!kConversationsResource.step(span, first, page(100, R"(, "totalHits": 100)")).next);
    CHECK(kConversationsResource.step(span, first, page(100, "")).next);
    CHECK(!kConversationsResource.step(span, first, answer(R"({"totalHits": 500})")).next);
    CHECK(!kConversationsResource.step(span, first, answer("{}")).next);
  }

  TEST_CASE("pages past the service's cap are not asked for") {
    const model::Span span{.scopes = {"2024-05-01"}};
    http::Request sent = kConversationsResource.first(span);
    sent.body = R"({"interval":"x/y","paging":{"pageSize":100,"pageNumber":1000}})";
    std::string list = R"({"conversationId": "c"})";
    for (int i = 1; i < 100; ++i) list += R"(,{"conversationId": "c"})";
    CHECK(
        !kConversationsResource
             .step(span, sent, answer(R"({"totalHits": 250000, "conversations": [)" + list + "]}"))
             .next);
  }

  TEST_CASE("a conversation's surveys: not found, null and an empty array all mean none") {
    const model::Span span{.scopes = {"a/b c"}};
    const auto first = kSurveysResource.first(span);
    CHECK(first.target == "/api/v2/quality/conversations/a%2Fb%20c/surveys");
    CHECK(kSurveysResource.step(span, first, answer("null")).page.elements.empty());
    CHECK(kSurveysResource.step(span, first, answer("[]")).missing.empty());
    const Step missing = kSurveysResource.step(span, first, answer("", 404));
    CHECK(missing.page.elements.empty());
    CHECK(missing.missing == span.scopes);
    CHECK(kSurveysResource.step(span, first, answer(R"([{"id": "s1"}, {"id": "s2"}])"))
              .page.elements[1]
              .id == "s2");
  }

  TEST_CASE("users are listed whatever their state, with their teams") {
    CHECK(resources::kUsersResource.first(kAll).target ==
          "/api/v2/users?pageSize=500&pageNumber=1&state=any&expand=team");
  }

  TEST_CASE("every resource stands in the catalogue once and is found by its name") {
    for (const auto* resource : resources::catalogue()) {
      CHECK(resources::find(resource->name) == resource);
      if (resource->cadence == model::Cadence::snapshot)
        CHECK(resource->name == resource->table->name);
    }
    CHECK(resources::find("nothing") == nullptr);
  }
}

}  // namespace
}  // namespace csatdb::tests
