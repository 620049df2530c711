#include <map>
#include <set>
#include <string>

#include "net/sim_bench.hpp"
#include "sim/truth.hpp"

using namespace csatdb;
using sim::SimBench;

namespace {

constexpr const char* kSurveys = "/analytics/surveys/aggregates/query";
constexpr const char* kConversations = "/analytics/conversations/aggregates/query";

/// Sums of one statistic over all buckets, by group value and metric.
std::map<std::string, double> sums(SimBench& bench, const char* path, const std::string& body,
                                   const std::string& group, const std::string& stat = "count") {
  const auto response = bench.post(path, body);
  REQUIRE(response.status == 200);
  json::Document document;
  std::map<std::string, double> found;
  for (const auto& result : document.parse(response.body)["results"].elements()) {
    const std::string key(group.empty() ? "" : result["group"][group].text_or("none"));
    for (const auto& bucket : result["data"].elements()) {
      for (const auto& m : bucket["metrics"].elements())
        found[key + "/" + std::string(m["metric"].text())] +=
            m["stats"][stat].maybe_real().value_or(0);
    }
  }
  return found;
}

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("survey aggregates find every survey by the time of its events") {
    SimBench bench;
    bench.clock.advance(std::chrono::days(40));
    const auto rows = sim::truth(bench.world, bench.world.organisation().first_day,
                                 base::day_of(bench.clock.now()), bench.clock.now());
    const base::Interval window{SimBench::kNow, SimBench::kNow + std::chrono::days(20)};
    std::set<std::string> finished, seen;
    for (const auto& row : rows) {
      for (const auto& s : row.surveys) {
        if (s.status == "Finished" && window.begin <= s.event_time && s.event_time < window.end)
          finished.insert(s.id);
      }
    }
    CHECK(finished.size() > 20);
    const auto found =
        sums(bench, kSurveys,
             "{\"interval\":\"" + base::to_iso(window) +
                 R"(","metrics":["nSurveyResponses"],"groupBy":["conversationId","surveyId"],)"
                 R"("alternateTimeDimension":"eventTime"})",
             "surveyId");
    for (const auto& [key, count] : found) {
      CHECK(count == 1);
      seen.insert(key.substr(0, 36));
    }
    // A survey deleted since keeps its events.
    for (const auto& id : finished) CHECK(seen.contains(id));
    CHECK(seen.size() <= finished.size() + 5);
  }
  TEST_CASE("each end of a survey is an event, in the analytics spelling") {
    SimBench bench;
    bench.clock.advance(std::chrono::days(120));
    const auto found =
        sums(bench, kSurveys,
             R"({"interval":"2025-05-01T00:00:00Z/2025-10-01T00:00:00Z","metrics":[)"
             R"("nSurveysSent","nSurveysStarted","nSurveyResponses","nSurveysExpired",)"
             R"("nSurveyErrors","nSurveysAbandoned","nSurveysDeleted","nSurveyFullResponses",)"
             R"("nSurveyPartialResponses"],"groupBy":["surveyStatus"]})",
             "surveyStatus");
    for (const auto* key :
         {"Sent/nSurveysSent", "In Progress/nSurveysStarted", "Finished/nSurveyResponses",
          "Expired/nSurveysExpired", "Error/nSurveyErrors", "Opt Out/nSurveysAbandoned",
          "Expired/nSurveysAbandoned", "Finished/nSurveyPartialResponses"}) {
      INFO(key);
      CHECK(found.contains(key));
    }
    CHECK(found.at("Finished/nSurveyResponses") ==
          found.at("Finished/nSurveyFullResponses") + found.at("Finished/nSurveyPartialResponses"));
  }
  TEST_CASE("the score of a group is the sum of its surveys' scores") {
    SimBench bench;
    bench.clock.advance(std::chrono::days(120));
    double total = 0;
    double count = 0;
    for (const auto& row : sim::truth(bench.world, bench.world.organisation().first_day,
                                      base::day_of(SimBench::kNow), bench.clock.now())) {
      for (const auto& s : row.surveys) {
        if (!s.answers) continue;
        total += s.answers->total;
        ++count;
      }
    }
    const std::string body =
        R"({"interval":"2025-05-01T00:00:00Z/2025-12-01T00:00:00Z","metrics":["oSurveyTotalScore"],)"
        R"("filter":{"type":"and","predicates":[{"dimension":"surveyCreatedDate","value":)"
        R"("2025-05-01T00:00:00Z/2025-06-01T00:00:00Z"}]}})";
    const auto counts = sums(bench, kSurveys, body, "");
    const auto scores = sums(bench, kSurveys, body, "", "sum");
    CHECK(counts.at("/oSurveyTotalScore") == doctest::Approx(count).epsilon(0.02));
    CHECK(scores.at("/oSurveyTotalScore") == doctest::Approx(total).epsilon(0.02));
  }
  TEST_CASE("conversation aggregates count what sessions emitted, when they emitted it") {
    SimBench bench;
    bench.clock.advance(std::chrono::days(1));
    std::map<std::string, double> expected;
    for (const auto& row : sim::truth(bench.world, bench.world.organisation().first_day,
                                      base::day_of(bench.clock.now()), bench.clock.now())) {
      json::Document document;
      for (const auto& p : document.parse(row.body)["participants"].elements()) {
        for (const auto& s : p["sessions"].elements()) {
          for (const auto& m : s["metrics"].elements()) {
            const auto day = m["emitDate"].text().substr(0, 10);
            if (day != "2025-05-29") continue;
            const auto name = m["name"].text();
            if (name != "nOffered" && name != "tHandle") continue;
            expected[std::string(s["mediaType"].text()) + "/" + std::string(name)] +=
                name == "nOffered" ? static_cast<double>(m["value"].integer()) : 1;
          }
        }
      }
    }
    CHECK(expected.size() > 6);
    CHECK(sums(bench, kConversations,
               R"({"interval":"2025-05-29T00:00:00Z/2025-05-30T00:00:00Z","metrics":["nOffered",)"
               R"("tHandle"],"groupBy":["mediaType"]})",
               "mediaType") == expected);
  }
  TEST_CASE("days are cut in the zone asked for") {
    SimBench bench;
    const auto response = bench.post(
        kConversations,
        R"({"interval":"2025-05-27T04:00:00Z/2025-05-30T04:00:00Z","metrics":["nOffered"],)"
        R"("granularity":"P1D","timeZone":"America/New_York"})");
    json::Document document;
    const auto data = document.parse(response.body)["results"].elements().at(0)["data"].elements();
    REQUIRE(data.size() == 3);
    CHECK(data[0]["interval"].text() == "2025-05-27T04:00:00.000Z/2025-05-28T04:00:00.000Z");
    CHECK(data[2]["interval"].text() == "2025-05-29T04:00:00.000Z/2025-05-30T04:00:00.000Z");
    double parts = 0;
    for (const auto& day : data)
      parts += static_cast<double>(day["metrics"].elements().at(0)["stats"]["count"].integer());
    const auto whole = sums(bench, kConversations,
                            R"({"interval":"2025-05-27T04:00:00Z/2025-05-30T04:00:00Z",)"
                            R"("metrics":["nOffered"],"granularity":"PT30M"})",
                            "");
    CHECK(whole.at("/nOffered") == parts);
  }
  TEST_CASE("evaluations and resolutions are counted like surveys") {
    SimBench bench;
    bench.clock.advance(std::chrono::days(60));
    const std::string interval = R"({"interval":"2025-05-01T00:00:00Z/2025-08-01T00:00:00Z",)";
    const auto evaluations =
        sums(bench, "/analytics/evaluations/aggregates/query",
             interval + R"("metrics":["nEvaluations","oTotalScore"],"groupBy":["evaluationId"]})",
             "evaluationId");
    CHECK(evaluations.size() > 20);
    const auto resolutions =
        sums(bench, "/analytics/resolutions/aggregates/query",
             interval + R"("metrics":["nNextContactAvoided"],"groupBy":["conversationId"]})",
             "conversationId");
    CHECK(resolutions.size() > 10);
  }
  TEST_CASE("an aggregate without rows omits its results, and nonsense is refused") {
    SimBench bench;
    const auto ask = [&](const std::string& more) {
      return bench.post(kSurveys,
                        R"({"interval":"2015-05-27T04:00:00Z/2015-05-30T04:00:00Z",)" + more + "}");
    };
    CHECK(ask(R"("metrics":["nSurveysSent"])").body == "{}");
    for (const auto* bad :
         {R"("metrics":[])", R"("metrics":["nOffered"])", R"("groupBy":["surveyId"])",
          R"("metrics":["nSurveysSent"],"groupBy":["survey"])",
          R"("metrics":["nSurveysSent"],"granularity":"1D")",
          R"("metrics":["nSurveysSent"],"granularity":"P1D","timeZone":"Mars/Olympus")",
          R"("metrics":["nSurveysSent"],"alternateTimeDimension":"sent")",
          R"("metrics":["nSurveysSent"],"filter":{"predicates":[]})"}) {
      INFO(bad);
      CHECK(ask(bad).status == 400);
    }
  }
}
