#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "base/stop.hpp"
#include "http/curl_transport.hpp"
#include "support/loopback_server.hpp"
#include "support/temp_folder.hpp"

using namespace csatdb;
using http::CurlLimits;
using http::CurlTransport;
using http::Failure;
using http::Response;
using support::http_answer;
using support::LoopbackServer;
using Act = LoopbackServer::Act;
using Seen = LoopbackServer::Seen;
using Then = LoopbackServer::Then;
using namespace std::chrono_literals;

namespace {

http::Request get(const std::string& url) { return {http::Method::get, url, {}, {}}; }

std::map<http::Ticket, Response> collect(CurlTransport& transport, std::size_t how_many) {
  std::map<http::Ticket, Response> all;
  while (all.size() < how_many) {
    auto answers = transport.wait(30s);
    REQUIRE_FALSE(answers.empty());
    for (auto& [ticket, response] : answers) CHECK(all.emplace(ticket, std::move(response)).second);
  }
  return all;
}

Response ask(CurlTransport& transport, http::Request request) {
  transport.start(1, std::move(request));
  return collect(transport, 1).at(1);
}

/// One request to a server that does one thing.
Response ask_once(const Act& act, CurlLimits limits = {}) {
  const LoopbackServer server([&](const Seen&) { return act; });
  CurlTransport transport(limits);
  return ask(transport, get(server.url() + "/x"));
}

/// Sets an environment variable for one test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("method, target, headers and body arrive as given") {
    const LoopbackServer server([](const Seen&) { return Act{http_answer(200, "{}")}; });
    CurlTransport transport;
    http::Request request{http::Method::post, server.url() + "/a%20b?c=d", {}, "{\"a\":1}"};
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Accept-Encoding", "gzip");
    CHECK(ask(transport, request).status == 200);
    CHECK(ask(transport, {http::Method::del, server.url() + "/j", {}, {}}).status == 200);
    CHECK(ask(transport, {http::Method::post, server.url() + "/e", {}, {}}).status == 200);
    const auto seen = server.seen();
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].head.starts_with("POST /a%20b?c=d HTTP/1.1\r\n"));
    CHECK(seen[0].head.find("Content-Type: application/json\r\n") != std::string::npos);
    CHECK(seen[0].head.find("Accept-Encoding: gzip\r\n") != std::string::npos);
    CHECK(seen[0].head.find("Expect") == std::string::npos);
    CHECK(seen[0].body == "{\"a\":1}");
    CHECK(seen[1].head.starts_with("DELETE /j HTTP/1.1\r\n"));
    CHECK(seen[2].head.starts_with("POST /e HTTP/1.1\r\n"));
    CHECK(seen[2].body.empty());
  }
  TEST_CASE("status, headers and body come back, errors too") {
    for (const int status : {200, 204, 404, 429, 500, 503}) {
      const std::string body = status == 204 ? "" : "{\"x\":1}";
      const auto response =
          ask_once({http_answer(status, body, "X-A: 1\r\nx-b:  2 \r\nX-A: 3\r\n")});
      CHECK(response.failure == Failure::none);
      CHECK(response.status == status);
      CHECK(response.body == body);
      CHECK(response.headers.get("x-a") == "1");
      CHECK(response.headers.get("X-B") == "2");
      CHECK(std::count_if(response.headers.begin(), response.headers.end(),
                          [](const auto& row) { return row.first == "X-A"; }) == 2);
    }
  }
  TEST_CASE("an interim answer leaves no headers behind") {
    const auto response =
        ask_once({"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + http_answer(200, "{}")});
    CHECK(response.status == 200);
    CHECK_FALSE(response.headers.get("X-Early"));
  }
  TEST_CASE("connections are kept and reused") {
    const LoopbackServer server([](const Seen&) { return Act{http_answer(200, "{}")}; });
    CurlTransport transport;
    for (int i = 0; i < 20; ++i) CHECK(ask(transport, get(server.url())).status == 200);
    CHECK(server.connections() == 1);
  }
  TEST_CASE("no more requests are under way than there may be connections") {
    const LoopbackServer server([](const Seen&) { return Act{http_answer(200, "{}")}; });
    CurlLimits limits;
    limits.connections = 3;
    CurlTransport transport(limits);
    for (http::Ticket t = 1; t <= 50; ++t) transport.start(t, get(server.url()));
    CHECK(collect(transport, 50).size() == 50);
    CHECK(server.connections() <= 3);
  }
  TEST_CASE("a connection that was closed meanwhile costs nothing") {
    const LoopbackServer server([](const Seen&) {
      return Act{http_answer(200, "{}"), Then::close};
    });
    CurlTransport transport;
    for (int i = 0; i < 5; ++i) CHECK(ask(transport, get(server.url())).failure == Failure::none);
    CHECK(server.connections() == 5);
  }
  TEST_CASE("a compressed body is handed over compressed") {
    const std::string packed = http::gzip("{\"long\":\"" + std::string(10'000, 'x') + "\"}");
    auto response = ask_once({http_answer(200, packed, "Content-Encoding: gzip\r\n")});
    CHECK(response.body == packed);
    CHECK(response.headers.get("Content-Encoding") == "gzip");
    http::unpack(response, 1 << 20);
    CHECK(response.body.size() == 10'011);
  }
  TEST_CASE("a chunked body is put together") {
    const auto response =
        ask_once({"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n5\r\n[1,2,\r\n2\r\n3]\r\n0\r\n\r\n"});
    CHECK(response.failure == Failure::none);
    CHECK(response.body == "[1,2,3]");
  }
  TEST_CASE("a body cut at any byte is broken, never an answer") {
    const std::string whole = http_answer(200, "{\"a\":1}");
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      for (const Then then : {Then::close, Then::reset}) {
        CAPTURE(cut);
        const auto response = ask_once({whole.substr(0, cut), then});
        CHECK(response.failure == Failure::broken);
        CHECK_FALSE(response.detail.empty());
        CHECK(response.body.empty());
      }
    }
    const auto chunked = ask_once(
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n", Then::close});
    CHECK(chunked.failure == Failure::broken);
  }
  TEST_CASE("what is no HTTP is broken") {
    CHECK(ask_once({"SSH-2.0-OpenSSH\r\n\r\n", Then::close}).failure == Failure::broken);
    CHECK(ask_once({std::string(300, '\0'), Then::close}).failure == Failure::broken);
  }
  TEST_CASE("nobody listening is no connection") {
    std::string url;
    {
      const LoopbackServer gone([](const Seen&) { return Act{}; });
      url = gone.url();
    }
    CurlTransport transport;
    const auto response = ask(transport, get(url));
    CHECK(response.failure == Failure::connect);
    CHECK(response.status == 0);
  }
  TEST_CASE("a body beyond the cap ends its transfer, stated or not, endless or not") {
    CurlLimits limits;
    limits.most_bytes = 1 << 20;
    const std::string much(limits.most_bytes + 1, 'x');
    CHECK(ask_once({http_answer(200, much)}, limits).failure == Failure::too_large);
    CHECK(ask_once({http_answer(200, much.substr(1))}, limits).failure == Failure::none);
    const Act endless{"HTTP/1.1 200 OK\r\n\r\n", Then::flood};
    CHECK(ask_once(endless, limits).failure == Failure::too_large);
    const Act header{"HTTP/1.1 200 OK\r\nX-Endless: ", Then::flood};
    CHECK(ask_once(header, limits).failure != Failure::none);
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100'000; ++i) many += "X-Many: 1234567890\r\n";
    CHECK(ask_once({many, Then::hang}, limits).failure == Failure::too_large);
  }
  TEST_CASE("a slow answer times out, silent or dripping for ever") {
    CurlLimits limits;
    limits.total = 150ms;
    CHECK(ask_once({"", Then::hang}, limits).failure == Failure::timeout);
    CHECK(ask_once({"HTTP/1.1 200 OK\r\n\r\n", Then::drip}, limits).failure == Failure::timeout);
    CHECK(ask_once({"HTTP/1.1 200 OK\r\nX-Drip: ", Then::drip}, limits).failure ==
          Failure::timeout);
    limits.total = 1min;
    limits.stall = 1s;
    CHECK(ask_once({"HTTP/1.1 200 OK\r\n\r\n[1,", Then::hang}, limits).failure == Failure::timeout);
  }
  TEST_CASE("time spent waiting for a connection is not counted against a request") {
    const LoopbackServer server([](const Seen& seen) {
      return seen.head.starts_with("GET /slow") ? Act{"", Then::hang} : Act{http_answer(200, "{}")};
    });
    CurlLimits limits;
    limits.connections = 1;
    limits.total = 200ms;
    CurlTransport transport(limits);
    transport.start(1, get(server.url() + "/slow"));
    transport.start(2, get(server.url() + "/fast"));
    const auto all = collect(transport, 2);
    CHECK(all.at(1).failure == Failure::timeout);
    CHECK(all.at(2).failure == Failure::none);
  }
  TEST_CASE("a redirect is an answer, never followed") {
    const LoopbackServer target([](const Seen&) { return Act{http_answer(200, "{}")}; });
    for (const int status : {301, 302, 307, 308}) {
      const auto response =
          ask_once({http_answer(status, "", "Location: " + target.url() + "/stolen\r\n")});
      CHECK(response.status == status);
      CHECK(response.failure == Failure::none);
    }
    CHECK(target.connections() == 0);
  }
  TEST_CASE("plain http off loopback, and what is no http at all, is refused unsent") {
    CurlTransport transport;
    for (const char* url : {"http://192.0.2.1/x", "http://api.mypurecloud.ie/x"}) {
      const auto response = ask(transport, get(url));
      CHECK(response.failure == Failure::connect);
      CHECK(response.detail.find("https") != std::string::npos);
    }
    for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "/api/v2/users", "",
                            "http://127.0.0.1@192.0.2.1/", "http://127.0.0.1\\@192.0.2.1/"})
      CHECK(ask(transport, get(url)).failure == Failure::connect);
  }
  TEST_CASE("a certificate must be vouched for, and be for the host") {
    const support::TempFolder folder;
    const std::string authority = (folder.path() / "authority.pem").string();
    const auto server = LoopbackServer::with_tls(
        [](const Seen&) { return Act{http_answer(200, "{}")}; }, authority);
    CurlTransport transport;
    const auto response = ask(transport, get(server->url()));
    CHECK(response.failure == Failure::tls);
    CHECK_FALSE(response.detail.empty());
    CHECK(server->seen().empty());
    for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
      CAPTURE(std::string(name));
      const Environment bundle("CURL_CA_BUNDLE", ""), trusted(name, authority);
      CurlTransport trusting;
      CHECK(ask(trusting, get(server->url())).status == 200);
      const std::string misnamed = "https://localhost:" + std::to_string(server->port());
      CHECK(ask(trusting, get(misnamed)).failure == Failure::tls);
    }
  }
  TEST_CASE("TLS spoken to a server that does not speak it is no connection") {
    const LoopbackServer server([](const Seen&) { return Act{http_answer(200, "{}")}; });
    CurlTransport transport;
    const auto url = "https://127.0.0.1:" + std::to_string(server.port());
    transport.start(1, get(url));
    // The greeting looks like an unfinished request to the server, so only the client's patience
    // ends it.
    CHECK(transport.wait(50ms).empty());
  }
  TEST_CASE("a proxy of the environment is used, though never for loopback") {
    const LoopbackServer proxy([](const Seen&) {
      return Act{"HTTP/1.1 403 No\r\n\r\n", Then::close};
    });
    const LoopbackServer server([](const Seen&) { return Act{http_answer(200, "{}")}; });
    const Environment https("https_proxy", proxy.url()), http("http_proxy", proxy.url()),
        none("no_proxy", ""), upper("NO_PROXY", "");
    CurlTransport transport;
    CHECK(ask(transport, get(server.url())).status == 200);
    CHECK(proxy.connections() == 0);
    CHECK(ask(transport, get("https://api.mypurecloud.ie/x")).failure != Failure::none);
    REQUIRE(proxy.seen().size() == 1);
    CHECK(proxy.seen()[0].head.starts_with("CONNECT api.mypurecloud.ie:443 "));
  }
  TEST_CASE("wait returns early for a clean end, and empty when nothing came") {
    const LoopbackServer server([](const Seen&) { return Act{"", Then::hang}; });
    CurlTransport transport;
    CHECK(transport.wait(0ms).empty());
    CHECK(transport.wait(1ms).empty());
    transport.start(1, get(server.url()));
    CHECK(transport.wait(1ms).empty());
    base::stop::request();
    CHECK(transport.wait(1h).empty());
    base::stop::reset();
  }
  TEST_CASE("a transport may be dropped in any phase of its transfers") {
    const LoopbackServer server([n = 0](const Seen&) mutable {
      return ++n % 2 == 0 ? Act{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1,", Then::hang}
                          : Act{http_answer(200, "{}")};
    });
    for (int waits = 0; waits < 20; ++waits) {
      CurlTransport transport;
      for (http::Ticket t = 1; t <= 12; ++t) transport.start(t, get(server.url()));
      for (int i = 0; i < waits; ++i) (void)transport.wait(0ms);
    }
  }
}
