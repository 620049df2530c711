#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "api/client.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "base/version.hpp"
#include "support/fake_service.hpp"

using namespace csatdb;
using api::Client;
using api::Outcome;
using base::Fault;
using base::Millis;
using support::answer;
using support::FakeClock;
using support::FakeService;
using Reply = FakeService::Reply;
using namespace std::chrono_literals;

namespace {

const api::Hosts kHosts{"https://api.mypurecloud.ie", "https://login.mypurecloud.ie/oauth/token"};

/// A service that grants tokens t1, t2, … and, where a test does not say otherwise, answers
/// {"ok":1} to the latest.
struct World {
  World() { base::log::configure(base::log::Level::off, base::log::Format::text); }

  FakeClock clock;
  int grants = 0;
  int lifetime_s = 86400;
  std::function<Reply(int grant)> on_token;
  std::function<Reply(const http::Request&)> on_request;

  FakeService service{clock, [this](const http::Request& request) -> Reply {
                        if (request.target == kHosts.token_url) {
                          ++grants;
                          if (on_token) return on_token(grants);
                          return grant();
                        }
                        if (on_request) return on_request(request);
                        return {answer(200, R"({"ok":1})")};
                      }};
  Client client{service, clock, kHosts, {"id", "sesame-secret"}, {300, 0.8}, 7};

  Reply grant() const {
    return {answer(
        200, fmt::format(R"({{"access_token":"t{}-token","expires_in":{}}})", grants, lifetime_s))};
  }
  bool has_latest_token(const http::Request& request) const {
    return request.headers.get("Authorization") == fmt::format("Bearer t{}-token", grants);
  }
  void get(http::Ticket ticket, const std::string& target = "/api/v2/users") {
    client.start(ticket, {http::Method::get, target, {}, {}});
  }
  /// Waits until everything started has ended.
  std::map<http::Ticket, Outcome> drain() {
    std::map<http::Ticket, Outcome> all;
    for (int turns = 0; client.in_flight() > 0; ++turns) {
      REQUIRE(turns < 10'000);
      for (auto& outcome : client.wait(1h)) {
        const auto ticket = outcome.ticket;
        CHECK(all.emplace(ticket, std::move(outcome)).second);
      }
    }
    return all;
  }
  /// Requests but those for tokens.
  std::vector<FakeService::Seen> sent() const {
    std::vector<FakeService::Seen> all;
    for (const auto& seen : service.seen)
      if (seen.request.target != kHosts.token_url) all.push_back(seen);
    return all;
  }
};

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("a request goes out complete and its plain answer comes back") {
    World world;
    world.on_request = [](const http::Request&) -> Reply {
      return {answer(200, http::gzip(R"({"total":3})"), {{"Content-Encoding", "gzip"}})};
    };
    world.client.start(42, {http::Method::post, "/api/v2/analytics/x?a=1", {}, "{}"});
    const auto all = world.drain();
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all.at(42).error);
    CHECK(all.at(42).response.body == R"({"total":3})");

    REQUIRE(world.service.seen.size() == 2);
    const auto& token = world.service.seen[0].request;
    CHECK(token.target == kHosts.token_url);
    CHECK(token.body == "grant_type=client_credentials");
    CHECK(token.headers.get("Authorization") == "Basic aWQ6c2VzYW1lLXNlY3JldA==");
    const auto& request = world.service.seen[1].request;
    CHECK(request.target == "https://api.mypurecloud.ie/api/v2/analytics/x?a=1");
    CHECK(request.body == "{}");
    CHECK(request.headers.get("Authorization") == "Bearer t1-token");
    CHECK(request.headers.get("Accept") == "application/json");
    CHECK(request.headers.get("Accept-Encoding") == "gzip");
    CHECK(request.headers.get("Content-Type") == "application/json");
    CHECK(request.headers.get("User-Agent") == fmt::format("csatdb/{}", base::version()));
  }
  TEST_CASE("the token goes to the configured hosts only") {
    World world;
    world.get(1, "https://api.mypurecloud.ie/api/v2/next?page=2");
    world.get(2, "https://API.mypurecloud.ie/api/v2/next?page=3");
    const std::vector<std::string> elsewhere{"https://evil.example/api/v2/users",
                                             "https://api.mypurecloud.ie.evil.example/x",
                                             "https://api.mypurecloud.ie@evil.example/x",
                                             "http://api.mypurecloud.ie/x",
                                             "https://api.mypurecloud.ie:444/x",
                                             "//evil.example/x",
                                             "@evil.example/x",
                                             "",
                                             "/x\r\nHost: evil.example",
                                             "https://login.mypurecloud.ie/oauth/token",
                                             "api/v2/users",
                                             "https://api.mypurecloud.ie"};
    for (std::size_t i = 0; i < elsewhere.size(); ++i) world.get(100 + i, elsewhere[i]);
    const auto all = world.drain();
    CHECK(all.size() == 2 + elsewhere.size());
    for (const auto& each : all) {
      const auto ticket = each.first;
      const auto& outcome = each.second;
      CAPTURE(ticket);
      CHECK(outcome.error.has_value() == (ticket >= 100));
      if (outcome.error) CHECK(outcome.error->fault() == Fault::undecodable);
    }
    for (const auto& seen : world.sent())
      CHECK(seen.request.target.starts_with("https://api.mypurecloud.ie/api/v2/next?page="));
    CHECK(world.sent().size() == 2);
  }
  TEST_CASE("hosts without TLS are refused before anything is sent") {
    World world;
    for (const auto& hosts : {api::Hosts{"http://api.mypurecloud.ie", kHosts.token_url},
                              api::Hosts{kHosts.api, "http://login.mypurecloud.ie/oauth/token"}}) {
      CHECK_THROWS_AS(Client(world.service, world.clock, hosts, {"id", "secret"}), base::Error);
    }
    CHECK(world.service.seen.empty());
  }
  TEST_CASE("one token serves all requests until five minutes before its end") {
    World world;
    world.lifetime_s = 3600;
    for (http::Ticket t = 1; t <= 20; ++t) world.get(t);
    world.drain();
    world.clock.pass(3290s - 2s);
    world.get(21);
    world.drain();
    CHECK(world.grants == 1);
    world.clock.pass(20s);
    world.get(22);
    world.drain();
    CHECK(world.grants == 2);
    CHECK(world.sent().size() == 22);
  }
  TEST_CASE("a token that cannot be replaced is used until its end, and no longer") {
    World world;
    world.lifetime_s = 3600;
    world.get(1);
    world.drain();
    world.on_token = [](int) -> Reply { return {answer(401, R"({"error":"invalid_client"})")}; };
    world.clock.pass(3400s);
    world.get(2);
    CHECK_FALSE(world.drain().at(2).error);
    world.clock.pass(300s);
    world.get(3);
    const auto all = world.drain();
    REQUIRE(all.at(3).error);
    CHECK(all.at(3).error->fault() == Fault::denied);
    CHECK(std::string(all.at(3).error->what()).find("invalid_client") != std::string::npos);
  }
  TEST_CASE("an expired token is refreshed once for all waiting requests") {
    World world;
    world.get(0);
    world.drain();
    // The service forgets the first token while twenty requests are under way.
    world.on_request = [&](const http::Request& request) -> Reply {
      if (world.grants < 2 || !world.has_latest_token(request)) return {answer(401, "{}")};
      return {answer(200, "{}")};
    };
    for (http::Ticket t = 1; t <= 20; ++t) world.get(t);
    const auto all = world.drain();
    CHECK(all.size() == 20);
    for (const auto& [ticket, outcome] : all) CHECK_FALSE(outcome.error);
    CHECK(world.grants == 2);
    CHECK(world.sent().size() == 41);
  }
  TEST_CASE("a service that refuses every token ends the request as denied") {
    World world;
    world.on_request = [](const http::Request&) -> Reply { return {answer(401, "{}")}; };
    world.get(1);
    const auto all = world.drain();
    REQUIRE(all.at(1).error);
    CHECK(all.at(1).error->fault() == Fault::denied);
    CHECK(world.sent().size() == 2);
  }
  TEST_CASE(
      "wrong credentials end every waiting request, each once, with one request for a token") {
    World world;
    world.on_token = [](int) -> Reply {
      return {answer(400, R"({"error":"invalid_client","description":"client not found"})")};
    };
    for (http::Ticket t = 1; t <= 5; ++t) world.get(t);
    const auto all = world.drain();
    CHECK(all.size() == 5);
    for (const auto& [ticket, outcome] : all) {
      REQUIRE(outcome.error);
      CHECK(outcome.error->fault() == Fault::denied);
    }
    CHECK(world.service.seen.size() == 1);
  }
  TEST_CASE("a token service in trouble is asked again like any other") {
    for (const auto& trouble :
         {answer(503, ""), answer(200, "<html>"), answer(200, R"({"token":"x"})"),
          support::failure(http::Failure::connect), support::failure(http::Failure::broken)}) {
      World world;
      world.on_token = [&](int n) { return n < 4 ? Reply{trouble} : world.grant(); };
      world.get(1);
      CHECK_FALSE(world.drain().at(1).error);
      CHECK(world.grants == 4);
    }
    World world;
    world.on_token = [](int) -> Reply { return {answer(503, "")}; };
    world.get(1);
    CHECK(world.drain().at(1).error->fault() == Fault::unavailable);
    CHECK(world.grants == 9);
    world.on_token = [](int) -> Reply { return {answer(404, "")}; };
    world.get(2);
    CHECK(world.drain().at(2).error->fault() == Fault::usage);
  }
  TEST_CASE("every passing fault is outlived") {
    for (const auto& trouble :
         {answer(408, ""), answer(429, ""), answer(500, "{}"), answer(502, "<html>"),
          answer(503, ""), answer(504, ""), answer(200, ""), answer(200, "<html>"),
          answer(200, "not gzip", {{"Content-Encoding", "gzip"}}),
          answer(200, http::gzip("{}").substr(0, 10), {{"Content-Encoding", "gzip"}}),
          answer(200, "{}", {{"Content-Encoding", "br"}}), support::failure(http::Failure::connect),
          support::failure(http::Failure::timeout), support::failure(http::Failure::broken)}) {
      World world;
      int asked = 0;
      world.on_request = [&](const http::Request&) -> Reply {
        return {++asked <= 8 ? trouble : answer(200, R"({"ok":1})")};
      };
      world.get(1);
      const auto all = world.drain();
      CAPTURE(trouble.status);
      CHECK_FALSE(all.at(1).error);
      CHECK(all.at(1).response.body == R"({"ok":1})");
      CHECK(asked == 9);
      CHECK(world.client.stats().retries == 8);
    }
  }
  TEST_CASE("a body that would exhaust memory is given up at once") {
    World world;
    std::string bomb = http::gzip(std::string(std::size_t{257} << 20U, '0'));
    world.on_request = [&](const http::Request&) -> Reply {
      return {answer(200, bomb, {{"Content-Encoding", "gzip"}})};
    };
    world.get(1);
    const auto all = world.drain();
    REQUIRE(all.at(1).error);
    CHECK(all.at(1).error->fault() == Fault::undecodable);
    CHECK(all.at(1).response.body.empty());
    CHECK(world.sent().size() == 1);
  }
  TEST_CASE("refusals of a request itself are answers") {
    for (const int status : {400, 403, 404, 501}) {
      World world;
      world.on_request = [&](const http::Request&) -> Reply { return {answer(status, "{}")}; };
      world.get(1);
      const auto all = world.drain();
      CHECK_FALSE(all.at(1).error);
      CHECK(all.at(1).response.status == status);
      CHECK(world.sent().size() == 1);
    }
  }
  TEST_CASE("a 429 pauses every request until the stated time") {
    World world;
    world.get(0);
    world.drain();
    const Millis begun = world.clock.ticks();
    bool refused = false;
    world.on_request = [&](const http::Request&) -> Reply {
      if (refused) return {answer(200, "{}")};
      refused = true;
      return {answer(429, "", {{"Retry-After", "30"}}), 100ms};
    };
    world.get(1);
    world.client.wait(1s);
    REQUIRE(world.client.hold());
    CHECK(world.client.hold()->why == api::Hold::Why::pause);
    CHECK(world.client.hold()->rest <= 30s);
    for (http::Ticket t = 2; t <= 10; ++t) world.get(t);
    CHECK(world.drain().size() == 10);
    CHECK(world.client.stats().throttled == 1);
    CHECK(world.client.stats().waited >= 29s);
    const auto sent = world.sent();
    REQUIRE(sent.size() == 12);
    for (std::size_t i = 2; i < sent.size(); ++i) CHECK(sent[i].at >= begun + 100ms + 30s);
  }
  TEST_CASE("a longer wait than the cap ends everything at once, until it is over") {
    World world;
    world.on_request = [&](const http::Request&) -> Reply {
      return {answer(429, "", {{"Retry-After", "7200"}})};
    };
    for (http::Ticket t = 1; t <= 50; ++t) world.get(t);
    for (const auto& [ticket, outcome] : world.drain()) {
      REQUIRE(outcome.error);
      CHECK(outcome.error->fault() == Fault::unavailable);
      CHECK(std::string(outcome.error->what()).find("2h 00m") != std::string::npos);
    }
    const auto sent = world.sent().size();
    CHECK(sent <= 31);
    world.get(51);
    CHECK(world.drain().at(51).error->fault() == Fault::unavailable);
    CHECK(world.sent().size() == sent);

    world.on_request = nullptr;
    world.clock.pass(7300s);
    world.get(52);
    CHECK_FALSE(world.drain().at(52).error);
  }
  TEST_CASE("no request leaves before the pacer allows") {
    World world;
    for (http::Ticket t = 0; t < 500; ++t) world.get(t);
    CHECK(world.drain().size() == 500);
    const auto sent = world.sent();
    for (std::size_t i = 240; i < sent.size(); ++i) CHECK(sent[i].at - sent[i - 240].at >= 60s);
  }
  TEST_CASE("held requests leave in the order of starting") {
    World world;
    for (http::Ticket t = 0; t < 100; ++t) world.get(t, fmt::format("/api/v2/x/{:03}", t));
    world.drain();
    const auto sent = world.sent();
    CHECK(std::is_sorted(sent.begin(), sent.end(), [](const auto& a, const auto& b) {
      return a.request.target < b.request.target;
    }));
  }
  TEST_CASE("a request that waits for its retry holds no other back") {
    World world;
    int slow = 0;
    world.on_request = [&](const http::Request& request) -> Reply {
      if (request.target.ends_with("/slow") && ++slow < 7) return {answer(503, "")};
      return {answer(200, "{}")};
    };
    world.get(1, "/api/v2/slow");
    world.client.wait(1s);
    world.get(2, "/api/v2/fast");
    const auto first = world.client.wait(1h);
    REQUIRE(first.size() == 1);
    CHECK(first[0].ticket == 2);
    CHECK_FALSE(world.drain().at(1).error);
  }
  TEST_CASE("where the clocks differ the service decides, whatever an answer took") {
    for (const Millis error : {Millis(-90 * 60s), Millis(0s), Millis(1500ms), Millis(72h)}) {
      World world;
      world.clock.set_error(error);
      std::mt19937 random(3);
      world.on_request = [&](const http::Request&) -> Reply {
        const Millis there(std::uniform_int_distribution<>(0, 5000)(random));
        const Millis back(std::uniform_int_distribution<>(0, 20'000)(random));
        return {answer(200, "{}", {{"Date", base::to_http_date(world.clock.true_now() + there)}}),
                there + back};
      };
      for (http::Ticket t = 1; t <= 20; ++t) {
        world.get(t);
        world.drain();
      }
      const auto off = world.client.now() - world.clock.true_now();
      CAPTURE(error.count());
      if (std::chrono::abs(error) <= 2s) {
        CHECK(world.client.now() == world.clock.now());
      } else {
        CHECK(std::chrono::abs(off) <= 3s);
      }
    }
  }
  TEST_CASE("the service's time does not step back, though its clock seems to stand still") {
    World world;
    const auto stands = base::to_http_date(world.clock.true_now() - 72h);
    world.on_request = [&](const http::Request&) -> Reply {
      return {answer(200, "{}", {{"Date", stands}}), 300ms};
    };
    base::Instant before{};
    for (http::Ticket t = 1; t <= 20; ++t) {
      world.get(t);
      for (int look = 0; look < 3; ++look) {
        world.client.wait(40ms);
        if (t == 1) continue;  // until an answer came, the local clock is all there is
        CHECK(world.client.now() >= before);
        before = world.client.now();
      }
      world.drain();
    }
  }
  TEST_CASE("an answer that took long is no skew") {
    World world;
    world.on_request = [&](const http::Request&) -> Reply {
      return {answer(200, "{}", {{"Date", base::to_http_date(world.clock.true_now())}}), 60s};
    };
    world.get(1);
    world.drain();
    CHECK(world.client.now() == world.clock.now());
  }
  TEST_CASE("asked for a clean end, wait returns at once and nothing more is sent") {
    World world;
    world.on_request = [](const http::Request&) -> Reply { return {answer(200, "{}"), 50s}; };
    world.get(1);
    CHECK(world.client.wait(1s).empty());
    base::stop::request();
    const Millis before = world.clock.ticks();
    world.get(2);
    CHECK(world.client.wait(1h).empty());
    CHECK(world.clock.ticks() == before);
    CHECK(world.sent().size() == 1);
    CHECK(world.client.in_flight() == 2);
    base::stop::reset();
    CHECK(world.drain().size() == 2);
  }
  TEST_CASE("with nothing in flight wait lets the time pass") {
    World world;
    const Millis before = world.clock.ticks();
    CHECK(world.client.wait(90s).empty());
    CHECK(world.clock.ticks() == before + 90s);
    CHECK(world.service.seen.empty());
  }
  TEST_CASE("answers are counted, packed and unpacked") {
    World world;
    const std::string plain = "[" + std::string(10'000, ' ') + "]";
    const std::string packed = http::gzip(plain);
    world.on_request = [&](const http::Request&) -> Reply {
      return {answer(200, packed, {{"Content-Encoding", "gzip"}})};
    };
    world.get(0);
    world.drain();
    const auto before = world.client.stats();
    world.get(1);
    world.drain();
    const auto& stats = world.client.stats();
    CHECK(stats.requests == 3);
    CHECK(stats.retries == 0);
    CHECK(stats.bytes_received - before.bytes_received == packed.size());
    CHECK(stats.bytes_unpacked - before.bytes_unpacked == plain.size());
  }
  TEST_CASE("neither the secret nor a token can reach a log line") {
    World world;
    world.on_request = [](const http::Request& request) -> Reply {
      const auto seen = std::string(*request.headers.get("Authorization"));
      return {answer(403, R"({"message":"you sent )" + seen + R"("})")};
    };
    world.get(1);
    const auto all = world.drain();
    CHECK(base::log::redacted("Bearer t1-token") == "Bearer ***");
    CHECK(base::log::redacted("x sesame-secret y") == "x *** y");
    CHECK(base::log::redacted("Basic aWQ6c2VzYW1lLXNlY3JldA==") == "***");
  }
  TEST_CASE("the same faults in the same order give the same run") {
    const auto run = [] {
      World world;
      std::mt19937 random(11);
      world.on_request = [&](const http::Request&) -> Reply {
        const auto roll = random() % 4;
        if (roll == 0) return {answer(503, ""), 70ms};
        if (roll == 1) return {support::failure(http::Failure::broken), 30ms};
        return {answer(200, "{}"), Millis(random() % 500)};
      };
      for (http::Ticket t = 0; t < 60; ++t) world.get(t);
      world.drain();
      std::vector<std::pair<std::string, Millis>> trace;
      for (const auto& seen : world.service.seen) trace.emplace_back(seen.request.target, seen.at);
      return trace;
    };
    CHECK(run() == run());
  }

  TEST_CASE("what is abandoned is told to nobody, and its ticket is free") {
    World world;
    world.on_request = [&](const http::Request& request) -> Reply {
      return {answer(200, request.target.ends_with("/users") ? "old" : "new")};
    };
    world.get(1);
    world.get(2);
    world.client.wait(100ms);
    REQUIRE(world.service.seen.size() == 3);  // with the token's
    world.client.abandon();
    world.get(1, "/api/v2/teams");
    const auto told = world.drain();
    REQUIRE(told.size() == 1);
    CHECK(told.at(1).response.body == "new");
  }
}
