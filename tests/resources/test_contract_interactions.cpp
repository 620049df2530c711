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
    for (const auto& [name, value] : row) {
      const std::string& column = name;
      CAPTURE(column);
      CHECK(value == (known.contains(column) ? known.at(column) : "NULL"));
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
