#include "resources/contract_cases.hpp"

namespace csatdb::tests {

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

/// A chat that agent a1 ends at 10:10 and that ends at 10:12 UTC.
Talk chat() {
  Talk talk;
  talk.start = "2024-05-06T10:00:00.000Z";
  talk.end = 720;
  talk.parties = {
      {.purpose = "customer", .sessions = {{.media = "chat", .segments = {{"interact", 0, 600}}}}},
      {.purpose = "agent",
       .user = "a1",
       .team = "t1",
       .sessions = {{.media = "chat",
                     .segments = {{"interact", 30, 600, "q1"}, {"wrapup", 600, 720, "q1"}}}}}};
  return talk;
}

Form form() {
  return {"f1",
          "fc",
          "Service",
          {{"g1",
            "About us",
            {{"qu1",
              "qc1",
              "How satisfied are you?",
              "multipleChoiceQuestion",
              {{"o1", "Not at all", 1}, {"o4", "Rather", 4}, {"o5", "Very", 5}}},
             {"qu2", "qc2", "Would you recommend us?", "npsQuestion"},
             {"qu3", "qc3", "Anything else?", "freeTextQuestion"}}},
           {"g2",
            "About the visit",
            {{"qu4",
              "",
              "Was it solved?",
              "multipleChoiceQuestion",
              {{"y", "Yes", 1}, {"n", "No", 0}}}}}}};
}

Survey finished() {
  Survey survey;
  survey.form = form();
  survey.agent = "a1";
  survey.team = "t9";
  survey.queue = "q1";
  survey.completed = "2024-05-06T22:10:00.000Z";
  survey.total = 90.5;
  survey.nps = 9;
  survey.is_partial = false;
  survey.groups = {{"g1",
                    13.0,
                    15.0,
                    false,
                    {{.question = "qu1", .option = "o4", .score = 4},
                     {.question = "qu2", .nps = 9, .nps_text = "Friendly"},
                     {.question = "qu3", .free_text = "Thanks"}}},
                   {"g2", 1.0, 1.0, false, {{.question = "qu4", .option = "y", .score = 1}}}};
  return survey;
}

Facts facts_of(const Talk& talk, const std::vector<Survey>& surveys) {
  ContractWorld world;
  world.deliver("conversations", talk.json());
  for (const Survey& survey : surveys) world.deliver("surveys", survey.json());
  return world.facts();
}

}  // namespace csatdb::tests
