#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "net/sim_bench.hpp"
#include "sim/truth.hpp"

using namespace csatdb;
using sim::SimBench;

namespace {

constexpr const char* kJobs = "/analytics/conversations/details/jobs";

struct Results {
  std::vector<std::string> ids, bodies, starts, cursors;
  std::string available;
  int status = 200;
};

std::string submit(SimBench& bench, std::string_view begin, std::string_view end,
                   std::string_view more = {}) {
  const auto response = bench.post(kJobs, "{\"interval\":\"" + std::string(begin) + "/" +
                                              std::string(end) + "\"" + std::string(more) + "}");
  REQUIRE(response.status == 202);
  json::Document document;
  return std::string(document.parse(response.body)["jobId"].text());
}

std::string state(SimBench& bench, const std::string& job) {
  json::Document document;
  return std::string(
      document.parse(bench.get(std::string(kJobs) + "/" + job).body)["state"].text());
}

Results fetch(SimBench& bench, const std::string& job, int size = 100) {
  Results all;
  std::string cursor;
  do {
    const auto response =
        bench.get(std::string(kJobs) + "/" + job + "/results?pageSize=" + std::to_string(size) +
                  (cursor.empty() ? "" : "&cursor=" + http::percent_encode(cursor)));
    all.status = response.status;
    if (response.status != 200) return all;
    json::Document document;
    const auto root = document.parse(response.body);
    for (const auto& c : root["conversations"].elements()) {
      all.ids.emplace_back(c["conversationId"].text());
      all.starts.emplace_back(c["conversationStart"].text());
      all.bodies.push_back(c.dump());
    }
    all.available = root["dataAvailabilityDate"].text();
    cursor = root["cursor"].text_or("");
    if (!cursor.empty()) all.cursors.push_back(cursor);
  } while (!cursor.empty());
  return all;
}

constexpr const char* kStartOfDay = ",\"startOfDayIntervalMatching\":true";

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("a job is queued, pending, fulfilled and at last expired") {
    sim::Options options;
    options.job_delay = base::Millis{4000};
    options.job_life = base::Millis{60000};
    SimBench bench(options);
    const auto job = submit(bench, "2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z");
    CHECK(state(bench, job) == "QUEUED");
    CHECK(fetch(bench, job).status == 400);
    bench.clock.advance(base::Millis{2000});
    CHECK(state(bench, job) == "PENDING");
    bench.clock.advance(base::Millis{2000});
    CHECK(state(bench, job) == "FULFILLED");
    CHECK(fetch(bench, job).ids.size() > 100);
    bench.clock.advance(base::Millis{60000});
    CHECK(state(bench, job) == "EXPIRED");
    CHECK(fetch(bench, job).status == 404);
    const auto path = std::string("/api/v2") + kJobs + "/" + job;
    CHECK(bench.send(http::Method::del, path, {}, {{"Authorization", bench.bearer}}).status == 204);
    CHECK(bench.get(std::string(kJobs) + "/" + job).status == 404);
  }
  TEST_CASE("cursors must be escaped in a URL and belong to one job") {
    sim::Options options;
    options.job_delay = base::Millis{0};
    SimBench bench(options);
    const auto job = submit(bench, "2025-05-25T00:00:00Z", "2025-05-31T00:00:00Z");
    const auto other = submit(bench, "2025-05-25T00:00:00Z", "2025-05-31T00:00:00Z");
    const auto all = fetch(bench, job);
    REQUIRE(all.cursors.size() > 2);
    CHECK(std::set<std::string>(all.ids.begin(), all.ids.end()).size() == all.ids.size());
    for (const auto& cursor : all.cursors) {
      CHECK(cursor.find('+') != std::string::npos);
      CHECK(cursor.find('/') != std::string::npos);
      CHECK(cursor.back() == '=');
    }
    const auto with = [&](const std::string& id, const std::string& cursor) {
      return bench.get(std::string(kJobs) + "/" + id + "/results?cursor=" + cursor).status;
    };
    CHECK(with(job, http::percent_encode(all.cursors[0])) == 200);
    CHECK(with(job, all.cursors[0]) == 400);
    CHECK(with(other, http::percent_encode(all.cursors[0])) == 400);
    CHECK(with(job, "bm8%3D") == 400);
    CHECK(bench.get(std::string(kJobs) + "/" + job + "/results?pageSize=1001").status == 400);
    bench.service.options().job_page_most = 500;
    CHECK(bench.get(std::string(kJobs) + "/" + job + "/results?pageSize=1000").status == 400);
    CHECK(fetch(bench, job, 500).ids == all.ids);
  }
  TEST_CASE("a job tells whole days below the watermark, with attributes") {
    sim::Options options;
    options.job_delay = base::Millis{0};
    SimBench bench(options);
    const auto job = submit(bench, "2025-05-26T00:00:00Z", "2025-05-27T00:00:00Z", kStartOfDay);
    const auto results = fetch(bench, job);
    const auto day = base::parse_day("2025-05-26").value();
    const auto rows =
        sim::truth(bench.world, day, day + std::chrono::days(1), bench.service.watermark_now());
    REQUIRE(results.ids.size() == rows.size());
    bool attributes = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(std::find(results.ids.begin(), results.ids.end(), rows[i].id) != results.ids.end());
      CHECK(rows[i].body.find("\"attributes\"") == std::string::npos);
      attributes |= results.bodies[i].find("\"attributes\"") != std::string::npos;
    }
    CHECK(attributes);
    CHECK(results.available.size() == 20);  // no decimals
    CHECK(base::parse_instant(results.available) == bench.service.watermark_now());
  }
  TEST_CASE("a job past the watermark succeeds and is silently short") {
    sim::Options options;
    options.job_delay = base::Millis{0};
    options.lake_lag = std::chrono::hours(20);
    SimBench bench(options);
    const auto mark = bench.service.watermark_now();
    CHECK(mark < SimBench::kNow - std::chrono::hours(19));
    const auto job = submit(bench, "2025-05-31T00:00:00Z", "2025-06-01T00:00:00Z", kStartOfDay);
    const auto results = fetch(bench, job);
    const auto day = base::parse_day("2025-05-31").value();
    const auto rows = sim::truth(bench.world, day, day + std::chrono::days(1), SimBench::kNow);
    CHECK(results.status == 200);
    CHECK(results.ids.size() > 0);
    CHECK(results.ids.size() < rows.size());
    for (const auto& start : results.starts) CHECK(*base::parse_instant(start) < mark);
    bench.clock.advance(std::chrono::hours(24));
    bench.bearer.clear();
    const auto again = submit(bench, "2025-05-31T00:00:00Z", "2025-06-01T00:00:00Z", kStartOfDay);
    CHECK(fetch(bench, again).ids.size() >= rows.size());
  }
  TEST_CASE("a job finds what was alive in its interval, begun long before too") {
    sim::Options options;
    options.job_delay = base::Millis{0};
    auto organisation = SimBench::organisation();
    organisation.interactions = 6000;
    SimBench bench(options, organisation);
    const auto wide = fetch(bench, submit(bench, "2025-05-30T00:00:00Z", "2025-05-31T00:00:00Z"));
    const auto narrow =
        fetch(bench, submit(bench, "2025-05-30T00:00:00Z", "2025-05-31T00:00:00Z", kStartOfDay));
    CHECK(wide.ids.size() > narrow.ids.size());
    const std::set<std::string> all(wide.ids.begin(), wide.ids.end());
    for (const auto& id : narrow.ids) CHECK(all.contains(id));
    for (const auto& start : narrow.starts) CHECK(start.substr(0, 10) == "2025-05-30");
    CHECK(std::any_of(wide.starts.begin(), wide.starts.end(),
                      [](const auto& start) { return start.substr(0, 10) < "2025-05-29"; }));
    for (std::size_t i = 0; i < wide.bodies.size(); ++i) {
      json::Document document;
      const auto end = document.parse(wide.bodies[i])["conversationEnd"].maybe_instant();
      if (end) CHECK(*end >= base::parse_instant("2025-05-30T00:00:00Z").value());
    }
  }
  TEST_CASE("jobs fail, expire early and lose cursors by seed") {
    sim::Options options;
    options.job_delay = base::Millis{0};
    options.rate = 0;
    options.job_fails = options.job_expires = options.job_loses_cursor = 0.3;
    auto organisation = SimBench::organisation();
    organisation.interactions = 300;
    SimBench bench(options, organisation);
    std::map<std::string, int> met;
    for (int i = 0; i < 40; ++i) {
      const auto job = submit(bench, "2025-05-25T00:00:00Z", "2025-05-31T00:00:00Z");
      const auto now = state(bench, job);
      ++met[now];
      if (now != "FULFILLED") continue;
      const auto first = fetch(bench, job, 30);
      ++met[first.status == 200 ? "read" : "lost cursor"];
      CHECK(fetch(bench, job, 30).status == 200);  // a cursor is lost once
    }
    for (const auto* fate : {"FAILED", "EXPIRED", "FULFILLED", "read", "lost cursor"}) {
      INFO(fate);
      CHECK(met[fate] > 0);
    }
  }
}
