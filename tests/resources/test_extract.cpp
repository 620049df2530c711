#include <doctest/doctest.h>

#include "base/error.hpp"
#include "resources/catalogue.hpp"
#include "resources/extract.hpp"
#include "resources/tables.hpp"
#include "support/batches.hpp"

namespace csatdb::tests {
namespace {

using resources::kConversationsResource;
using resources::kSurveysResource;
using resources::kUsersResource;

Reading conversation(const std::string& members) {
  Reading reading;
  reading.read(kConversationsResource, R"({"conversationId": "c1", )" + members + "}");
  return reading;
}

/// A conversation of one session with these members.
Reading session(const std::string& members) {
  return conversation(R"("participants": [{"sessions": [{)" + members + "}]}]");
}

void refused(const resources::Resource& resource, const std::string& text,
             const std::string& message) {
  Reading reading;
  CAPTURE(text);
  try {
    reading.read(resource, text);
    FAIL_CHECK("it was read");
  } catch (const base::Error& error) {
    CHECK(error.fault() == base::Fault::undecodable);
    CHECK(error.what() == message);
  }
}

TEST_SUITE("resources") {
  TEST_CASE("a root without a usable id is refused, naming the place") {
    refused(kConversationsResource, "{}", "$.conversationId: missing");
    refused(kConversationsResource, R"({"conversationId": null})",
            "$.conversationId: null where text is expected");
    refused(kConversationsResource, R"({"conversationId": 7})",
            "$.conversationId: number where text is expected");
    refused(kConversationsResource, R"({"conversationId": ""})",
            "$.conversationId: empty where an id is expected");
    refused(kUsersResource, R"({"name": "Ada"})", "$.id: missing");
    refused(kUsersResource, "[]", "$: array where an object is expected");
  }

  TEST_CASE("a value of another type is refused, naming the place") {
    const auto in_session = [](const std::string& members) {
      return R"({"conversationId": "c1", "participants": [{}, {"sessions": [{)" + members + "}]}]}";
    };
    const std::string place = "$.participants[1].sessions[0]";
    refused(kConversationsResource, in_session(R"("mediaType": 1)"),
            place + ".mediaType: number where text is expected");
    refused(kConversationsResource, in_session(R"("recording": "yes")"),
            place + ".recording: text where true or false is expected");
    refused(kConversationsResource, in_session(R"("mediaCount": 1.5)"),
            place + ".mediaCount: not a whole number of 64 bits");
    refused(kConversationsResource, in_session(R"("mediaCount": 1e19)"),
            place + ".mediaCount: not a whole number of 64 bits");
    refused(kConversationsResource, in_session(R"("callbackScheduledTime": "tomorrow")"),
            place + ".callbackScheduledTime: 'tomorrow' is no ISO-8601 instant");
    refused(kConversationsResource, in_session(R"("activeSkillIds": "s1")"),
            place + ".activeSkillIds: a list or an object is expected");
    refused(kConversationsResource, in_session(R"("flow": "f1")"),
            place + ".flow: text where an object is expected");
    refused(kConversationsResource, in_session(R"("segments": {})"),
            place + ".segments: object where an array is expected");
    refused(kConversationsResource, in_session(R"("segments": [null])"),
            place + ".segments[0]: an object is expected");
    refused(kConversationsResource, R"({"conversationId": "c1", "divisionIds": [1]})",
            "$.divisionIds[0]: number where text is expected");
  }

  TEST_CASE("absent and null members are NULL; absent, null and empty arrays have no rows") {
    const Reading reading = conversation(
        R"("conversationEnd": null, "surveys": null, "evaluations": [], "participants": [{"purpose": null, "sessions": null}])");
    CHECK(reading.value("conversations", 0, "ended_ms") == "NULL");
    CHECK(reading.value("conversations", 0, "external_tag") == "NULL");
    CHECK(reading.value("participants", 0, "purpose") == "NULL");
    CHECK(reading.count("sessions") + reading.count("conversation_surveys") +
              reading.count("evaluations") ==
          0);
    CHECK(reading.batch.problems.empty());
  }

  TEST_CASE("numbers beyond 32 bits and whole numbers with a fraction of nothing survive") {
    const Reading reading = session(
        R"("metrics": [{"name": "a", "value": 9223372036854775807}, {"name": "b", "value": -5}, {"name": "c", "value": 7.0}])");
    CHECK(reading.value("session_metrics", 0, "value") == "9223372036854775807");
    CHECK(reading.value("session_metrics", 1, "value") == "-5");
    CHECK(reading.value("session_metrics", 2, "value") == "7");
  }

  TEST_CASE("repeated metric names are rows of their own, numbered as delivered") {
    const Reading reading =
        session(R"("metrics": [{"name": "tTalk", "value": 1}, {"name": "tTalk", "value": 1}])");
    const auto rows = reading.rows("session_metrics");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].ordinals == model::Ordinals{0, 0, 0});
    CHECK(rows[1].ordinals == model::Ordinals{0, 0, 1});
  }

  TEST_CASE("owned rows are numbered from 0 within their owner, parents before children") {
    const Reading reading = conversation(
        R"("participants": [{"sessions": [{"segments": [{}, {}]}, {"segments": [{}]}]}, {"sessions": [{"segments": [{}]}]}])");
    std::string order;
    for (const auto& row : reading.batch.all_rows) {
      if (row.table == &resources::kParticipants)
        order += "p" + std::to_string(row.ordinals[0]) + " ";
      if (row.table == &resources::kSessions)
        order += "s" + std::to_string(row.ordinals[0]) + std::to_string(row.ordinals[1]) + " ";
      if (row.table == &resources::kSegments)
        order += "g" + std::to_string(row.ordinals[0]) + std::to_string(row.ordinals[1]) +
                 std::to_string(row.ordinals[2]) + " ";
    }
    CHECK(order == "p0 s00 g000 g001 s01 g010 p1 s10 g100 ");
  }

  TEST_CASE("members may come in any order") {
    const Reading reading = conversation(
        R"("participants": [{"sessions": [{"segments": [{"segmentType": "x"}], "mediaType": "chat"}], "purpose": "acd"}])");
    CHECK(reading.value("participants", 0, "purpose") == "acd");
    CHECK(reading.value("sessions", 0, "media_type") == "chat");
    CHECK(reading.value("queue_visits", 0, "channel") == "chat");
  }

  TEST_CASE("instants with 0 to n decimals and with an offset mean the same") {
    const Reading reading = session(R"("metrics": [
      {"emitDate": "2024-01-01T00:00:00Z"}, {"emitDate": "2024-01-01T00:00:00.000Z"},
      {"emitDate": "2024-01-01T00:00:00.0000001Z"}, {"emitDate": "2024-01-01T02:00:00+02:00"},
      {"emitDate": "2023-12-31T18:30:00.0-0530"}])");
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(reading.value("session_metrics", i, "emitted_ms") == "1704067200000");
  }

  TEST_CASE("unknown members are counted with an example and read nothing else") {
    const Reading reading = conversation(
        R"("novel": {"mediaType": 1}, "participants": [{"sessions": [{"newField": 1, "flow": {"mood": "x"}}, {"newField": 2}]}])");
    std::vector<std::string> places;
    for (const auto& problem : reading.batch.problems) {
      CHECK(problem.kind == "unknown member");
      CHECK(problem.example == "c1");
      places.push_back(problem.place);
    }
    CHECK(places == std::vector<std::string>{"novel", "participants.sessions.newField",
                                             "participants.sessions.flow.mood",
                                             "participants.sessions.newField"});
  }

  TEST_CASE("unknown enumeration values stay verbatim and are counted with an example") {
    const Reading reading = session(
        R"("mediaType": "Hologram", "direction": "inbound", "segments": [{"segmentType": "dreaming"}])");
    CHECK(reading.value("sessions", 0, "media_type") == "Hologram");
    CHECK(reading.value("segments", 0, "segment_type") == "dreaming");
    REQUIRE(reading.batch.problems.size() == 2);
    CHECK(reading.batch.problems[0].kind == "unknown value");
    CHECK(reading.batch.problems[0].place == "participants.sessions.mediaType");
    CHECK(reading.batch.problems[0].example == "c1");
    CHECK(reading.batch.problems[1].place == "participants.sessions.segments.segmentType");
  }

  TEST_CASE("ids keep their case; an empty one is no reference") {
    const Reading reading = conversation(R"("participants": [{"userId": "AbC"}, {"userId": ""}])");
    CHECK(reading.value("participants", 0, "user_key") == "AbC");
    CHECK(reading.value("participants", 1, "user_key") == "NULL");
  }

  TEST_CASE("lists and objects are kept as compact JSON") {
    const Reading reading =
        session(R"("activeSkillIds": [ "a",  "b" ], "agentGroups": [{"agentGroupId": "g"}])");
    CHECK(reading.value("sessions", 0, "active_skill_ids") == R"(["a","b"])");
    CHECK(reading.value("sessions", 0, "agent_groups") == R"([{"agentGroupId":"g"}])");
  }

  TEST_CASE("participant attributes are kept only where the allow-list names them") {
    const std::string text =
        R"({"conversationId": "c1", "participants": [{"attributes": {"secret": "1", "score": "5", "note": null, "Score": "6"}}]})";
    Reading none;
    none.read(kConversationsResource, text);
    CHECK(none.count("participant_attributes") == 0);
    Reading some;
    some.allow_list = {"score", "note"};
    some.from_job = true;
    some.read(kConversationsResource, text);
    REQUIRE(some.count("participant_attributes") == 1);
    CHECK(some.value("participant_attributes", 0, "name") == "score");
    CHECK(some.value("participant_attributes", 0, "value") == "5");
    CHECK(some.rows("participant_attributes")[0].ordinals[1] == 1);
    CHECK(some.batch.roots[0].has_attributes);
    CHECK(some.batch.problems.empty());
  }

  TEST_CASE("a survey brings its form, its agent's name and team along, as embedded roots") {
    Reading reading;
    reading.read(
        kSurveysResource,
        R"({"id": "s1", "agent": {"id": "a1", "name": "Ada"}, "agentTeam": {"id": "t1", "name": "T"},
      "surveyForm": {"id": "f1", "name": "F", "contextId": "fc", "language": "en-US", "questionGroups": [{"id": "g1"}]}})");
    std::vector<std::string> roots;
    for (const auto& root : reading.batch.roots)
      roots.push_back(std::string(root.table->name) + (root.is_embedded ? " inside" : ""));
    CHECK(roots == std::vector<std::string>{"surveys", "users inside", "teams inside",
                                            "survey_forms inside"});
    CHECK(reading.count("survey_question_groups") == 1);
    CHECK(reading.batch.problems.empty());
  }

  TEST_CASE("reading one after another gives what reading each alone gives") {
    const std::string first =
        R"({"conversationId": "c1", "participants": [{"purpose": "acd", "sessions": [{}]}]})";
    const std::string second = R"({"conversationId": "c2"})";
    Reading both;
    both.read(kConversationsResource, first);
    both.read(kConversationsResource, second);
    CHECK(both.batch.rows(both.batch.roots[0]).size() == 5);
    CHECK(both.batch.rows(both.batch.roots[1]).size() == 2);
  }
}

}  // namespace
}  // namespace csatdb::tests
