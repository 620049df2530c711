#include <doctest/doctest.h>

#include <functional>

#include "resources/contract_cases.hpp"

namespace csatdb::tests {
namespace {

Lines changes(const std::function<void(Talk&, Survey&)>& change) {
  Talk talk = chat();
  Survey survey = finished();
  change(talk, survey);
  return differences(facts_of(chat(), {finished()}), facts_of(talk, {survey}));
}

TEST_SUITE("resources") {
  TEST_CASE("every question scored is a row, marked not applicable or not") {
    CHECK(changes([](Talk&, Survey& s) { s.groups[0].replies[0].is_marked_na = true; }) ==
          Lines{"fact_survey_answers[0].marked_na: 0 -> 1"});
    // A question scored twice is two rows.
    CHECK(changes([](Talk&, Survey& s) {
            s.groups[1].replies.push_back({.question = "qu4", .option = "n", .score = 0});
          }) == Lines{"fact_survey_answers: 4 rows -> 5 rows"});
  }

  TEST_CASE(
      "free text is the free text, else the reason of the score; comments hold both, without blank "
      "ones") {
    CHECK(changes([](Talk&, Survey& s) { s.groups[0].replies[1].free_text = "And fast"; }) ==
          Lines{"fact_survey_answers[1].free_text: Friendly -> And fast",
                "fact_surveys[0].comments: Friendly\nThanks -> Friendly\nAnd fast\nThanks"});
    CHECK(changes([](Talk&, Survey& s) {
            s.groups[0].replies[1].nps_text = " \t\n";
            s.groups[0].replies[2].free_text = "";
          }).back() == "fact_surveys[0].comments: Friendly\nThanks -> NULL");
  }

  TEST_CASE("the highest score is the question's highest option, 10 for NPS, else unknown") {
    CHECK(changes([](Talk&, Survey& s) { s.form->groups[0].questions[0].options[1].value = 7; }) ==
          Lines{"fact_survey_answers[0].max_score: 5 -> 7"});
  }

  TEST_CASE("a survey without its form takes the questions from the form listed") {
    Survey light = finished();
    light.form->groups.clear();
    ContractWorld world;
    world.deliver("survey_forms", form().json());
    world.deliver("conversations", chat().json());
    world.deliver("surveys", light.json());
    // The light form came inside the survey: the listed one's questions must have stayed.
    world.deliver("survey_forms", form().json());
    world.deliver("surveys", light.json());
    CHECK(differences(facts_of(chat(), {finished()}), world.facts()) == Lines{});
  }

  TEST_CASE("measures map questions to satisfaction, effort and first contact resolution") {
    ContractWorld world;
    const auto measured = [&](const std::string& measures) {
      world.db().exec(
          "DELETE FROM measures; INSERT INTO measures (name, form_context_id, question_context_id, "
          "question_text, positive) VALUES " +
          measures);
      world.deliver("conversations", chat().json());
      world.deliver("surveys", finished().json());
      const Cells row = world.view("fact_surveys").at(0);
      return row.at("csat_score") + " " + row.at("csat_is_positive") + " " + row.at("ces_score") +
             " " + row.at("fcr_resolved");
    };
    CHECK(measured(R"(('csat', 'fc', 'qc1', NULL, '["Rather", "Very"]'))") == "4 1 NULL NULL");
    CHECK(measured(R"(('csat', 'fc', 'qc1', NULL, '[4, 5]'))") == "4 1 NULL NULL");
    CHECK(measured(R"(('csat', NULL, 'qc1', NULL, '["Very"]'))") == "4 0 NULL NULL");
    CHECK(measured(R"(('csat', 'other', 'qc1', NULL, '["Very"]'))") == "NULL NULL NULL NULL");
    CHECK(measured(R"(('csat', 'fc', 'qc1', NULL, NULL))") == "4 NULL NULL NULL");
    // By text where the question has no context.
    CHECK(
        measured(
            R"(('fcr', 'fc', NULL, 'Was it solved?', '["Yes"]'), ('ces', 'fc', 'qc2', NULL, NULL))") ==
        "NULL NULL 9 1");
    // The first measure of a name that finds an answer counts.
    CHECK(
        measured(
            R"(('csat', 'fc', 'none', NULL, NULL), ('csat', 'fc', 'qc1', NULL, NULL), ('csat', 'fc', 'qc2', NULL, NULL))") ==
        "4 NULL NULL NULL");
  }

  TEST_CASE("an answer marked not applicable measures nothing") {
    ContractWorld world;
    world.db().exec(
        "INSERT INTO measures (name, question_context_id, positive) VALUES ('csat', 'qc1', '[4]')");
    Survey survey = finished();
    survey.groups[0].replies[0].is_marked_na = true;
    world.deliver("surveys", survey.json());
    CHECK(world.view("fact_surveys").at(0).at("csat_is_positive") == "NULL");
  }
}

}  // namespace
}  // namespace csatdb::tests
