#include <map>
#include <memory>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "http/curl_transport.hpp"
#include "net/sim_bench.hpp"
#include "sim/server.hpp"

using namespace csatdb;
using base::Millis;
using sim::SimBench;

namespace {

void plan(SimBench& bench, const std::string& text) {
  const auto fault = sim::Fault::parse(text);
  REQUIRE(fault.has_value());
  bench.service.plan({*fault});
}

/// The answer to one request through the in-process mount.
http::Response through(SimBench& bench, http::Method method, std::string path,
                       std::string body = {}) {
  if (bench.bearer.empty()) bench.bearer = "Bearer " + bench.token();
  sim::InProcess door(bench.service, bench.clock);
  http::Request request{method, "/api/v2" + path, {}, std::move(body)};
  request.headers.set("Authorization", bench.bearer);
  door.start(1, std::move(request));
  for (;;) {
    auto answers = door.wait(Millis{300000});
    if (!answers.empty()) return std::move(answers.front().response);
  }
}

/// The service on a socket, served by a thread of its own for as long as this lives.
class Served {
 public:
  explicit Served(sim::Options options = {})
      : world_(SimBench::organisation()),
        clock_(SimBench::kNow, false),
        service(world_, clock_, std::move(options)),
        server_(service, clock_, Millis{0}),
        port_(server_.bind(0)),
        thread_([this] { server_.run(); }) {
    while (ask(http::Method::get, "/sim/requests").failure == http::Failure::connect) {
    }
  }
  ~Served() {
    curl_.reset();  // an idle connection would hold the server up
    server_.stop();
    thread_.join();
  }

  http::Response ask(http::Method method, const std::string& path, std::string body = {},
                     const http::Headers& headers = {}) {
    http::Request request{method, "http://127.0.0.1:" + std::to_string(port_) + path, headers,
                          std::move(body)};
    curl_->start(1, std::move(request));
    for (;;) {
      auto answers = curl_->wait(Millis{1000});
      if (!answers.empty()) return std::move(answers.front().response);
    }
  }
  http::Headers authorized() {
    http::Headers headers;
    headers.set("Authorization", "Basic " + sim::base64("demo:demo-secret"));
    headers.set("Content-Type", "application/x-www-form-urlencoded");
    const auto answer =
        ask(http::Method::post, "/oauth/token", "grant_type=client_credentials", headers);
    REQUIRE(answer.status == 200);
    json::Document document;
    http::Headers bearer;
    const auto text = http::inflate(answer, 1U << 20U);
    bearer.set("Authorization",
               "Bearer " + std::string(document.parse(text)["access_token"].text()));
    return bearer;
  }

 private:
  sim::World world_;
  sim::ServedClock clock_;

 public:
  sim::Service service;

 private:
  sim::Server server_;
  int port_;
  std::thread thread_;
  std::unique_ptr<http::CurlTransport> curl_ = std::make_unique<http::CurlTransport>();
};

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("a fault strikes the requests its rule names and no others") {
    SimBench bench;
    const auto status = [&](std::string path) { return bench.get(std::move(path)).status; };
    status("/users");
    plan(bench, "what=503,path=/users,from=2,times=2");
    CHECK(status("/users") == 200);
    CHECK(status("/routing/queues") == 200);
    CHECK(status("/users") == 503);
    CHECK(status("/users?pageNumber=2") == 503);
    CHECK(status("/users") == 200);
    plan(bench, "what=500,method=POST,times=0");
    CHECK(status("/users") == 200);
    for (int i = 0; i < 3; ++i)
      CHECK(bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z").status == 500);
    bench.service.plan({});
    CHECK(bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z").status == 200);
  }
  TEST_CASE("rules that mean nothing are refused") {
    for (const auto* bad : {"", "what=nope", "path=/users", "what", "what=500,from=0",
                            "what=500,times=-1", "what=500,times=x", "what=500,when=now"})
      CHECK_FALSE(sim::Fault::parse(bad).has_value());
    for (const auto what : sim::mishaps())
      CHECK(sim::Fault::parse("what=" + std::string(what)).has_value());
  }
  TEST_CASE("429 comes in three forms and for hours") {
    SimBench bench;
    const auto struck = [&](const std::string& what) {
      plan(bench, "what=" + what + ",path=/users");
      return through(bench, http::Method::get, "/users");
    };
    bench.bearer = "Bearer " + bench.token();
    CHECK(struck("429_seconds").headers.get("Retry-After") == "3");
    CHECK(base::parse_http_date(*struck("429_date").headers.get("Retry-After")) ==
          SimBench::kNow + Millis{3000});
    const auto message = struck("429_message");
    CHECK_FALSE(message.headers.get("Retry-After"));
    CHECK(message.body.find("[2] seconds") != std::string::npos);
    CHECK(struck("429_hours").headers.get("Retry-After") == "14400");
    CHECK(struck("429_hours").status == 429);
  }
  TEST_CASE("mishaps on the way are failures in process") {
    SimBench bench;
    bench.bearer = "Bearer " + bench.token();
    const std::map<std::string, http::Failure> expected = {{"reset_before", http::Failure::broken},
                                                           {"reset_within", http::Failure::broken},
                                                           {"endless", http::Failure::too_large},
                                                           {"slow", http::Failure::timeout},
                                                           {"bad_tls", http::Failure::tls}};
    for (const auto& fault : expected) {
      INFO(fault.first);
      plan(bench, "what=" + fault.first);
      const auto response = through(bench, http::Method::get, "/users");
      CHECK(response.failure == fault.second);
      CHECK(response.status == 0);
      CHECK(response.body.empty());
    }
  }
  TEST_CASE("damaged bodies are damaged in the way they are named") {
    SimBench bench;
    bench.bearer = "Bearer " + bench.token();
    const auto struck = [&](const std::string& what) {
      plan(bench, "what=" + what);
      return through(bench, http::Method::get, "/users");
    };
    const auto inflates = [](const http::Response& r) {
      try {
        http::inflate(r, 64U << 20U);
        return true;
      } catch (const base::Error&) {
        return false;
      }
    };
    const auto parses = [](const http::Response& r) {
      try {
        json::Document document;
        document.parse(r.body);
        return true;
      } catch (const base::Error&) {
        return false;
      }
    };
    for (const auto* what : {"truncated", "malformed", "deep", "empty", "bad_utf8"}) {
      INFO(what);
      const auto response = struck(what);
      CHECK(response.status == 200);
      CHECK(inflates(response));
      CHECK_FALSE(parses(response));
    }
    for (const auto* what : {"wrong_encoding", "unknown_encoding", "bomb"}) {
      INFO(what);
      CHECK_FALSE(inflates(struck(what)));
    }
    CHECK(struck("bomb").body.size() < (1U << 20U));
    CHECK(parses(struck("wrong_type")));
    CHECK(struck("redirect").headers.get("Location")->find("elsewhere") != std::string::npos);
    CHECK(struck("502_html").body.find("<html>") != std::string::npos);
    CHECK(struck("400_limit").body.find("\"limit\"") != std::string::npos);
  }
  TEST_CASE("pages and cursors can be made never to end") {
    sim::Options options;
    options.job_delay = Millis{0};
    SimBench bench(options);
    const auto first = bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z", 1);
    plan(bench, "what=endless_pages,times=0");
    const auto later = bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z", 50);
    const bool same = later.body.substr(0, 5000) == first.body.substr(0, 5000);
    CHECK(same);
    CHECK(later.body.find("\"totalHits\":1000000000") != std::string::npos);
    CHECK(bench.get("/users?pageSize=25&pageNumber=77").body.find("\"pageCount\":1000000") !=
          std::string::npos);
    bench.service.plan({});
    const auto submitted =
        bench.post("/analytics/conversations/details/jobs",
                   R"({"interval":"2025-05-25T00:00:00Z/2025-05-31T00:00:00Z"})");
    json::Document document;
    const std::string path = "/analytics/conversations/details/jobs/" +
                             std::string(document.parse(submitted.body)["jobId"].text()) +
                             "/results?pageSize=100";
    json::Document page;
    const std::string cursor(page.parse(bench.get(path).body)["cursor"].text());
    plan(bench, "what=repeated_cursor,path=cursor=");
    CHECK(page.parse(bench.get(path + "&cursor=" + http::percent_encode(cursor)).body)["cursor"]
              .text() == cursor);
  }
  TEST_CASE("compressed answers say so and hold the same text") {
    SimBench bench;
    const auto plain = bench.get("/users?pageSize=500");
    const auto packed =
        bench.send(http::Method::get, "/api/v2/users?pageSize=500", {},
                   {{"Authorization", bench.bearer}, {"Accept-Encoding", "gzip, deflate"}});
    CHECK(packed.headers.get("Content-Encoding") == "gzip");
    CHECK(packed.body.size() * 3 < plain.body.size());
    const bool same = http::inflate(packed, 1U << 24U) == plain.body;
    CHECK(same);
  }
  TEST_CASE("a socket gives the same answers as the mount in process") {
    Served served;
    SimBench bench;
    const auto headers = served.authorized();
    for (const auto* path : {"/users?pageSize=500&state=any&expand=team", "/organizations/me",
                             "/quality/forms/surveys", "/nothing"}) {
      const auto there = served.ask(http::Method::get, "/api/v2" + std::string(path), {}, headers);
      const auto here = bench.get(path);
      CHECK(there.status == here.status);
      const bool same = here.status != 200 || http::inflate(there, 1U << 24U) == here.body;
      CHECK(same);
      CHECK(there.headers.get("Date") == here.headers.get("Date"));
    }
    auto typed = headers;
    typed.set("Content-Type", "application/json");
    const std::string query = R"({"interval":"2025-05-27T00:00:00Z/2025-05-28T00:00:00Z",)"
                              R"("paging":{"pageSize":100,"pageNumber":1}})";
    const auto page = served.ask(http::Method::post,
                                 "/api/v2/analytics/conversations/details/query", query, typed);
    const bool same_page = http::inflate(page, 1U << 24U) ==
                           bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z").body;
    CHECK(same_page);
    served.ask(http::Method::post, "/sim/clock", R"({"advance_s":3600})");
    CHECK(served.ask(http::Method::get, "/api/v2/users", {}, headers).headers.get("Date") ==
          base::to_http_date(SimBench::kNow + std::chrono::hours(1)));
    const auto counts = served.ask(http::Method::get, "/sim/requests");
    CHECK(counts.body.find("\"GET /api/v2/users\":2") != std::string::npos);
  }
  TEST_CASE("a socket breaks where it is told to") {
    Served served;
    const auto headers = served.authorized();
    const auto struck = [&](const std::string& what) {
      served.ask(http::Method::post, "/sim/faults", "{\"faults\":[\"what=" + what + "\"]}");
      return served.ask(http::Method::get, "/api/v2/users?pageSize=500", {}, headers);
    };
    CHECK(struck("reset_before").failure == http::Failure::broken);
    CHECK(struck("reset_within").failure == http::Failure::broken);
    CHECK(struck("endless").failure == http::Failure::too_large);
    CHECK(struck("503").status == 503);
    CHECK(struck("redirect").status == 302);
    CHECK(served.ask(http::Method::get, "/api/v2/users", {}, headers).status == 200);
  }
}
