#include <set>
#include <string>

#include "net/sim_bench.hpp"

using namespace csatdb;
using sim::code_of;
using sim::SimBench;

namespace {

constexpr const char* kQuery = "/analytics/conversations/details/query";
constexpr const char* kDay = R"("interval":"2025-05-27T00:00:00Z/2025-05-28T00:00:00Z")";

std::string body_with(const std::string& more) {
  return std::string("{") + kDay + (more.empty() ? "" : "," + more) + "}";
}

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("a token needs the right client, form and grant") {
    SimBench bench;
    const auto basic = "Basic " + sim::base64("demo:demo-secret");
    const auto form = std::string("application/x-www-form-urlencoded");
    const auto ask = [&](std::string authorization, std::string type, std::string body) {
      return bench.send(
          http::Method::post, "/oauth/token", std::move(body),
          {{"Authorization", std::move(authorization)}, {"Content-Type", std::move(type)}});
    };
    const auto good = ask(basic, form, "grant_type=client_credentials");
    CHECK(good.status == 200);
    json::Document document;
    const auto token = document.parse(good.body);
    CHECK(token["token_type"].text() == "bearer");
    CHECK(token["expires_in"].integer() == 86400);
    CHECK(ask("Basic " + sim::base64("demo:wrong"), form, "grant_type=client_credentials").status ==
          401);
    CHECK(ask("", form, "grant_type=client_credentials").status == 401);
    CHECK(ask(basic, "application/json", "{}").status == 415);
    CHECK(ask(basic, form, "grant_type=password").status == 400);
    const auto extra = ask(basic, form, "grant_type=client_credentials&client_id=demo");
    CHECK(extra.status == 400);
    json::Document other;
    const auto error = other.parse(extra.body);
    CHECK(error["error"].text() == "invalid_request");
    CHECK(error["description"].present());
    CHECK(error["error_description"].present());
    CHECK(error["code"].kind() == json::Kind::absent);
  }
  TEST_CASE("a missing, wrong or expired token is refused") {
    SimBench bench;
    const auto missing = bench.send(http::Method::get, "/api/v2/users");
    CHECK(missing.status == 401);
    CHECK(code_of(missing) == "authentication.required");
    bench.bearer = "Bearer nonsense";
    CHECK(code_of(bench.get("/users")) == "bad.credentials");
    bench.bearer.clear();
    CHECK(bench.get("/users").status == 200);
    bench.clock.advance(std::chrono::seconds(86399));
    CHECK(bench.get("/users").status == 200);
    bench.clock.advance(std::chrono::seconds(1));
    CHECK(bench.get("/users").status == 401);
    bench.bearer.clear();
    CHECK(bench.get("/users").status == 200);
    bench.service.revoke_tokens();
    CHECK(code_of(bench.get("/users")) == "bad.credentials");
  }
  TEST_CASE("requests that the service's models do not allow are refused with 400") {
    SimBench bench;
    CHECK(bench.post(kQuery, body_with("")).status == 200);
    for (const auto* more : {
             R"("pageSize":100)",
             R"("order":"ascending")",
             R"("orderBy":"start")",
             R"("paging":{"pageSize":"100","pageNumber":1})",
             R"("paging":{"pageSize":100})",
             R"("paging":{"pageSize":1.5,"pageNumber":1})",
             R"("paging":{"pageSize":101,"pageNumber":1})",
             R"("paging":{"pageSize":0,"pageNumber":1})",
             R"("paging":{"pageSize":100,"pageNumber":0})",
             R"("paging":{"pageSize":100,"pageNumber":1001})",
             R"("surveyFilters":{"type":"and"})",
             R"("surveyFilters":[{"predicates":[]}])",
             R"("surveyFilters":[{"type":"and","predicates":[{"dimension":"survey"}]}])",
             R"("surveyFilters":[{"type":"and","predicates":[{"operator":"in"}]}])",
             R"("conversationFilters":[{"type":"and","predicates":[{"dimension":"surveyId"}]}])",
             R"("segmentFilters":[{"type":"and","clauses":[{"type":"and"}]}])",
             R"("aggregations":[{"type":"count"}])",
             R"("limit":5)",
             R"("startOfDayIntervalMatching":true)",
         }) {
      INFO(more);
      CHECK(bench.post(kQuery, body_with(more)).status == 400);
    }
    for (const auto* body :
         {"", "{", "[]", "{}", R"({"interval":5})", R"({"interval":"2025-05-27"})",
          R"({"interval":"2025-05-28T00:00:00Z/2025-05-27T00:00:00Z"})",
          R"({"interval":"2025-05-27T00:00:00Z/2025-05-27T00:00:00Z"})",
          R"({"interval":"2025-05-27T00:00:00Z/P1D"})", R"({"interval":null})"}) {
      INFO(body);
      const auto refused = bench.post(kQuery, body);
      CHECK(refused.status == 400);
      json::Document document;
      const auto root = document.parse(refused.body);
      CHECK(root["status"].integer() == 400);
      CHECK(root["message"].text().size() > 5);
      CHECK(root["contextId"].text() == *refused.headers.get("ININ-Correlation-Id"));
    }
    const auto job = "/analytics/conversations/details/jobs";
    CHECK(bench.post(job, body_with(R"("limit":5,"startOfDayIntervalMatching":true)")).status ==
          202);
    CHECK(bench.post(job, body_with(R"("paging":{"pageSize":100,"pageNumber":1})")).status == 400);
  }
  TEST_CASE("the interval of a details query is at most 7 days, and 31 with a filter") {
    SimBench bench;
    const std::string filter =
        R"(,"surveyFilters":[{"type":"and","predicates":[{"dimension":"surveyId","operator":"exists"}]}])";
    const auto ask = [&](const char* end, const std::string& more) {
      return bench.details("2025-04-01T00:00:00Z", end, 1, more);
    };
    CHECK(ask("2025-04-08T00:00:00Z", "").status == 200);
    CHECK(ask("2025-04-08T00:00:00.001Z", "").status == 400);
    CHECK(ask("2025-05-02T00:00:00Z", filter).status == 200);
    const auto refused = ask("2025-05-02T00:00:00.001Z", filter);
    CHECK(refused.status == 400);
    json::Document document;
    const auto root = document.parse(refused.body);
    CHECK(root["limit"]["value"].integer() == 31);
    CHECK(root["message"].text().find("31 days") != std::string::npos);
    CHECK(ask("2025-04-08T00:00:00.001Z", R"(,"surveyFilters":[])").status == 400);
  }
  TEST_CASE("content types, paths, methods and page sizes are held to") {
    SimBench bench;
    bench.get("/users");
    const auto typed = [&](std::string type) {
      return bench.send(http::Method::post, std::string("/api/v2") + kQuery, body_with(""),
                        {{"Authorization", bench.bearer}, {"Content-Type", std::move(type)}});
    };
    CHECK(typed("application/json; charset=utf-8").status == 200);
    CHECK(code_of(typed("text/plain")) == "unsupported.media.type");
    CHECK(code_of(bench.get("/quality/surveys")) == "not.found");
    CHECK(code_of(bench.get("/quality/conversations/1")) == "not.found");
    CHECK(bench.post("/users", "{}").status == 405);
    CHECK(bench.get("/users?pageSize=500&unheard=of").status == 200);
    CHECK(bench.get("/users?pageSize=501").status == 400);
    CHECK(bench.get("/users?pageSize=0").status == 400);
    CHECK(bench.get("/users?pageNumber=x").status == 400);
    CHECK(bench.get("/users?state=gone").status == 400);
    CHECK(bench.get("/authorization/divisions/query?pageSize=201").status == 400);
    CHECK(bench.get("/teams?after=bad").status == 400);
  }
  TEST_CASE("what a role lacks is named") {
    sim::Options options;
    options.missing_permissions = {"quality:survey:view", "analytics:conversationDetail:view"};
    SimBench bench(options);
    const auto refused = bench.get("/quality/conversations/x/surveys");
    CHECK(refused.status == 403);
    CHECK(code_of(refused) == "missing.permissions");
    CHECK(refused.body.find("quality:survey:view") != std::string::npos);
    // Either of two permissions suffices for details.
    CHECK(bench.post(kQuery, body_with("")).status == 200);
    CHECK(bench.get("/analytics/conversations/details/jobs/availability").status == 403);
    bench.service.options().missing_permissions.insert("analytics:agentConversationDetail:view");
    const auto both = bench.post(kQuery, body_with(""));
    CHECK(both.status == 403);
    CHECK(code_of(both) == "missing.any.permissions");
    CHECK(bench.get("/users").status == 200);
  }
  TEST_CASE("tokens and requests are served at their own hosts where these are told apart") {
    sim::Options options;
    options.login_host = "login.example";
    options.api_host = "api.example";
    SimBench bench(options);
    const auto ask = [&](std::string target) {
      return bench
          .send(http::Method::post, std::move(target), "grant_type=client_credentials",
                {{"Authorization", "Basic " + sim::base64("demo:demo-secret")},
                 {"Content-Type", "application/x-www-form-urlencoded"}})
          .status;
    };
    CHECK(ask("https://login.example/oauth/token") == 200);
    CHECK(ask("https://api.example/oauth/token") == 404);
    CHECK(bench.send(http::Method::get, "https://elsewhere.example/api/v2/users").status == 404);
    CHECK(bench.send(http::Method::get, "https://api.example:443/api/v2/users").status == 401);
  }
  TEST_CASE("more requests than allowed in a minute meet 429 until the window closes") {
    sim::Options options;
    options.rate = 5;
    SimBench bench(options);
    for (int i = 1; i <= 5; ++i) {
      const auto response = bench.get("/organizations/me");
      CHECK(response.status == 200);
      CHECK(response.headers.get("inin-ratelimit-count") == std::to_string(i));
      CHECK(response.headers.get("inin-ratelimit-allowed") == "5");
      bench.clock.advance(base::Millis{4000});
    }
    const auto refused = bench.get("/organizations/me");
    CHECK(refused.status == 429);
    CHECK(code_of(refused) == "too.many.requests.retry.after");
    CHECK(refused.headers.get("Retry-After") == "40");
    CHECK(refused.headers.get("inin-ratelimit-reset") == "40");
    CHECK(refused.body.find("[40]") != std::string::npos);
    bench.clock.advance(base::Millis{39999});
    CHECK(bench.get("/organizations/me").status == 429);
    bench.clock.advance(base::Millis{1});
    CHECK(bench.get("/organizations/me").status == 200);
    // The limit is per token.
    for (int i = 0; i < 4; ++i) bench.get("/organizations/me");
    CHECK(bench.get("/organizations/me").status == 429);
    bench.bearer.clear();
    CHECK(bench.get("/organizations/me").status == 200);
  }
  TEST_CASE("another user of the client takes from the same allowance") {
    sim::Options options;
    options.rate = 100;
    options.others_per_minute = 60;
    SimBench bench(options);
    CHECK(bench.get("/organizations/me").headers.get("inin-ratelimit-count") == "1");
    bench.clock.advance(base::Millis{30000});
    CHECK(bench.get("/organizations/me").headers.get("inin-ratelimit-count") == "32");
  }
  TEST_CASE("without a limit there are no headers of it") {
    sim::Options options;
    options.rate = 0;
    SimBench bench(options);
    CHECK_FALSE(bench.get("/organizations/me").headers.get("inin-ratelimit-count"));
    for (int i = 0; i < 1000; ++i) REQUIRE(bench.get("/organizations/me").status == 200);
  }
}
