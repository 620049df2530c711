#include <doctest/doctest.h>

#include <functional>

#include "support/contract.hpp"

namespace csatdb::tests {
namespace {

/// A call: menu, queue q1, agent a1 of team t1 with a hold and a wrap-up. It begins in the night in
/// which Berlin's clocks go forward: 23:30 UTC is 00:30 of the next day there.
Talk call() {
  Talk talk;
  talk.parties = {{.purpose = "customer",
                   .sessions = {{.segments = {{"interact", 0, 580, "customers-queue"}}}}},
                  {.purpose = "ivr",
                   .sessions = {{.segments = {{"ivr", 0, 10}}, .metrics = {{"tIvr", 10'000, 10}}}}},
                  {.purpose = "acd",
                   .sessions = {{.segments = {{"interact", 10, 40, "q1", "", "transfer"}},
                                 .metrics = {{"nOffered", 1, 10}, {"tAcd", 30'000, 40}}}}},
                  {.purpose = "agent",
                   .user = "a1",
                   .team = "t1",
                   .sessions = {{.segments = {{"alert", 35, 40, "q1"},
                                              {"interact", 40, 400, "q1"},
                                              {"hold", 400, 460, "q1"},
                                              {"interact", 460, 580, "q1", "", "client"},
                                              {"wrapup", 580, 600, "q1", "w1"}},
                                 .metrics = {{"tAlert", 5'000, 40},
                                             {"tAnswered", 30'000, 40},
                                             {"tTalk", 360'000, 400},
                                             {"tHeld", 60'000, 460},
                                             {"tHeldComplete", 60'000, 580},
                                             {"tTalk", 120'000, 580},
                                             {"tTalkComplete", 480'000, 580},
                                             {"tAcw", 20'000, 600},
                                             {"tHandle", 560'000, 600}}}}}};
  return talk;
}

Facts facts_of(const Talk& talk) {
  ContractWorld world;
  world.deliver("conversations", talk.json());
  return world.facts();
}

/// What changes in the views when the call is changed so.
std::vector<std::string> changes(const std::function<void(Talk&)>& change) {
  Talk talk = call();
  change(talk);
  return differences(facts_of(call()), facts_of(talk));
}

using Lines = std::vector<std::string>;

TEST_SUITE("resources") {
  TEST_CASE("the call's row in every view") {
    const Facts facts = facts_of(call());
    CHECK(facts.at("fact_interactions") == ViewRows{{{"conversation_id", "c1"},
                                                     {"started_at", "2024-03-30 23:30:00"},
                                                     {"ended_at", "2024-03-30 23:40:00"},
                                                     {"local_started_at", "2024-03-31 00:30:00"},
                                                     {"local_date", "2024-03-31"},
                                                     {"local_hour", "0"},
                                                     {"local_weekday", "7"},
                                                     {"duration_ms", "600000"},
                                                     {"duration_s", "600"},
                                                     {"last_agent_end_at", "2024-03-30 23:39:40"},
                                                     {"channel", "voice"},
                                                     {"direction", "inbound"},
                                                     {"agent_id", "a1"},
                                                     {"agent_name", "NULL"},
                                                     {"team_name", "NULL"},
                                                     {"queue_id", "q1"},
                                                     {"queue_name", "NULL"},
                                                     {"wrapup_code_id", "w1"},
                                                     {"wrapup_code_name", "NULL"},
                                                     {"division_id", "d1"},
                                                     {"division_name", "NULL"},
                                                     {"handle_ms", "560000"},
                                                     {"handle_s", "560"},
                                                     {"talk_ms", "480000"},
                                                     {"talk_s", "480"},
                                                     {"hold_ms", "60000"},
                                                     {"hold_s", "60"},
                                                     {"acw_ms", "20000"},
                                                     {"acw_s", "20"},
                                                     {"wait_ms", "30000"},
                                                     {"wait_s", "30"},
                                                     {"answer_ms", "30000"},
                                                     {"answer_s", "30"},
                                                     {"transfers", "0"},
                                                     {"agent_count", "1"},
                                                     {"is_abandoned", "0"},
                                                     {"is_open", "0"},
                                                     {"is_settled", "0"},
                                                     {"has_survey", "0"},
                                                     {"has_response", "0"},
                                                     {"survey_count", "0"},
                                                     {"started_ms", "1711841400000"},
                                                     {"ended_ms", "1711842000000"},
                                                     {"utc_day", "19812"}}});
    CHECK(facts.at("fact_agent_legs") == ViewRows{{{"conversation_id", "c1"},
                                                   {"participant_no", "3"},
                                                   {"session_no", "0"},
                                                   {"agent_id", "a1"},
                                                   {"agent_name", "NULL"},
                                                   {"team_name", "NULL"},
                                                   {"queue_id", "q1"},
                                                   {"queue_name", "NULL"},
                                                   {"channel", "voice"},
                                                   {"direction", "inbound"},
                                                   {"started_at", "2024-03-30 23:30:35"},
                                                   {"local_date", "2024-03-31"},
                                                   {"handle_ms", "560000"},
                                                   {"handle_s", "560"},
                                                   {"talk_ms", "480000"},
                                                   {"talk_s", "480"},
                                                   {"hold_ms", "60000"},
                                                   {"hold_s", "60"},
                                                   {"acw_ms", "20000"},
                                                   {"acw_s", "20"},
                                                   {"alert_ms", "5000"},
                                                   {"alert_s", "5"},
                                                   {"answer_ms", "30000"},
                                                   {"answer_s", "30"},
                                                   {"is_handled", "1"},
                                                   {"transfers", "0"},
                                                   {"consults", "0"},
                                                   {"is_last_agent", "1"},
                                                   {"wrapup_code_id", "w1"},
                                                   {"wrapup_code_name", "NULL"},
                                                   {"started_ms", "1711841435000"}}});
    CHECK(facts.at("fact_queue_visits") == ViewRows{{{"conversation_id", "c1"},
                                                     {"participant_no", "2"},
                                                     {"session_no", "0"},
                                                     {"queue_id", "q1"},
                                                     {"queue_name", "NULL"},
                                                     {"channel", "voice"},
                                                     {"entered_at", "2024-03-30 23:30:10"},
                                                     {"local_date", "2024-03-31"},
                                                     {"wait_ms", "30000"},
                                                     {"wait_s", "30"},
                                                     {"outcome", "answered"},
                                                     {"over_sla", "NULL"},
                                                     {"entered_ms", "1711841410000"}}});
    CHECK(facts.at("fact_surveys").empty());
    CHECK(facts.at("fact_survey_answers").empty());
  }

  TEST_CASE("names are those of the dimensions now; the team is that of the time") {
    ContractWorld world;
    world.deliver("conversations", call().json());
    const Facts before = world.facts();
    world.deliver("users", R"({"id": "a1", "name": "Ada", "version": 1, "team": {"id": "t2"}})");
    world.deliver("queues", R"({"id": "q1", "name": "Sales"})");
    world.deliver("wrapup_codes", R"({"id": "w1", "name": "Sold"})");
    world.deliver("divisions", R"({"id": "d1", "name": "Home", "description": ""})");
    world.deliver("teams", R"({"id": "t1", "name": "Then"})");
    world.deliver("teams", R"({"id": "t2", "name": "Now"})");
    CHECK(differences(before, world.facts()) ==
          Lines{"fact_agent_legs[0].agent_name: NULL -> Ada",
                "fact_agent_legs[0].queue_name: NULL -> Sales",
                "fact_agent_legs[0].team_name: NULL -> Then",
                "fact_agent_legs[0].wrapup_code_name: NULL -> Sold",
                "fact_interactions[0].agent_name: NULL -> Ada",
                "fact_interactions[0].division_name: NULL -> Home",
                "fact_interactions[0].queue_name: NULL -> Sales",
                "fact_interactions[0].team_name: NULL -> Then",
                "fact_interactions[0].wrapup_code_name: NULL -> Sold",
                "fact_queue_visits[0].queue_name: NULL -> Sales"});
    CHECK(world.view("dim_agents").at(0).at("team_name") == "Now");
  }

  TEST_CASE("an unended conversation is open and has no duration") {
    CHECK(changes([](Talk& t) { t.end.reset(); }) ==
          Lines{"fact_interactions[0].duration_ms: 600000 -> NULL",
                "fact_interactions[0].duration_s: 600 -> NULL",
                "fact_interactions[0].ended_at: 2024-03-30 23:40:00 -> NULL",
                "fact_interactions[0].ended_ms: 1711842000000 -> NULL",
                "fact_interactions[0].is_open: 0 -> 1"});
  }

  TEST_CASE("direction is originatingDirection; division is the first delivered, all are kept") {
    CHECK(changes([](Talk& t) { t.direction = "outbound"; }) ==
          Lines{"fact_interactions[0].direction: inbound -> outbound"});
    CHECK(changes([](Talk& t) {
            t.divisions = {"d2", "d1"};
          }) == Lines{"fact_interactions[0].division_id: d1 -> d2"});
    CHECK(changes([](Talk& t) { t.divisions = {}; }) ==
          Lines{"fact_interactions[0].division_id: d1 -> NULL"});
  }

  TEST_CASE("the agent is the agent participant whose interact segment starts latest") {
    const Party second{.purpose = "agent",
                       .user = "a2",
                       .sessions = {{.segments = {{"interact", 500, 550, "q2"}}}}};
    CHECK(changes([&](Talk& t) { t.parties.insert(t.parties.begin(), second); }).front() ==
          "fact_agent_legs: 1 rows -> 2 rows");
    const auto agent = [&](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      talk.parties.push_back(second);
      change(talk);
      return facts_of(talk).at("fact_interactions").at(0).at("agent_id");
    };
    CHECK(agent([](Talk&) {}) == "a2");
    // a1's latest interact segment starts at 460: earlier than that, a2 is not the last any more.
    CHECK(agent([](Talk& t) { t.parties[4].sessions[0].segments[0].start = 459; }) == "a1");
    // A tie goes to the one further down.
    CHECK(agent([](Talk& t) { t.parties[4].sessions[0].segments[0].start = 460; }) == "a2");
    // An alert, or no segment at all, is no interaction.
    CHECK(agent([](Talk& t) { t.parties[4].sessions[0].segments[0].type = "alert"; }) == "a1");
    CHECK(agent([](Talk& t) { t.parties[4].sessions[0].segments.clear(); }) == "a1");
    // A user comes after every agent, but is one where no agent interacted.
    CHECK(agent([](Talk& t) { t.parties[4].purpose = "user"; }) == "a1");
    CHECK(agent([](Talk& t) {
            t.parties.erase(t.parties.begin() + 3);
            t.parties[3].purpose = "user";
          }) == "a2");
    // Without a userId it is no agent participant; neither is another purpose.
    CHECK(agent([](Talk& t) { t.parties[4].user = ""; }) == "a1");
    CHECK(agent([](Talk& t) { t.parties[4].purpose = "external"; }) == "a1");
  }

  TEST_CASE("nobody interacted: no agent, no team") {
    const Lines lines = changes([](Talk& t) {
      t.parties[3].sessions[0].segments = {{"alert", 35, 40, "q1"}};
      t.parties[3].sessions[0].metrics = {{"tAlert", 5'000, 40}};
    });
    CHECK(lines == Lines{"fact_agent_legs[0].acw_ms: 20000 -> NULL",
                         "fact_agent_legs[0].acw_s: 20 -> NULL",
                         "fact_agent_legs[0].answer_ms: 30000 -> NULL",
                         "fact_agent_legs[0].answer_s: 30 -> NULL",
                         "fact_agent_legs[0].handle_ms: 560000 -> NULL",
                         "fact_agent_legs[0].handle_s: 560 -> NULL",
                         "fact_agent_legs[0].hold_ms: 60000 -> NULL",
                         "fact_agent_legs[0].hold_s: 60 -> NULL",
                         "fact_agent_legs[0].is_handled: 1 -> 0",
                         "fact_agent_legs[0].is_last_agent: 1 -> 0",
                         "fact_agent_legs[0].talk_ms: 480000 -> NULL",
                         "fact_agent_legs[0].talk_s: 480 -> NULL",
                         "fact_agent_legs[0].wrapup_code_id: w1 -> NULL",
                         "fact_interactions[0].acw_ms: 20000 -> NULL",
                         "fact_interactions[0].acw_s: 20 -> NULL",
                         "fact_interactions[0].agent_count: 1 -> 0",
                         "fact_interactions[0].agent_id: a1 -> NULL",
                         "fact_interactions[0].answer_ms: 30000 -> NULL",
                         "fact_interactions[0].answer_s: 30 -> NULL",
                         "fact_interactions[0].handle_ms: 560000 -> NULL",
                         "fact_interactions[0].handle_s: 560 -> NULL",
                         "fact_interactions[0].hold_ms: 60000 -> NULL",
                         "fact_interactions[0].hold_s: 60 -> NULL",
                         "fact_interactions[0].last_agent_end_at: 2024-03-30 23:39:40 -> NULL",
                         "fact_interactions[0].talk_ms: 480000 -> NULL",
                         "fact_interactions[0].talk_s: 480 -> NULL",
                         "fact_interactions[0].wrapup_code_id: w1 -> NULL",
                         "fact_queue_visits[0].outcome: answered -> transferred"});
  }

  TEST_CASE(
      "the queue is that of the agent's latest segment that has one, else of the latest queue "
      "visit's, never the customer's") {
    const auto queue = [](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      change(talk);
      return facts_of(talk).at("fact_interactions").at(0).at("queue_id");
    };
    const auto segments = [](Talk& t) -> std::vector<Segment>& {
      return t.parties[3].sessions[0].segments;
    };
    CHECK(queue([&](Talk& t) { segments(t)[4].queue = "q2"; }) == "q2");
    CHECK(queue([&](Talk& t) { segments(t)[0].queue = "q2"; }) == "q1");
    // Ties: the segment further down.
    CHECK(queue([&](Talk& t) { segments(t)[4] = {"wrapup", 460, 600, "q3"}; }) == "q3");
    // All sessions of the agent's participant count, those of other participants do not.
    CHECK(queue([&](Talk& t) {
            t.parties[3].sessions.push_back({.segments = {{"sharing", 590, 595, "q4"}}});
          }) == "q4");
    CHECK(queue([&](Talk& t) {
            t.parties.push_back({"agent", "a9", "", {{.segments = {{"alert", 590, 595, "q5"}}}}});
          }) == "q1");
    // The agent's segments name none: the latest visit's.
    const auto without = [&](Talk& t) {
      for (auto& segment : segments(t)) segment.queue = "";
    };
    CHECK(queue(without) == "q1");
    CHECK(queue([&](Talk& t) {
            without(t);
            t.parties.push_back({"acd", "", "", {{.segments = {{"interact", 20, 30, "q6"}}}}});
          }) == "q6");
    CHECK(queue([&](Talk& t) {
            without(t);
            t.parties[2].sessions[0].segments[0].queue = "";
          }) == "NULL");
  }

  TEST_CASE(
      "the channel is the medium of the customer's earliest session, else of the earliest session, "
      "verbatim") {
    const auto channel = [](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      change(talk);
      return facts_of(talk).at("fact_interactions").at(0).at("channel");
    };
    CHECK(channel([](Talk& t) { t.parties[0].sessions[0].media = "Open-Message"; }) ==
          "Open-Message");
    CHECK(channel([](Talk& t) { t.parties[1].sessions[0].media = "chat"; }) == "voice");
    const Session later{.media = "callback", .segments = {{"interact", 1, 2}}};
    CHECK(channel([&](Talk& t) { t.parties[0].sessions.push_back(later); }) == "voice");
    CHECK(channel([&](Talk& t) {
            t.parties[0].sessions.insert(t.parties[0].sessions.begin(), later);
          }) == "voice");
    // As early: the one further up. Without segments: last.
    CHECK(channel([&](Talk& t) {
            t.parties[0].sessions.push_back({.media = "email", .segments = {{"interact", 0, 2}}});
          }) == "voice");
    CHECK(channel([&](Talk& t) {
            t.parties[0].sessions.insert(t.parties[0].sessions.begin(), Session{.media = "email"});
          }) == "voice");
    // An external counts as a customer; with neither, any session does.
    CHECK(channel([&](Talk& t) { t.parties[0].purpose = "external"; }) == "voice");
    CHECK(channel([&](Talk& t) {
            t.parties.erase(t.parties.begin());
            t.parties[0].sessions[0].media = "message";
          }) == "message");
  }

  TEST_CASE(
      "the wrap-up code is that of the agent's latest segment that has one, else of any agent's") {
    const auto code = [](const std::function<void(Talk&)>& change) {
      Talk talk = call();
      change(talk);
      return facts_of(talk).at("fact_interactions").at(0).at("wrapup_code_id");
    };
    const Party early{
        .purpose = "agent",
        .user = "a0",
        .sessions = {{.segments = {{"interact", 12, 14}, {"wrapup", 590, 591, "", "w0"}}}}};
    CHECK(code([&](Talk& t) { t.parties.push_back(early); }) == "w1");
    CHECK(code([&](Talk& t) {
            t.parties.push_back(early);
            t.parties[3].sessions[0].segments[4].wrapup = "";
          }) == "w0");
    CHECK(code([&](Talk& t) {
            t.parties[3].sessions[0].segments[4].wrapup = "ININ-WRAP-UP-TIMEOUT";
          }) == "ININ-WRAP-UP-TIMEOUT");
    CHECK(code([&](Talk& t) { t.parties[3].sessions[0].segments[4].wrapup = ""; }) == "NULL");
  }

  TEST_CASE(
      "the last agent's end is the latest end of an interact segment of any agent participant") {
    CHECK(
        changes([](Talk& t) { t.parties[3].sessions[0].segments[1].end = 590; }) ==
        Lines{
            "fact_interactions[0].last_agent_end_at: 2024-03-30 23:39:40 -> 2024-03-30 23:39:50"});
    CHECK(changes([](Talk& t) { t.parties[0].sessions[0].segments[0].end = 599; }) == Lines{});
  }

  TEST_CASE("agents are counted once each, and only with an interact segment") {
    const auto count = [](const std::vector<Party>& more) {
      Talk talk = call();
      talk.parties.insert(talk.parties.end(), more.begin(), more.end());
      return facts_of(talk).at("fact_interactions").at(0).at("agent_count");
    };
    const Session speaks{.segments = {{"interact", 1, 2}}};
    const Session rings{.segments = {{"alert", 1, 2}}};
    CHECK(count({{"agent", "a1", "", {speaks}}}) == "1");
    CHECK(count({{"agent", "a2", "", {speaks, speaks}}, {"user", "a3", "", {speaks}}}) == "3");
    CHECK(count({{"agent", "a2", "", {rings}}, {"agent", "", "", {speaks}}}) == "1");
  }

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

  TEST_CASE("local dates and hours are those of the zone, also where the clock changes") {
    const auto local = [](const std::string& start, const std::string& zone) {
      ContractWorld world(zone);
      Talk talk = call();
      talk.start = start;
      world.deliver("conversations", talk.json());
      const Cells row = world.view("fact_interactions").at(0);
      return row.at("local_started_at") + " " + row.at("local_hour") + " " +
             row.at("local_weekday") + " " + row.at("local_date");
    };
    CHECK(local("2024-03-31T00:59:59Z", "Europe/Berlin") == "2024-03-31 01:59:59 1 7 2024-03-31");
    CHECK(local("2024-03-31T01:00:00Z", "Europe/Berlin") == "2024-03-31 03:00:00 3 7 2024-03-31");
    CHECK(local("2024-10-27T00:30:00Z", "Europe/Berlin") == "2024-10-27 02:30:00 2 7 2024-10-27");
    CHECK(local("2024-10-27T01:30:00Z", "Europe/Berlin") == "2024-10-27 02:30:00 2 7 2024-10-27");
    CHECK(local("2024-01-01T04:59:00Z", "America/New_York") ==
          "2023-12-31 23:59:00 23 7 2023-12-31");
    CHECK(local("2024-01-01T20:00:00Z", "Asia/Kolkata") == "2024-01-02 01:30:00 1 2 2024-01-02");
    CHECK(local("2024-01-01T00:00:00Z", "UTC") == "2024-01-01 00:00:00 0 1 2024-01-01");
  }

  TEST_CASE("a bare conversation is a row of unknowns") {
    ContractWorld world;
    world.deliver("conversations", R"({"conversationId": "c1"})");
    const Cells row = world.view("fact_interactions").at(0);
    const Cells known{{"conversation_id", "c1"}, {"transfers", "0"},   {"agent_count", "0"},
                      {"is_abandoned", "0"},     {"is_open", "1"},     {"has_survey", "0"},
                      {"has_response", "0"},     {"survey_count", "0"}};
    for (const auto& [column, value] : row) {
      CAPTURE(column);
      CHECK(value == (known.contains(column) ? known.at(column) : "NULL"));
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
