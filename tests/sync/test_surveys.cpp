#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "json/reader.hpp"
#include "support/sync_rig.hpp"
#include "sync/oracle.hpp"

using namespace csatdb;
using base::Instant;
using http::Method;
using http::Request;
using http::Response;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using support::Oracle;
using support::SyncRig;

namespace {

constexpr auto kById = "/conversations/details?id=";
constexpr auto kSurveyEvents = "/analytics/surveys/aggregates/query";
constexpr auto kAggregates = "analytics:surveyAggregate:view";

std::vector<std::string> ids_of(const support::Asked& asked) {
  std::vector<std::string> ids;
  const auto& target = asked.request.target;
  for (auto at = target.find("id="); at != std::string::npos; at = target.find("id=", at + 1))
    ids.push_back(target.substr(at + 3, target.find('&', at) - at - 3));
  return ids;
}

/// The truth's finished surveys that the warehouse does not tell of as such, or the other way
/// round.
std::size_t stale_surveys(SyncRig& rig, base::Day first, base::Day last) {
  std::set<std::string> stored;
  for (auto& line : rig.rows("SELECT survey_id, status FROM fact_surveys WHERE NOT is_gone"))
    stored.insert(std::move(line));
  std::size_t wrong = 0;
  for (const auto& c : sim::truth(rig.world, first, last, rig.clock.now())) {
    // One that is not sent yet shows in no aggregate.
    for (const auto& s : c.surveys)
      wrong += s.status != "Pending" && !stored.contains(s.id + "|" + s.status);
  }
  return wrong;
}

void turn(SyncRig& rig, base::Millis by) { rig.clock.advance(by); }

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("a survey finished weeks later is picked up, with and without survey aggregates") {
    for (const bool has_aggregates : {true, false}) {
      CAPTURE(has_aggregates);
      auto options = SyncRig::unlimited();
      if (!has_aggregates) options.missing_permissions = {kAggregates};
      auto o = SyncRig::quiet(10, 260);
      o.rates.survey = 0.9;
      SyncRig rig(o, options);
      rig.sync_well();
      // Without aggregates the first search comes a day later: jobs are as old as their lake.
      if (has_aggregates) CHECK(stale_surveys(rig, o.first_day, SyncRig::today()) == 0);
      const auto before =
          std::stoi(rig.value("SELECT count(*) FROM fact_surveys WHERE is_response"));
      for (const int weeks : {5, 9}) {
        CAPTURE(weeks);
        turn(rig, days(7 * weeks));
        rig.settings.only = {"survey_events", "survey_search", "follow_ups", "surveys"};
        CHECK(stale_surveys(rig, o.first_day, SyncRig::today()) > 0);
        rig.sync_well();
        CHECK(stale_surveys(rig, o.first_day, SyncRig::today()) == 0);
      }
      CHECK(std::stoi(rig.value("SELECT count(*) FROM fact_surveys WHERE is_response")) > before);
    }
  }

  TEST_CASE("a survey created weeks after the call is found, with and without survey aggregates") {
    for (const bool has_aggregates : {true, false}) {
      CAPTURE(has_aggregates);
      auto options = SyncRig::unlimited();
      if (!has_aggregates) options.missing_permissions = {kAggregates};
      auto o = SyncRig::quiet(6, 200);
      o.rates.survey = 0.9;
      o.rates.late_invitation = 0.8;
      SyncRig rig(o, options);
      turn(rig, days(5));
      rig.sync_well();
      const auto unasked = rig.rows(
          "SELECT conversation_id FROM fact_interactions WHERE "
          "survey_count = 0 AND is_settled");
      REQUIRE(unasked.size() > 50);
      turn(rig, days(35));
      rig.sync_well();
      CHECK(stale_surveys(rig, o.first_day, SyncRig::today()) == 0);
      std::size_t found = 0;
      for (const auto& id : unasked)
        found += rig.value("SELECT survey_count FROM fact_interactions WHERE conversation_id = '" +
                           id + "'") != "0";
      CHECK(found > 15);
    }
  }

  TEST_CASE("survey events look back fifteen days behind what was heard") {
    SyncRig rig(SyncRig::quiet(40, 200));
    rig.sync_well();
    const auto begins = [&] {
      std::vector<Instant> found;
      for (const auto& one : rig.asked_for(Method::post, kSurveyEvents)) {
        json::Document document;
        const auto interval = document.parse(one.request.body)["interval"].text();
        found.push_back(*base::parse_instant(interval.substr(0, interval.find('/'))));
        CHECK(document.parse(one.request.body)["alternateTimeDimension"].text() == "eventTime");
      }
      return found;
    };
    CHECK(begins().front() == Instant{SyncRig::today() - days(40)});
    const auto heard = std::stoll(
        rig.value("SELECT through_ms FROM sync_scopes WHERE resource = 'survey_events'"));
    turn(rig, days(3));
    rig.sync_well();
    REQUIRE(begins().size() == 1);
    CHECK(begins().front() == base::from_ms(heard) - days(15));
  }

  TEST_CASE("the busier the organisation, the shorter the windows that events are heard in") {
    SyncRig rig(SyncRig::quiet(10, 200));
    rig.sync_well();
    CHECK(rig.count(Method::post, "/surveys/aggregates/query") == 1);
    rig.execute("UPDATE sync_scopes SET hits = 1000000 WHERE resource = 'conversations'");
    rig.clock.advance(days(1));
    rig.sync_well();
    std::optional<Instant> heard;
    for (const auto& one : rig.asked_for(Method::post, "/surveys/aggregates/query")) {
      json::Document document;
      const auto interval = document.parse(one.request.body)["interval"].text();
      const auto slash = interval.find('/');
      const auto begin = *base::parse_instant(interval.substr(0, slash));
      const auto end = *base::parse_instant(interval.substr(slash + 1));
      if (heard) CHECK(begin == *heard);
      CHECK(end - begin <= days(1));
      heard = end;
    }
    CHECK(rig.count(Method::post, "/surveys/aggregates/query") >= 10);
    REQUIRE(heard.has_value());
    CHECK(rig.clock.now() - *heard < hours(1));
  }

  TEST_CASE("an event emitted late is heard all the same") {
    auto o = SyncRig::quiet(10, 300);
    o.rates.survey = 0.9;
    SyncRig rig(o);
    rig.sync_well();
    turn(rig, days(4));
    // The service has nothing to say of the last days yet.
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (r.target.find(kSurveyEvents) == std::string::npos) return std::nullopt;
      return support::answer_json(200, "{}");
    };
    rig.settings.only = {"survey_events", "surveys"};
    rig.sync_well();
    rig.before = nullptr;
    const auto behind = stale_surveys(rig, o.first_day, SyncRig::today());
    REQUIRE(behind > 0);
    turn(rig, hours(1));
    rig.execute("DELETE FROM sync_scopes WHERE resource = 'follow_ups'");  // nothing else tells
    rig.settings.only = {"survey_events", "follow_ups", "surveys"};
    rig.sync_well();
    CHECK(stale_surveys(rig, o.first_day, SyncRig::today()) == 0);
  }

  TEST_CASE("without survey aggregates the horizon is searched in windows of 31 days, once a day") {
    auto options = SyncRig::unlimited();
    options.missing_permissions = {kAggregates};
    SyncRig rig(SyncRig::quiet(100, 300), options);
    rig.settings.since = SyncRig::today() - days(20);
    const auto searches = [&] {
      std::vector<base::Interval> found;
      for (const auto& one : rig.asked_for(Method::post, "/details/query")) {
        json::Document document;
        const auto body = document.parse(one.request.body);
        if (!body["surveyFilters"].present()) continue;
        const auto interval = body["interval"].text();
        const auto slash = interval.find('/');
        found.push_back({*base::parse_instant(interval.substr(0, slash)),
                         *base::parse_instant(interval.substr(slash + 1))});
      }
      return found;
    };
    rig.sync_well();
    CHECK(searches().empty());  // the days have just been read
    turn(rig, hours(24));
    rig.sync_well();
    auto all = searches();
    REQUIRE(all.size() == 4);
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.begin < b.begin; });
    CHECK(all.front().begin == Instant{SyncRig::today() + days(1) - days(120)});
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i].end - all[i].begin <= days(31));
      if (i > 0) CHECK(all[i].begin == all[i - 1].end);
    }
    CHECK(all.back().end > rig.clock.now() - minutes(5));
    turn(rig, hours(6));
    rig.sync_well();
    CHECK(searches().empty());
    CHECK(stale_surveys(rig, SyncRig::today() - days(99), SyncRig::today() - days(22)) == 0);
  }

  TEST_CASE("conversations unknown locally are fetched by id, a hundred per request") {
    auto o = SyncRig::quiet(60, 2400);
    o.rates.survey = 0.6;
    SyncRig rig(o);
    rig.settings.since = SyncRig::today() - days(8);
    rig.sync_well();
    const auto by_id = rig.asked_for(Method::get, kById);
    std::set<std::string> ids;
    for (const auto& one : by_id) {
      const auto some = ids_of(one);
      CHECK(some.size() <= 100);
      ids.insert(some.begin(), some.end());
    }
    REQUIRE(ids.size() > 100);
    CHECK(by_id.size() == (ids.size() + 99) / 100);
    // Every survey that told of itself in those days is there, whenever its conversation was.
    const Instant since{SyncRig::today() - days(8)};
    std::size_t missing = 0;
    for (const auto& c :
         sim::truth(rig.world, o.first_day, SyncRig::today() - days(8), rig.clock.now())) {
      for (const auto& s : c.surveys) {
        const bool is_heard = s.event_time >= since && s.event_time < rig.clock.now() - minutes(2);
        missing += is_heard && rig.value("SELECT status FROM fact_surveys WHERE survey_id = '" +
                                         s.id + "'") != s.status;
      }
    }
    CHECK(missing == 0);
  }

  TEST_CASE("orphans are followed to the horizon, then stop and are listed") {
    auto o = SyncRig::quiet(4, 80);
    o.rates.orphan = 0.2;
    o.rates.survey = 0;
    SyncRig rig(o);
    rig.sync_well();
    const auto open = rig.rows(
        "SELECT conversation_id FROM conversations WHERE ended_ms IS NULL AND "
        "payload_hash IS NOT NULL AND started_ms < " +
        std::to_string(base::to_ms(Instant{SyncRig::today()})));
    REQUIRE(open.size() > 5);
    rig.settings.only = {"follow_ups"};
    std::size_t asked = 0;
    for (int day = 0; day < 114; day += 3) {
      turn(rig, days(3));
      rig.sync_well();
      asked = rig.count(Method::get, kById);
      CHECK(asked == 1);
    }
    turn(rig, days(11));
    rig.sync_well();
    CHECK(rig.count(Method::get, kById) == 1);
    turn(rig, days(2));
    rig.sync_well();
    CHECK(rig.count(Method::get, kById) == 0);
    const auto listed = rig.rows(
        "SELECT scope FROM sync_scopes WHERE resource = 'follow_ups' AND "
        "due_ms IS NULL AND outcome = 'given up' ORDER BY scope");
    for (const auto& id : open) CHECK(std::find(listed.begin(), listed.end(), id) != listed.end());
  }

  TEST_CASE("the horizon counts from a conversation's end, however long it ran") {
    SyncRig rig(SyncRig::quiet(1, 10));
    rig.settings.only = {"conversations", "follow_ups"};
    const std::string id = "22222222-2222-4222-8222-222222222222";
    std::string end;
    const auto record = [&] {
      return R"({"conversationId":")" + id +
             R"(","conversationStart":"2025-05-31T10:00:00.000Z",)" +
             (end.empty() ? "" : R"("conversationEnd":")" + end + R"(",)") +
             R"("surveys":[{"surveyId":"s1","surveyStatus":"Sent"}],"participants":[]})";
    };
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (r.target.find(kById) == std::string::npos &&
          r.target.find("/details/query") == std::string::npos)
        return std::nullopt;
      return support::answer_json(200, R"({"conversations":[)" + record() + R"(],"totalHits":1})");
    };
    rig.sync_well();
    rig.settings.only = {"follow_ups"};
    turn(rig, days(60));
    end = "2025-07-30T10:00:00.000Z";
    rig.sync_well();
    const auto given_up = [&] {
      return rig.value("SELECT outcome FROM sync_scopes WHERE scope = '" + id + "'") == "given up";
    };
    turn(rig, days(110));  // 170 days after it began, 110 after it ended
    rig.sync_well();
    CHECK(!given_up());
    turn(rig, days(12));
    rig.sync_well();
    CHECK(given_up());
  }

  TEST_CASE("answers of which the record tells a later event are read again, once") {
    SyncRig rig(SyncRig::quiet(2, 10));
    rig.settings.since = SyncRig::today() - days(1);
    rig.settings.only = {"conversations", "follow_ups", "surveys"};
    std::string event = "2025-05-31T11:00:00.000Z", words = "once";
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (r.target.find("/quality/conversations/") != std::string::npos)
        return support::answer_json(
            200, R"([{"id":"s1","conversation":{"id":"c1"},"status":"Finished","answers":)"
                 R"({"questionGroupScores":[{"questionScores":[{"freeTextAnswer":")" +
                     words + R"("}]}]}}])");
      if (r.target.find("/details/query") == std::string::npos &&
          r.target.find(kById) == std::string::npos)
        return std::nullopt;
      return support::answer_json(
          200, R"({"totalHits":1,"conversations":[{"conversationId":"c1","conversationStart":)"
               R"("2025-05-31T10:00:00.000Z","conversationEnd":"2025-05-31T10:05:00.000Z",)"
               R"("surveys":[{"surveyId":"s1","surveyStatus":"Finished","eventTime":")" +
                   event + R"("}],"participants":[]}]})");
    };
    const auto asked = [&] { return rig.count(Method::get, "/quality/conversations/c1/surveys"); };
    rig.sync_well();
    CHECK(asked() == 1);
    CHECK(rig.value("SELECT comments FROM fact_surveys") == "once");
    turn(rig, hours(8));
    rig.sync_well();
    CHECK(asked() == 0);
    event = "2025-06-02T09:00:00.000Z";
    words = "on second thoughts";
    turn(rig, days(3));
    rig.sync_well();
    CHECK(asked() == 1);
    CHECK(rig.value("SELECT comments FROM fact_surveys") == words);
    turn(rig, days(3));
    rig.sync_well();
    CHECK(asked() == 0);
  }

  TEST_CASE("a survey deleted at the source is gone, with what was answered kept") {
    auto o = SyncRig::quiet(8, 500);
    o.rates.survey = 0.9;
    o.rates.survey_deleted = 0.3;
    SyncRig rig(o);
    rig.sync_well();
    const auto answered = rig.value("SELECT count(*) FROM surveys WHERE payload_hash IS NOT NULL");
    const Oracle::Bounds bounds{o.first_day, SyncRig::today()};
    for (int i = 0; i < 4; ++i) {
      // The first time too: the lake did not have the last hours' deletions yet.
      for (const auto& wrong : Oracle(rig).differences(bounds)) CHECK(wrong == "");
      turn(rig, days(14));
      rig.sync_well();
    }
    CHECK(std::stoi(rig.value("SELECT count(*) FROM fact_surveys WHERE is_gone AND is_response")) >
          5);
    CHECK(std::stoi(rig.value("SELECT count(*) FROM surveys WHERE payload_hash IS NOT NULL")) >=
          std::stoi(answered));
  }

  TEST_CASE(
      "what the service no longer knows by id is marked gone, and left after a second answer") {
    auto o = SyncRig::quiet(6, 200);
    o.rates.survey = 0.9;
    o.rates.erasure = 0.5;
    SyncRig rig(o);
    rig.sync_well();
    rig.settings.only = {"follow_ups"};
    turn(rig, days(44));
    rig.sync_well();
    const auto gone =
        rig.rows("SELECT conversation_id FROM conversations WHERE gone_ms IS NOT NULL");
    REQUIRE(gone.size() > 5);
    for (const auto& id : gone) CHECK(!sim::truth(rig.world, id, rig.clock.now()));
    turn(rig, days(2));
    rig.sync_well();
    std::set<std::string> asked;
    for (const auto& one : rig.asked_for(Method::get, kById)) {
      const auto ids = ids_of(one);
      asked.insert(ids.begin(), ids.end());
    }
    for (const auto& id : gone) CHECK(asked.contains(id));
    turn(rig, days(2));
    rig.sync_well();
    for (const auto& one : rig.asked_for(Method::get, kById)) {
      for (const auto& id : ids_of(one))
        CHECK(std::find(gone.begin(), gone.end(), id) == gone.end());
    }
    // Nothing of them is deleted.
    for (const auto& id : gone)
      CHECK(rig.value("SELECT count(*) FROM fact_interactions WHERE conversation_id = '" + id +
                      "'") == "1");
  }

  TEST_CASE("evaluations and resolutions made weeks later are current after the next sync") {
    auto o = SyncRig::quiet(5, 400);
    o.rates.survey = 0;
    o.rates.evaluation = 0.4;
    o.rates.resolution = 0.4;
    SyncRig rig(o);
    rig.sync_well();
    const auto few = std::stoi(rig.value("SELECT count(*) FROM evaluations"));
    for (int i = 0; i < 4; ++i) {
      turn(rig, days(10));
      rig.sync_well();
      const Oracle::Bounds bounds{o.first_day, SyncRig::today()};
      for (const auto& wrong : Oracle(rig).differences(bounds)) CHECK(wrong == "");
    }
    CHECK(std::stoi(rig.value("SELECT count(*) FROM evaluations")) > few + 20);
    CHECK(std::stoi(rig.value("SELECT count(*) FROM resolutions")) > 20);
  }

  TEST_CASE("the same news heard twice is asked about once") {
    auto o = SyncRig::quiet(6, 300);
    o.rates.survey = 0.9;
    SyncRig rig(o);
    rig.sync_well();
    turn(rig, days(20));
    rig.sync_well();
    turn(rig, minutes(16));
    rig.settings.only = {"survey_events", "evaluation_events", "resolution_events", "surveys"};
    rig.sync_well();
    CHECK(rig.count(Method::post, kSurveyEvents) == 1);
    CHECK(rig.count(Method::get, "/quality/conversations/") == 0);
  }
}
