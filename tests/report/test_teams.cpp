#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <set>

#include "report/crafted.hpp"
#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/site.hpp"

namespace csatdb::tests {
namespace {

/// What a team's row is made of.
struct Team {
  std::map<std::string, Csat> agents;
  std::set<std::string> answered_about;
  Csat csat;
  Nps nps;
  double n = 0, sent = 0, mature = 0, score = 0, scored = 0, held = 0, transferred = 0;
  std::vector<double> handles;
};

TEST_SUITE("report") {
  TEST_CASE("team-scorecard pools a team's answers, and beside them gives each agent one voice") {
    const auto& site = Site::shared();
    const auto mature = site.mature_through();
    const auto name = [&](const std::string& id) {
      const auto at = site.teams.find(id);
      return at == site.teams.end() ? std::string("(none)") : at->second;
    };
    const auto prove = [&](bool immature) {
      std::map<std::string, Team> teams;
      for (const auto* talk : site.contacts())
        for (const auto& survey : talk->surveys) {
          if (!survey.is_sent() || survey.agent.empty()) continue;
          auto& team = teams[name(survey.team)];
          const bool is_mature = immature || talk->date <= mature;
          team.sent += is_mature;
          team.mature += is_mature && survey.is_response();
          if (!survey.is_response()) continue;
          ++team.n;
          team.answered_about.insert(survey.team + survey.agent);
          team.csat.add(survey);
          team.agents[survey.team + survey.agent].add(survey);
          team.nps.add(survey);
          team.score += survey.total.value_or(0);
          team.scored += survey.total.has_value();
        }
      for (const auto& talk : site.talks)
        for (const auto& leg : talk.legs) {
          if (!site.in_period(leg.date) || !leg.handle || leg.agent.empty()) continue;
          auto& team = teams[name(leg.team)];
          team.handles.push_back(static_cast<double>(*leg.handle) / 1000);
          team.held += leg.hold.value_or(0) > 0;
          team.transferred += leg.transfers > 0;
        }
      ExpectedRows expected;
      for (const auto& [key, team] : teams) {
        if (team.n < 5) continue;
        std::vector<double> means;
        for (const auto& [agent, csat] : team.agents)
          if (csat.n >= 5) means.push_back(pct(csat.positive, csat.n));
        const auto legs = static_cast<double>(team.handles.size());
        auto& row = expected[key];
        row = {{"agents", static_cast<double>(team.answered_about.size())},
               {"n", team.n},
               {"csat_n", team.csat.n},
               {"agents_csat_pct", mean_of(means)},
               {"agents_counted", static_cast<double>(means.size())},
               {"nps_n", team.nps.n},
               {"genesys_score", team.scored > 0 ? team.score / team.scored : kNull},
               {"sent", team.sent},
               {"response_pct", pct(team.mature, team.sent)},
               {"handled", legs},
               {"aht_s", mean_of(team.handles)},
               {"hold_pct", pct(team.held, legs)},
               {"transfer_pct", pct(team.transferred, legs)}};
        add_share(row, "csat", team.csat.positive, team.csat.n);
        add_nps(row, team.nps.promoters, team.nps.detractors, team.nps.n);
      }
      CHECK(expected.size() > 2);
      check_rows(site.golden.run("team-scorecard", {{"immature", std::int64_t{immature}}}),
                 {"team"}, expected);
    };
    prove(true);
    prove(false);
  }

  TEST_CASE("evaluations-and-surveys sets the newest scoring of each form beside the answers") {
    const auto& site = Site::shared();
    struct Judged {
      std::vector<double> scores;
      Csat csat;
    };
    std::map<std::string, Judged> agents;
    for (const auto* talk : site.contacts()) {
      std::map<std::string, const OracleEvaluation*> newest;
      for (const auto& evaluation : talk->evaluations) {
        auto& kept = newest[evaluation.agent + evaluation.form];
        if (kept == nullptr || evaluation.at >= kept->at) kept = &evaluation;
      }
      for (const auto& [key, evaluation] : newest)
        agents[evaluation->agent].scores.push_back(evaluation->score);
    }
    for (const auto& [talk, survey] : site.responses()) agents[survey->agent].csat.add(*survey);
    ExpectedRows expected;
    std::vector<std::pair<double, double>> pairs;
    for (const auto& [agent, judged] : agents) {
      if (judged.csat.n < 5 || judged.scores.empty()) continue;
      expected[agent] = {{"evaluations", static_cast<double>(judged.scores.size())},
                         {"quality_score", mean_of(judged.scores)},
                         {"csat_n", judged.csat.n}};
      add_share(expected[agent], "csat", judged.csat.positive, judged.csat.n);
      pairs.emplace_back(mean_of(judged.scores), judged.csat.positive / judged.csat.n);
    }
    REQUIRE(expected.size() >= 10);
    const auto outcome = site.golden.run("evaluations-and-surveys");
    check_rows(outcome, {"agent_id"}, expected);
    const auto said = outcome.footer.at(1);
    CAPTURE(said);
    REQUIRE(said.starts_with("Correlation"));
    CHECK(std::abs(std::stod(said.substr(said.find(": ") + 2)) - correlation_of(pairs)) <=
          0.005001);
  }

  TEST_CASE("an evaluation scored again counts once, by its newest score; others do not count") {
    Crafted crafted;
    crafted.add({.positive = true}, 5);
    // Of one conversation: a form scored twice, another form, and what is no judgement of the
    // agent.
    crafted.db().exec(
        "INSERT INTO evaluations (conversation_key, evaluation_no, status, context_id, user_key, "
        "event_ms, total_score, calibration_id, is_deleted) SELECT 1, column1, column2, column3, "
        "user_key, column4, column5, column6, column7 FROM users, (VALUES "
        "(0, 'Finished', 'a', 20, 80, NULL, NULL), (1, 'Finished', 'a', 10, 50, NULL, 0),"
        "(2, 'Finished', 'b', 10, 60, NULL, NULL), (3, 'Finished', 'c', 10, 0, 'k', NULL),"
        "(4, 'Finished', 'd', 10, 0, NULL, 1), (5, 'InProgress', 'e', 10, 0, NULL, NULL))");
    check_rows(crafted.run("evaluations-and-surveys"), {"agent_id"},
               {{"A", {{"evaluations", 2}, {"quality_score", 70}, {"csat_n", 5}}}});
  }
}

}  // namespace
}  // namespace csatdb::tests
