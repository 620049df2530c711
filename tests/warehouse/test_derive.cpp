#include <doctest/doctest.h>

#include "support/contract.hpp"
#include "warehouse/derive.hpp"

namespace csatdb::tests {
namespace {

/// What is left to follow after the record says this and the quality API that; "" for what it does
/// not say.
warehouse::FollowUp follow_up(const std::string& record, const std::string& quality,
                              bool is_open = false) {
  ContractWorld world;
  Talk talk;
  if (is_open) talk.end.reset();
  if (!record.empty()) talk.surveys = {{.id = "s1", .status = record}};
  world.deliver("conversations", talk.json());
  if (!quality.empty()) world.deliver("surveys", Survey{.status = quality}.json());
  const base::Zone zone("UTC");
  return warehouse::SurveyDerivation(world.db(), zone).run(world.key("conversations", "c1"));
}

TEST_SUITE("warehouse") {
  TEST_CASE("a conversation that has not ended is open") {
    CHECK(follow_up("", "", true).record_is_open);
    CHECK(!follow_up("", "").record_is_open);
  }

  TEST_CASE("a survey is open until its merged status is final") {
    CHECK(!follow_up("", "").any_survey_open);
    CHECK(follow_up("Sent", "").any_survey_open);
    CHECK(follow_up("Sent", "InProgress").any_survey_open);
    CHECK(follow_up("Unheard Of", "").any_survey_open);
    CHECK(!follow_up("Opt Out", "").any_survey_open);
    CHECK(!follow_up("Sent", "Expired").any_survey_open);
    CHECK(!follow_up("Error", "").any_survey_open);
  }

  TEST_CASE(
      "answers are missing while a finished survey did not come as finished from the quality API") {
    CHECK(follow_up("Finished", "").answers_missing);
    CHECK(follow_up("Finished", "Sent").answers_missing);
    CHECK(!follow_up("Finished", "Finished").answers_missing);
    CHECK(!follow_up("Sent", "finished").answers_missing);
    CHECK(!follow_up("Sent", "Sent").answers_missing);
  }

  TEST_CASE("deriving again changes nothing") {
    ContractWorld world;
    Talk talk;
    talk.surveys = {{.id = "s1", .status = "Sent"}, {.id = "s2", .status = "Finished", .nps = 9}};
    world.deliver("conversations", talk.json());
    const auto before = world.db().getTotalChanges();
    const base::Zone zone("Europe/Berlin");
    warehouse::SurveyDerivation derivation(world.db(), zone);
    CHECK(derivation.run(world.key("conversations", "c1")).facts_changed == 0);
    CHECK(world.db().getTotalChanges() == before);
  }

  TEST_CASE("a gone survey is followed no more") {
    ContractWorld world;
    Talk talk;
    talk.surveys = {{.id = "s1", .status = "Finished"}};
    world.deliver("conversations", talk.json());
    world.db().exec("UPDATE surveys SET gone_ms = 1");
    const base::Zone zone("UTC");
    const auto left =
        warehouse::SurveyDerivation(world.db(), zone).run(world.key("conversations", "c1"));
    CHECK(!left.answers_missing);
    CHECK(left.facts_changed == 1);
  }
}

}  // namespace
}  // namespace csatdb::tests
