#include <doctest/doctest.h>

#include <string>

#include "api/service_error.hpp"
#include "api/verdict.hpp"
#include "base/log.hpp"
#include "support/fake_service.hpp"

using namespace csatdb;
using namespace csatdb::api;
using base::Fault;
using http::Failure;
using support::answer;
using Kind = Verdict::Kind;
using namespace std::chrono_literals;

namespace {

const base::Instant kNow = *base::parse_instant("2026-05-01T06:00:00Z");

Verdict judged(const http::Response& response, Attempt attempt = {}, double jitter = 0.5) {
  return judge(response, attempt, kNow, jitter);
}

constexpr const char* kTooMany =
    R"({"message":"Rate limit exceeded the maximum. Retry the request in [42] seconds","code":"too.many.requests.retry.after","status":429})";

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("successes and refusals of the request itself are final") {
    for (const char* body : {"{}", " [1]", "null", "\"x\"", "7", "-1", "true"})
      CHECK(judged(answer(200, body)).kind == Kind::accept);
    CHECK(judged(answer(202, "")).kind == Kind::accept);
    CHECK(judged(answer(204, "")).kind == Kind::accept);
    CHECK(judged(answer(200, ""), {1, http::Method::del}).kind == Kind::accept);
    for (const int status : {400, 403, 404, 409, 413, 415, 501})
      CHECK(judged(answer(status, "{}")).kind == Kind::accept);
  }
  TEST_CASE("a success that cannot be JSON is asked for again, and is undecodable in the end") {
    for (const char* body : {"", "   ", "<html>", "Service OK"}) {
      const auto again = judged(answer(200, body));
      CHECK(again.kind == Kind::retry);
      CHECK_FALSE(again.for_all);
      const auto end = judged(answer(200, body), {9});
      CHECK(end.kind == Kind::give_up);
      CHECK(end.fault == Fault::undecodable);
    }
    CHECK(judged(support::failure(Failure::damaged), {9}).fault == Fault::undecodable);
  }
  TEST_CASE("what a gateway or a network does is asked for again, and is unavailable in the end") {
    for (const int status : {408, 429, 500, 502, 503, 504, 599}) {
      CAPTURE(status);
      CHECK(judged(answer(status, "<html>")).kind == Kind::retry);
      CHECK(judged(answer(status, ""), {8}).kind == Kind::retry);
      const auto end = judged(answer(status, ""), {9});
      CHECK(end.kind == Kind::give_up);
      CHECK(end.fault == Fault::unavailable);
    }
    for (const auto failure : {Failure::connect, Failure::timeout, Failure::broken}) {
      CHECK(judged(support::failure(failure)).kind == Kind::retry);
      const auto end = judged(support::failure(failure), {9});
      CHECK(end.kind == Kind::give_up);
      CHECK(end.fault == Fault::unavailable);
      CHECK(end.reason.find("it broke") != std::string::npos);
    }
  }
  TEST_CASE("what will not mend itself ends at once") {
    CHECK(judged(support::failure(Failure::tls)).kind == Kind::give_up);
    CHECK(judged(support::failure(Failure::tls)).fault == Fault::unavailable);
    CHECK(judged(support::failure(Failure::too_large)).fault == Fault::undecodable);
    for (const int status : {0, 100, 301, 302, 307, 600}) {
      CHECK(judged(answer(status, "")).kind == Kind::give_up);
      CHECK(judged(answer(status, "")).fault == Fault::undecodable);
    }
  }
  TEST_CASE("a 401 asks for a new token once, then is final") {
    CHECK(judged(answer(401, "")).kind == Kind::reauthenticate);
    CHECK(judged(answer(401, ""), {4}).kind == Kind::reauthenticate);
    const auto end = judged(answer(401, ""), {1, http::Method::get, true});
    CHECK(end.kind == Kind::give_up);
    CHECK(end.fault == Fault::denied);
  }
  TEST_CASE("back-off doubles up to a minute, with full jitter, within three minutes and a bit") {
    base::Millis sum{};
    for (int n = 1; n <= 8; ++n) {
      CHECK(judged(answer(503, ""), {n}, 0).delay == 0ms);
      const auto most = judged(answer(503, ""), {n}, 1).delay;
      CHECK(most == std::min<base::Millis>(60s, 1s * (1 << (n - 1))));
      CHECK(judged(answer(503, ""), {n}, 0.5).delay == most / 2);
      sum += most;
    }
    CHECK(sum <= 200s);
  }
  TEST_CASE("the service's own wait is obeyed by everybody, in each of its forms") {
    const auto waits = [](const http::Response& response) {
      const auto verdict = judged(response);
      CHECK(verdict.kind == Kind::retry);
      CHECK(verdict.for_all);
      return verdict.delay;
    };
    CHECK(waits(answer(429, "", {{"retry-after", "7"}})) == 7s);
    CHECK(waits(answer(503, "", {{"Retry-After", "180"}})) == 180s);
    CHECK(waits(answer(429, "", {{"Retry-After", base::to_http_date(kNow + 90s)}})) == 90s);
    CHECK(waits(answer(429, kTooMany)) == 42s);
    CHECK(waits(answer(429, "", {{"inin-ratelimit-reset", "30"}})) == 31s);
    // The header is believed before the message, the message before the limit's headers.
    CHECK(waits(answer(429, kTooMany, {{"Retry-After", "7"}})) == 7s);
    CHECK(waits(answer(429, kTooMany, {{"inin-ratelimit-reset", "30"}})) == 42s);
    // The last try ends, and what it was told still holds for the others.
    const auto last = judge(answer(429, kTooMany), {9}, kNow, 0.5);
    CHECK(last.kind == Kind::give_up);
    CHECK(last.for_all);
    CHECK(last.delay == 42s);
  }
  TEST_CASE("a wait beyond the cap ends the run and says how long it would be") {
    for (const char* wait : {"181", "7500", "99999999999999999999999"}) {
      const auto verdict = judged(answer(429, "", {{"Retry-After", wait}}));
      CHECK(verdict.kind == Kind::give_up);
      CHECK(verdict.fault == Fault::unavailable);
      CHECK(verdict.delay > kLongestWait);
    }
    CHECK(judged(answer(429, "", {{"Retry-After", "7500"}})).reason.find("2h 05m") !=
          std::string::npos);
    CHECK(judged(answer(503, "", {{"Retry-After", base::to_http_date(kNow + 24h)}})).kind ==
          Kind::give_up);
  }
  TEST_CASE("a wait that says nothing falls back to the back-off") {
    for (const char* bad : {"", "0", "-5", "soon", "7 seconds", "0x7", "7.5",
                            "Fri, 01 May 2026 05:59:59 GMT", "Fri, 01 Bla 2026 06:00:09 GMT"}) {
      CAPTURE(bad);
      const auto verdict = judged(answer(429, "", {{"Retry-After", bad}}));
      CHECK(verdict.kind == Kind::retry);
      CHECK_FALSE(verdict.for_all);
      CHECK(verdict.delay == 500ms);
    }
    CHECK_FALSE(asked_wait(answer(429, R"({"message":"in [] or [x] or [3"})"), kNow));
    CHECK(asked_wait(answer(429, R"({"message":"code [a] wait [9] s"})"), kNow) == 9s);
    CHECK_FALSE(asked_wait(answer(503, "", {{"inin-ratelimit-reset", "30"}}), kNow));
  }
  TEST_CASE("an error is described by the service's words, its permissions, limit and id") {
    const auto refused = answer(
        403,
        R"({"message":"You are missing the following permission(s): analytics:conversationDetail:view, quality:survey:view","code":"missing.permissions","status":403,"messageParams":{"permissions":"quality:survey:view"},"contextId":"c-1","details":[],"errors":[]})",
        {{"ININ-Correlation-Id", "c-2"}});
    const auto error = service_error(refused);
    CHECK(error.code == "missing.permissions");
    CHECK(error.permissions ==
          std::vector<std::string>{"analytics:conversationDetail:view", "quality:survey:view"});
    CHECK(describe_error(refused) ==
          "403 missing.permissions: You are missing the following permission(s): "
          "analytics:conversationDetail:view, quality:survey:view (correlation id c-2)");
    CHECK(describe_error(
              answer(400, R"({"code":"bad.request","limit":{"key":"page.size","value":100}})")) ==
          "400 bad.request (limit page.size = 100)");
    CHECK(describe_error(answer(502, "<html>Bad gateway</html>")) == "502");
    CHECK(describe_error(answer(401, R"({"error":"invalid_client","description":"unknown"})")) ==
          "401 invalid_client: unknown");
    CHECK(describe_error(support::failure(Failure::timeout, "too slow")) == "too slow");
  }
  TEST_CASE("hostile error bodies neither crash nor leak into the line") {
    base::log::redact("s3cret-token");
    const auto line =
        describe_error(answer(400, "{\"message\":\"\\u001b[31m\\nBearer s3cret-token " +
                                       std::string(5000, 'x') + "\",\"code\":7,\"contextId\":[]}"));
    CHECK(line.size() < 400);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find("s3cret") == std::string::npos);
    for (const char* body :
         {"", "null", "[]", "7", "{\"limit\":7,\"messageParams\":[]}",
          "{\"message\":", "{\"message\":\"\xff\"}", "{\"messageParams\":{\"a\":{}}}"}) {
      CHECK(describe_error(answer(400, body)) == "400");
    }
    CHECK(describe_error(answer(400, std::string(100'000, '['))) == "400");
  }
}
