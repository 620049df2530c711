#include <doctest/doctest.h>

#include "api/hosts.hpp"
#include "api/token.hpp"
#include "base/error.hpp"

using namespace csatdb;
using namespace csatdb::api;
using State = Token::State;
using namespace std::chrono_literals;

namespace {

base::Fault fault_of(const auto& act) {
  try {
    act();
  } catch (const base::Error& error) {
    return error.fault();
  }
  FAIL("nothing was thrown");
  return base::Fault::internal;
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("a token is replaced five minutes before its end and works until then") {
    Token token;
    CHECK(token.state(0s) == State::missing);
    token.accept("t", 86400s, 100s);
    CHECK(token.state(100s) == State::fresh);
    CHECK(token.state(100s + 86400s - 300s - 1ms) == State::fresh);
    CHECK(token.state(100s + 86400s - 300s) == State::ageing);
    CHECK(token.state(100s + 86400s - 1ms) == State::ageing);
    CHECK(token.state(100s + 86400s) == State::expired);
  }
  TEST_CASE("half of a short life is left to the successor") {
    for (const auto life : {300s, 60s, 599s}) {
      Token token;
      token.accept("t", life, 0s);
      CHECK(token.state(0s) == State::fresh);
      CHECK(token.state(life / 2 - 1ms) == State::fresh);
      CHECK(token.state(life - 1ms) == State::ageing);
    }
  }
  TEST_CASE("of many requests refused together, one drops the token and the others find the next") {
    Token token;
    token.accept("old", 600s, 0s);
    const int old = token.generation();
    token.refused(old);
    CHECK(token.state(1s) == State::missing);
    token.accept("new", 600s, 2s);
    token.refused(old);
    CHECK(token.state(3s) == State::fresh);
    CHECK(token.value() == "new");
  }
  TEST_CASE("the token request says what RFC 6749 wants and no more") {
    const auto request =
        token_request("https://login.mypurecloud.ie/oauth/token", {"Aladdin", "open sesame"});
    CHECK(request.method == http::Method::post);
    CHECK(request.target == "https://login.mypurecloud.ie/oauth/token");
    CHECK(request.body == "grant_type=client_credentials");
    CHECK(request.headers.get("authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK(request.headers.get("Content-Type") == "application/x-www-form-urlencoded");
    CHECK(basic_authorization({"a", ""}) == "Basic YTo=");
    CHECK(basic_authorization({"a", "b"}) == "Basic YTpi");
  }
  TEST_CASE("a grant names its life, and is assumed short where it does not") {
    const auto grant =
        read_grant(R"({"access_token":"abc","token_type":"bearer","expires_in":86399})");
    CHECK(grant.token == "abc");
    CHECK(grant.lifetime == 86399s);
    CHECK(read_grant(R"({"access_token":"abc"})").lifetime == 300s);
    CHECK(read_grant(R"({"access_token":"abc","expires_in":-5})").lifetime == 1s);
    CHECK(read_grant(R"({"access_token":"a","expires_in":9000000000000000000})").lifetime ==
          345600s);
  }
  TEST_CASE("what is no grant, or would write headers, is refused") {
    for (const char* bad :
         {"", "<html>", "[]", "{}", R"({"access_token":7})", R"({"access_token":""})",
          R"({"access_token":"a\r\nHost: evil"})", R"({"access_token":"a b"})",
          R"({"access_token":"a","expires_in":"x"})"}) {
      CAPTURE(bad);
      CHECK(fault_of([&] { (void)read_grant(bad); }) == base::Fault::undecodable);
    }
  }
  TEST_CASE("api.DOMAIN implies login.DOMAIN; any other base URL serves its own tokens") {
    const auto region = hosts_of_url("https://API.mypurecloud.ie/");
    CHECK(region.api == "https://api.mypurecloud.ie");
    CHECK(region.token_url == "https://login.mypurecloud.ie/oauth/token");
    const auto loopback = hosts_of_url("http://127.0.0.1:8080/");
    CHECK(loopback.api == "http://127.0.0.1:8080");
    CHECK(loopback.token_url == "http://127.0.0.1:8080/oauth/token");
    CHECK(hosts_of_url("https://gateway.example/genesys/").token_url ==
          "https://gateway.example/genesys/oauth/token");
    CHECK(hosts_of_url("https://api.mypurecloud.ie:8443").token_url ==
          "https://api.mypurecloud.ie:8443/oauth/token");
    CHECK(hosts_of_url("http://[::1]:9").api == "http://[::1]:9");
  }
  TEST_CASE("plain http is for this machine only") {
    for (const char* good : {"http://localhost:1", "http://127.9.9.9", "http://[::1]"})
      CHECK_NOTHROW((void)hosts_of_url(good));
    for (const char* bad :
         {"http://api.mypurecloud.ie", "http://127.0.0.1.evil.example", "http://localhost.evil",
          "http://0.0.0.0", "http://127.evil.example", "http://127.0.0.1@evil.example",
          "http://evil.example\\@127.0.0.1", "http://127.0.0.1#@evil.example"}) {
      CAPTURE(bad);
      CHECK(fault_of([&] { (void)hosts_of_url(bad); }) == base::Fault::usage);
    }
  }
  TEST_CASE("what is no plain URL is refused") {
    for (const char* bad :
         {"", "api.mypurecloud.ie", "ftp://x.example", "https://", "https:///x", "https://a b",
          "https://user:secret@x.example", "https://x.example?a=b", "https://x.example/?a",
          "https://x.example:port", "https://x.example:", "https://x.example:123456",
          "https://x_y!.example", "https://ex\nample", "file:///etc/passwd"}) {
      CAPTURE(bad);
      CHECK(fault_of([&] { (void)hosts_of_url(bad); }) == base::Fault::usage);
    }
  }
  TEST_CASE("a region is an AWS name in either spelling, or a domain, known or not") {
    CHECK(hosts_of_region("me-central-1").api == "https://api.mec1.pure.cloud");
    CHECK(hosts_of_region("me_central_1").api == "https://api.mec1.pure.cloud");
    CHECK(hosts_of_region("EU-WEST-1").token_url == "https://login.mypurecloud.ie/oauth/token");
    CHECK(hosts_of_region("mypurecloud.de").api == "https://api.mypurecloud.de");
    CHECK(hosts_of_region("new1.pure.cloud").token_url ==
          "https://login.new1.pure.cloud/oauth/token");
    for (const char* bad : {"", "eu-west-9", "mars", "https://api.mypurecloud.de", "a.b/c", "a.b:1",
                            "a.b@c.d", "a b.c"}) {
      CAPTURE(bad);
      CHECK(fault_of([&] { (void)hosts_of_region(bad); }) == base::Fault::usage);
    }
  }
}
