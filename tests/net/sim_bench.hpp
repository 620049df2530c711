#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "json/reader.hpp"
#include "sim/clock.hpp"
#include "sim/in_process.hpp"
#include "sim/jobs.hpp"
#include "sim/service.hpp"
#include "sim/world.hpp"

namespace csatdb::sim {

/// A small world with a service on top, and a client that can only ask.
struct SimBench {
  static constexpr base::Instant kNow{base::Millis{1748757600000}};  // 2025-06-01T06:00:00Z

  explicit SimBench(Options options = {}, Organisation o = organisation())
      : world(o), clock(kNow), service(world, clock, std::move(options)) {}

  static Organisation organisation() {
    Organisation o;
    o.first_day = base::day_of(kNow) - std::chrono::days(10);
    o.days = 10;
    o.interactions = 1500;
    return o;
  }

  http::Response send(http::Method method, std::string target, std::string body = {},
                      std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::Request request{method, std::move(target), {}, std::move(body)};
    for (const auto& [name, value] : headers) request.headers.set(name, value);
    return service.answer(request).response;
  }
  std::string token() {
    const auto response = send(http::Method::post, "/oauth/token", "grant_type=client_credentials",
                               {{"Authorization", "Basic " + base64("demo:demo-secret")},
                                {"Content-Type", "application/x-www-form-urlencoded"}});
    REQUIRE(response.status == 200);
    json::Document document;
    return std::string(document.parse(response.body)["access_token"].text());
  }
  http::Response get(std::string path) {
    if (bearer.empty()) bearer = "Bearer " + token();
    return send(http::Method::get, "/api/v2" + path, {}, {{"Authorization", bearer}});
  }
  http::Response post(std::string path, std::string body) {
    if (bearer.empty()) bearer = "Bearer " + token();
    return send(http::Method::post, "/api/v2" + path, std::move(body),
                {{"Authorization", bearer}, {"Content-Type", "application/json"}});
  }
  /// One page of the details query.
  http::Response details(std::string_view begin, std::string_view end, int page = 1,
                         std::string_view more = {}) {
    return post("/analytics/conversations/details/query",
                "{\"interval\":\"" + std::string(begin) + "/" + std::string(end) +
                    "\",\"paging\":{\"pageSize\":100,\"pageNumber\":" + std::to_string(page) + "}" +
                    std::string(more) + "}");
  }

  World world;
  FakeClock clock;
  Service service;
  std::string bearer;
};

/// The error code of an ErrorBody.
inline std::string code_of(const http::Response& response) {
  json::Document document;
  return std::string(document.parse(response.body)["code"].text());
}

}  // namespace csatdb::sim
