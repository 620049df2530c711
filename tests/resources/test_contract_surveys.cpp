#include <doctest/doctest.h>

#include <functional>

#include "resources/contract_cases.hpp"
#include "warehouse/survey_status.hpp"

namespace csatdb::tests {
namespace {

/// The survey's row of fact_surveys when the record says this of it and the quality API that.
Cells fact(const std::optional<Mention>& mention, const std::optional<Survey>& survey) {
  Talk talk = chat();
  if (mention) talk.surveys = {*mention};
  const Facts facts = facts_of(talk, survey ? std::vector{*survey} : std::vector<Survey>{});
  REQUIRE(facts.at("fact_surveys").size() == 1);
  return facts.at("fact_surveys").at(0);
}

Lines changes(const std::function<void(Talk&, Survey&)>& change) {
  Talk talk = chat();
  Survey survey = finished();
  change(talk, survey);
  return differences(facts_of(chat(), {finished()}), facts_of(talk, {survey}));
}

TEST_SUITE("resources") {
  TEST_CASE("the finished survey's rows in every view") {
    const Facts facts = facts_of(chat(), {finished()});
    CHECK(facts.at("fact_surveys") == ViewRows{{{"survey_id", "s1"},
                                                {"conversation_id", "c1"},
                                                {"form_id", "f1"},
                                                {"form_context_id", "fc"},
                                                {"form_name", "Service"},
                                                {"status", "Finished"},
                                                {"survey_type", "Web"},
                                                {"total_score", "90.5"},
                                                {"score_points", "14"},
                                                {"score_max", "16"},
                                                {"score_pct", "87.5"},
                                                {"nps_score", "9"},
                                                {"nps_class", "promoter"},
                                                {"csat_score", "NULL"},
                                                {"csat_is_positive", "NULL"},
                                                {"ces_score", "NULL"},
                                                {"fcr_resolved", "NULL"},
                                                {"is_sent", "1"},
                                                {"is_response", "1"},
                                                {"is_partial", "0"},
                                                {"is_gone", "0"},
                                                {"completed_at", "2024-05-06 22:10:00"},
                                                {"completed_local_date", "2024-05-07"},
                                                {"response_delay_s", "43200"},
                                                {"agent_id", "a1"},
                                                {"agent_name", "NULL"},
                                                {"team_name", "NULL"},
                                                {"queue_id", "q1"},
                                                {"queue_name", "NULL"},
                                                {"channel", "chat"},
                                                {"agent_count", "1"},
                                                {"comments", "Friendly\nThanks"},
                                                {"error_reason", "NULL"},
                                                {"started_at", "2024-05-06 10:00:00"},
                                                {"local_date", "2024-05-06"},
                                                {"is_settled", "0"},
                                                {"completed_ms", "1715033400000"},
                                                {"response_delay_ms", "43200000"},
                                                {"started_ms", "1714989600000"},
                                                {"division_id", "d1"},
                                                {"division_name", "NULL"}}});
    const auto answer = [](Cells cells) {
      Cells all{{"survey_id", "s1"},
                {"group_name", "About us"},
                {"question_id", "NULL"},
                {"answer_id", "NULL"},
                {"answer_text", "NULL"},
                {"score", "NULL"},
                {"max_score", "NULL"},
                {"nps_score", "NULL"},
                {"free_text", "NULL"},
                {"marked_na", "0"},
                {"form_context_id", "fc"},
                {"completed_local_date", "2024-05-07"},
                {"agent_id", "a1"},
                {"queue_id", "q1"},
                {"question_context_id", "NULL"},
                {"system_marked_na", "NULL"}};
      for (auto& [column, value] : cells) all[column] = value;
      return all;
    };
    CHECK(facts.at("fact_survey_answers") ==
          ViewRows{answer({{"group_no", "0"},
                           {"question_no", "0"},
                           {"question_id", "qu1"},
                           {"question_context_id", "qc1"},
                           {"question_text", "How satisfied are you?"},
                           {"question_type", "multipleChoiceQuestion"},
                           {"answer_id", "o4"},
                           {"answer_text", "Rather"},
                           {"score", "4"},
                           {"max_score", "5"}}),
                   answer({{"group_no", "0"},
                           {"question_no", "1"},
                           {"question_id", "qu2"},
                           {"question_context_id", "qc2"},
                           {"question_text", "Would you recommend us?"},
                           {"question_type", "npsQuestion"},
                           {"max_score", "10"},
                           {"nps_score", "9"},
                           {"free_text", "Friendly"}}),
                   answer({{"group_no", "0"},
                           {"question_no", "2"},
                           {"question_id", "qu3"},
                           {"question_context_id", "qc3"},
                           {"question_text", "Anything else?"},
                           {"question_type", "freeTextQuestion"},
                           {"free_text", "Thanks"}}),
                   answer({{"group_no", "1"},
                           {"question_no", "0"},
                           {"group_name", "About the visit"},
                           {"question_id", "qu4"},
                           {"question_text", "Was it solved?"},
                           {"question_type", "multipleChoiceQuestion"},
                           {"answer_id", "y"},
                           {"answer_text", "Yes"},
                           {"score", "1"},
                           {"max_score", "1"}})});
    const Cells& contact = facts.at("fact_interactions").at(0);
    CHECK(contact.at("survey_count") == "1");
    CHECK(contact.at("has_survey") == "1");
    CHECK(contact.at("has_response") == "1");
  }

  TEST_CASE("whichever side comes first, the result is the same") {
    Talk talk = chat();
    talk.surveys = {{.id = "s1", .status = "Finished", .user = "a1"},
                    {.id = "s2", .status = "Sent"}};
    ContractWorld record_first;
    record_first.deliver("conversations", talk.json());
    record_first.deliver("surveys", finished().json());
    ContractWorld survey_first;
    survey_first.deliver("surveys", finished().json());
    CHECK(survey_first.view("fact_surveys").at(0).at("channel") == "NULL");
    survey_first.deliver("conversations", talk.json());
    CHECK(differences(record_first.facts(), survey_first.facts()) == Lines{});
    survey_first.deliver("conversations", talk.json());
    survey_first.deliver("surveys", finished().json());
    CHECK(differences(record_first.facts(), survey_first.facts()) == Lines{});
  }

  TEST_CASE("blanks and case of a status do not count; an unknown one stays verbatim") {
    CHECK(warehouse::canonical_status("In Progress") == "InProgress");
    CHECK(warehouse::canonical_status("inprogress") == "InProgress");
    CHECK(warehouse::canonical_status(" FINISHED ") == "Finished");
    CHECK(warehouse::canonical_status("opt out") == "OptOut");
    CHECK(warehouse::canonical_status("Half Done") == "Half Done");
    CHECK(fact(Mention{.id = "s1", .status = "In Progress"}, std::nullopt).at("status") ==
          "InProgress");
    CHECK(fact(Mention{.id = "s1", .status = "Half Done"}, std::nullopt).at("status") ==
          "Half Done");
  }

  TEST_CASE("of two statuses the later counts, of equal or unknown ones the quality API's") {
    const std::vector<std::string> order{"Pending", "Sent", "InProgress", "OptOut", "Finished"};
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < order.size(); ++j)
        CHECK(warehouse::merged_status(order[i], order[j]) == order[std::max(i, j)]);
    }
    const std::vector<std::string> equal{"OptOut", "Error", "Expired"};
    for (const auto& quality : equal) {
      for (const auto& record : equal) CHECK(warehouse::merged_status(quality, record) == quality);
      CHECK(warehouse::merged_status(quality, "InProgress") == quality);
      CHECK(warehouse::merged_status("Finished", quality) == "Finished");
    }
    CHECK(warehouse::merged_status("New", "Other") == "New");
    CHECK(warehouse::merged_status("New", "Sent") == "Sent");
    CHECK(warehouse::merged_status("", "sent") == "Sent");
    Survey survey;
    survey.status = "Sent";
    CHECK(fact(Mention{.id = "s1", .status = "Finished"}, survey).at("status") == "Finished");
    CHECK(fact(Mention{.id = "s1", .status = "Pending"}, survey).at("status") == "Sent");
  }

  TEST_CASE("sent is Sent, InProgress, Finished or Expired; a response is Finished") {
    const std::map<std::string, std::string> expected{
        {"Pending", "0 0"},  {"Sent", "1 0"},   {"InProgress", "1 0"},
        {"Finished", "1 1"}, {"OptOut", "0 0"}, {"Error", "0 0"},
        {"Expired", "1 0"},  {"Odd", "0 0"},    {"", "0 0"}};
    for (const auto& [name, flags] : expected) {
      const std::string& status = name;
      CAPTURE(status);
      const Cells row = fact(Mention{.id = "s1", .status = status}, std::nullopt);
      CHECK(row.at("is_sent") + " " + row.at("is_response") == flags);
    }
  }

  TEST_CASE(
      "an interaction has a survey where one is not in Error, a response where one is Finished") {
    const auto flags = [](const std::vector<std::string>& statuses) {
      Talk talk = chat();
      for (const auto& status : statuses)
        talk.surveys.push_back({.id = "s" + std::to_string(talk.surveys.size()), .status = status});
      const Cells row = facts_of(talk, {}).at("fact_interactions").at(0);
      return row.at("survey_count") + " " + row.at("has_survey") + " " + row.at("has_response");
    };
    CHECK(flags({}) == "0 0 0");
    CHECK(flags({"Error", "error"}) == "2 0 0");
    CHECK(flags({"Error", "Sent"}) == "2 1 0");
    CHECK(flags({"OptOut"}) == "1 1 0");
    CHECK(flags({"Error", "Finished", "Expired"}) == "3 1 1");
  }

  TEST_CASE("the quality API's values come first, the record's fill what it leaves open") {
    const Mention mention{.id = "s1",
                          .status = "Finished",
                          .type = "Voice",
                          .form = "f2",
                          .context = "fc2",
                          .form_name = "Old",
                          .nps = 3,
                          .total = 50,
                          .is_partial = true,
                          .completed = "2024-05-06T11:00:00Z",
                          .queue = "q2",
                          .user = "a2"};
    const auto pick = [](const Cells& row) {
      std::string all;
      for (const char* column :
           {"survey_type", "form_id", "form_context_id", "form_name", "nps_score", "total_score",
            "is_partial", "completed_at", "queue_id", "agent_id"})
        all += row.at(column) + "|";
      return all;
    };
    CHECK(pick(fact(mention, std::nullopt)) ==
          "Voice|f2|fc2|Old|3|50|1|2024-05-06 11:00:00|q2|a2|");
    CHECK(pick(fact(mention, finished())) ==
          "Web|f1|fc|Service|9|90.5|0|2024-05-06 22:10:00|q1|a1|");
    Survey bare;
    bare.type = "";
    CHECK(pick(fact(mention, bare)) == "Voice|f2|fc2|Old|3|50|1|2024-05-06 11:00:00|q2|a2|");
  }

  TEST_CASE(
      "agent and queue are the survey's, else the interaction's; the team goes with the agent") {
    ContractWorld world;
    world.deliver("teams", R"({"id": "t1", "name": "Contact"})");
    world.deliver("teams", R"({"id": "t3", "name": "Helper"})");
    world.deliver("teams", R"({"id": "t9", "name": "Survey"})");
    Talk talk = chat();
    talk.parties.insert(talk.parties.begin() + 1,
                        {"agent", "a3", "t3", {{.segments = {{"interact", 10, 20, "q3"}}}}});
    world.deliver("conversations", talk.json());
    const auto row = [&](const std::string& agent, const std::string& team,
                         const std::string& queue) {
      Survey survey = finished();
      survey.agent = agent;
      survey.team = team;
      survey.queue = queue;
      world.deliver("surveys", survey.json());
      const Cells cells = world.view("fact_surveys").at(0);
      return cells.at("agent_id") + " " + cells.at("team_name") + " " + cells.at("queue_id");
    };
    CHECK(row("a1", "t9", "q7") == "a1 Survey q7");
    CHECK(row("", "", "") == "a1 Contact q1");
    CHECK(row("a3", "", "") == "a3 Helper q1");
    CHECK(row("a5", "", "") == "a5 NULL q1");
  }

  TEST_CASE("promoters say 9 or 10, passives 7 or 8, detractors 0 to 6") {
    for (int score = 0; score <= 10; ++score) {
      CHECK(fact(Mention{.id = "s1", .status = "Finished", .nps = score}, std::nullopt)
                .at("nps_class") == (score >= 9   ? "promoter"
                                     : score >= 7 ? "passive"
                                                  : "detractor"));
    }
    CHECK(fact(Mention{.id = "s1"}, std::nullopt).at("nps_class") == "NULL");
  }

  TEST_CASE("points are those of the groups not marked not applicable") {
    CHECK(changes([](Talk&, Survey& s) { s.groups[1].is_marked_na = true; }) ==
          Lines{"fact_surveys[0].score_max: 16 -> 15",
                "fact_surveys[0].score_pct: 87.5 -> 86.66666666666667",
                "fact_surveys[0].score_points: 14 -> 13"});
    Survey none = finished();
    for (auto& group : none.groups) group.is_marked_na = true;
    const Cells row = fact(std::nullopt, none);
    CHECK(row.at("score_points") + row.at("score_max") + row.at("score_pct") == "NULLNULLNULL");
  }

  TEST_CASE(
      "the response delay counts from the agent's end, else from the conversation's, sign kept") {
    CHECK(changes([](Talk&, Survey& s) { s.completed = "2024-05-06T10:09:00.500Z"; }) ==
          Lines{"fact_survey_answers[0].completed_local_date: 2024-05-07 -> 2024-05-06",
                "fact_survey_answers[1].completed_local_date: 2024-05-07 -> 2024-05-06",
                "fact_survey_answers[2].completed_local_date: 2024-05-07 -> 2024-05-06",
                "fact_survey_answers[3].completed_local_date: 2024-05-07 -> 2024-05-06",
                "fact_surveys[0].completed_at: 2024-05-06 22:10:00 -> 2024-05-06 10:09:00",
                "fact_surveys[0].completed_local_date: 2024-05-07 -> 2024-05-06",
                "fact_surveys[0].completed_ms: 1715033400000 -> 1714990140500",
                "fact_surveys[0].response_delay_ms: 43200000 -> -59500",
                "fact_surveys[0].response_delay_s: 43200 -> -59.5"});
    Talk unanswered = chat();
    unanswered.parties.pop_back();
    Survey survey = finished();
    CHECK(facts_of(unanswered, {survey}).at("fact_surveys").at(0).at("response_delay_s") ==
          "43080");
    unanswered.end.reset();
    CHECK(facts_of(unanswered, {survey}).at("fact_surveys").at(0).at("response_delay_s") == "NULL");
  }

  TEST_CASE("a survey's error is told") {
    Survey failed;
    failed.status = "Error";
    failed.error_reason = "InvalidAddress";
    const Cells row = fact(Mention{.id = "s1", .status = "Error"}, failed);
    CHECK(row.at("error_reason") == "InvalidAddress");
    CHECK(row.at("status") == "Error");
  }

  TEST_CASE(
      "a survey that no source names any more is gone from the facts; one the service erased is "
      "marked") {
    ContractWorld world;
    Talk talk = chat();
    talk.surveys = {{.id = "s1", .status = "Finished"}, {.id = "s2", .status = "Error"}};
    world.deliver("conversations", talk.json());
    world.deliver("surveys", finished().json());
    CHECK(world.view("fact_surveys").size() == 2);
    talk.surveys.clear();
    world.deliver("conversations", talk.json());
    CHECK(world.view("fact_surveys").size() == 1);
    CHECK(world.view("fact_interactions").at(0).at("survey_count") == "1");
    world.db().exec("UPDATE surveys SET gone_ms = 1 WHERE survey_id = 's1'");
    world.run_surveys("c1");
    CHECK(world.view("fact_surveys").at(0).at("is_gone") == "1");
  }

  TEST_CASE(
      "a survey on two records belongs to the conversation that the quality API names, else to the "
      "first by id") {
    const std::vector<std::vector<std::string>> orders{{"c1", "c2"}, {"c2", "c1"}};
    for (const auto& order : orders) {
      ContractWorld world;
      for (const auto& id : order) {
        Talk talk = chat();
        talk.id = id;
        talk.surveys = {{.id = "s1", .status = "Sent"}};
        world.deliver("conversations", talk.json());
      }
      REQUIRE(world.view("fact_surveys").size() == 1);
      CHECK(world.view("fact_surveys").at(0).at("conversation_id") == "c1");
      CHECK(world.view("fact_interactions").at(0).at("survey_count") == "1");
      CHECK(world.view("fact_interactions").at(1).at("survey_count") == "0");
      Survey survey = finished();
      survey.conversation = "c2";
      world.deliver("surveys", survey.json());
      CHECK(world.view("fact_surveys").at(0).at("conversation_id") == "c2");
      CHECK(world.view("fact_interactions").at(0).at("survey_count") == "0");
      CHECK(world.view("fact_interactions").at(1).at("survey_count") == "1");
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
