#include <doctest/doctest.h>

#include <functional>

#include "resources/contract_cases.hpp"

namespace csatdb::tests {
namespace {

/// What changes in the views when the call is changed so.
std::vector<std::string> changes(const std::function<void(Talk&)>& change) {
  Talk talk = call();
  change(talk);
  return differences(facts_of(call()), facts_of(talk));
}

TEST_SUITE("resources") {
  TEST_CASE("handle, talk, hold and after-call work are summed over agents' sessions") {
    // A second agent without complete values: the parts are summed; nothing of it counts twice.
    const Party second{
        .purpose = "user",
        .user = "a2",
        .sessions = {{.segments = {{"interact", 50, 60}},
                      .metrics = {{"tTalk", 1'000}, {"tTalk", 2'000}, {"tHandle", 3'000}}}}};
    Talk talk = call();
    talk.parties.push_back(second);
    // Neither a customer's nor the queue's metrics count.
    talk.parties[0].sessions[0].metrics = {{"tTalk", 7}, {"tHandle", 7}, {"tAcw", 7}};
    const Facts facts = facts_of(talk);
    const Cells& row = facts.at("fact_interactions").at(0);
    CHECK(row.at("handle_ms") == "563000");
    CHECK(row.at("talk_ms") == "483000");
    CHECK(row.at("hold_ms") == "60000");
    CHECK(row.at("acw_ms") == "20000");
    const Cells& leg = facts.at("fact_agent_legs").at(1);
    CHECK(leg.at("talk_ms") == "3000");
    CHECK(leg.at("hold_ms") == "0");
    CHECK(leg.at("is_last_agent") == "0");
  }

  TEST_CASE("without tHandle all four are unknown; with it what is missing is nothing") {
    Talk talk = call();
    talk.parties[3].sessions[0].metrics = {{"tTalkComplete", 480'000}, {"tAcw", 20'000}};
    const Cells unknown = facts_of(talk).at("fact_interactions").at(0);
    for (const char* column : {"handle_ms", "talk_ms", "hold_ms", "acw_ms"})
      CHECK(unknown.at(column) == "NULL");
    talk.parties[3].sessions[0].metrics.push_back({"tHandle", 1});
    const Cells known = facts_of(talk).at("fact_interactions").at(0);
    CHECK(known.at("handle_ms") == "1");
    CHECK(known.at("talk_ms") == "480000");
    CHECK(known.at("hold_ms") == "0");
  }

  TEST_CASE("the wait is all tAcd of queue visits but callbacks, unknown where there is none") {
    const auto wait = [](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      change(talk);
      return facts_of(talk).at("fact_interactions").at(0).at("wait_ms");
    };
    const Party more{.purpose = "acd",
                     .sessions = {{.segments = {{"interact", 100, 110, "q2"}},
                                   .metrics = {{"tAcd", 5}, {"tAcd", 6}}}}};
    CHECK(wait([&](Talk& t) { t.parties.push_back(more); }) == "30011");
    CHECK(wait([&](Talk& t) {
            t.parties.push_back(more);
            t.parties.back().sessions[0].media = "callback";
          }) == "30000");
    CHECK(wait([](Talk& t) { t.parties[2].sessions[0].metrics.clear(); }) == "NULL");
    CHECK(wait([](Talk& t) {
            t.parties[2].sessions[0].metrics = {{"tAcd", 5'097'600'919}};
          }) == "5097600919");
  }

  TEST_CASE(
      "the answer time is the tAnswered emitted first on a session of the queue or an agent") {
    const auto answer = [](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      change(talk);
      return facts_of(talk).at("fact_interactions").at(0).at("answer_ms");
    };
    CHECK(answer([](Talk& t) {
            t.parties[2].sessions[0].metrics.push_back({"tAnswered", 7, 39});
          }) == "7");
    CHECK(answer([](Talk& t) {
            t.parties[2].sessions[0].metrics.push_back({"tAnswered", 7, 41});
          }) == "30000");
    CHECK(answer([](Talk& t) {
            t.parties[2].sessions[0].metrics.push_back({"tAnswered", 7, 40});
          }) == "7");
    CHECK(answer([](Talk& t) {
            t.parties[0].sessions[0].metrics.push_back({"tAnswered", 7, 0});
          }) == "30000");
  }

  TEST_CASE("transfers are all nTransferred of all sessions") {
    CHECK(changes([](Talk& t) {
            t.parties[0].sessions[0].metrics = {{"nTransferred", 1}};
            t.parties[3].sessions[0].metrics.push_back({"nTransferred", 1});
            t.parties[3].sessions[0].metrics.push_back({"nConsultTransferred", 1});
            t.parties[3].sessions[0].metrics.push_back({"nConsult", 2});
          }) == Lines{"fact_agent_legs[0].consults: 0 -> 2", "fact_agent_legs[0].transfers: 0 -> 1",
                      "fact_interactions[0].transfers: 0 -> 2"});
  }

  TEST_CASE("abandoned is who has tAbandon somewhere and tAnswered nowhere") {
    CHECK(changes([](Talk& t) {
            t.parties[0].sessions[0].metrics = {{"tAbandon", 3}};
          }) == Lines{});
    const auto abandoned = [](const std::vector<Metric>& visit) {
      Talk talk = call();
      talk.parties.pop_back();
      talk.parties[2].sessions[0].metrics = visit;
      return facts_of(talk);
    };
    const Facts left = abandoned({{"tAcd", 3}, {"tAbandon", 3}});
    CHECK(left.at("fact_interactions").at(0).at("is_abandoned") == "1");
    CHECK(left.at("fact_queue_visits").at(0).at("outcome") == "abandoned");
    CHECK(abandoned({{"tAbandon", 3}, {"tShortAbandon", 3}})
              .at("fact_queue_visits")
              .at(0)
              .at("outcome") == "short_abandoned");
  }

  TEST_CASE("what became of a queue visit") {
    const auto outcome = [](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      talk.parties.pop_back();
      change(talk);
      return facts_of(talk).at("fact_queue_visits").at(0).at("outcome");
    };
    CHECK(outcome([](Talk&) {}) == "transferred");
    CHECK(outcome([](Talk& t) {
            t.parties[2].sessions[0].segments[0].disconnect = "noAnswerTransfer";
          }) == "transferred");
    CHECK(outcome([](Talk& t) { t.parties[2].sessions[0].segments[0].disconnect = "peer"; }) ==
          "other");
    CHECK(outcome([](Talk& t) { t.parties[2].sessions[0].segments[0].end.reset(); }) == "open");
    CHECK(outcome([](Talk& t) {
            t.parties[2].sessions[0].metrics.push_back({"tFlowOut", 1});
          }) == "flow_out");
    CHECK(outcome([](Talk& t) {
            t.parties[2].sessions[0].metrics.push_back({"tAnswered", 1});
          }) == "answered");
  }

  TEST_CASE("an answer counts for the latest visit that began before it") {
    Talk talk = call();
    talk.parties.push_back(
        {"acd", "", "", {{.segments = {{"interact", 300, 310, "q2", "", "transfer"}}}}});
    talk.parties.push_back(
        {"acd", "", "", {{.segments = {{"interact", 320, 330, "q3", "", "transfer"}}}}});
    talk.parties.push_back({"agent",
                            "a2",
                            "",
                            {{.segments = {{"interact", 331, 400, "q3"}},
                              .metrics = {{"tAnswered", 10, 331}, {"nOverSla", 1, 331}}}}});
    const ViewRows visits = facts_of(talk).at("fact_queue_visits");
    REQUIRE(visits.size() == 3);
    CHECK(visits[0].at("outcome") == "answered");
    CHECK(visits[1].at("outcome") == "transferred");
    CHECK(visits[2].at("outcome") == "answered");
    CHECK(visits[0].at("over_sla") == "NULL");
    CHECK(visits[2].at("over_sla") == "1");
  }

  TEST_CASE("every session of an agent or user is a leg, one at most is the last agent's") {
    Talk talk = call();
    talk.parties[3].sessions.push_back(
        {.media = "screenshare", .segments = {{"sharing", 100, 200}}});
    talk.parties.push_back({"user", "a2", "t2", {{.segments = {{"interact", 590, 595}}}}});
    const ViewRows legs = facts_of(talk).at("fact_agent_legs");
    REQUIRE(legs.size() == 3);
    CHECK(legs[0].at("is_last_agent") == "1");
    CHECK(legs[1].at("is_last_agent") == "0");
    CHECK(legs[1].at("channel") == "screenshare");
    CHECK(legs[2].at("is_last_agent") == "0");
    CHECK(legs[2].at("queue_id") == "NULL");
  }
}

}  // namespace
}  // namespace csatdb::tests
