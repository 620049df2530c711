#include <doctest/doctest.h>

#include "report/crafted.hpp"
#include "report/expected.hpp"
#include "report/records.hpp"

namespace csatdb::tests {
namespace {

/// So many positive and negative answers.
void answers(Crafted& crafted, CraftedSurvey survey, int positive, int n) {
  survey.positive = true;
  crafted.add(survey, positive);
  survey.positive = false;
  crafted.add(survey, n - positive);
}

/// The row of a report that has this text in this column.
struct Found {
  Found(report::Outcome&& o, const char* column, const std::string& text)
      : outcome(std::move(o)), rows(outcome.result) {
    while (row < rows.size() && rows.text(row, column) != text) ++row;
  }
  bool is_there() const { return row < rows.size(); }
  double operator[](const char* column) const { return rows.number(row, column).value_or(kNull); }
  std::string text(const char* column) const { return rows.text(row, column); }

  report::Outcome outcome;
  report::Records rows;
  std::size_t row = 0;
};

/// Equal to one digit after the point.
bool is(double got, double wanted) { return std::abs(got - wanted) < 0.1; }

TEST_SUITE("report") {
  TEST_CASE("a share's interval is Wilson's: Newcombe's published examples") {
    // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    struct Example {
      int hits, n;
      double low, high;
    };
    for (const auto& e : {Example{81, 263, 25.53, 36.62}, Example{15, 148, 6.24, 16.05},
                          Example{0, 20, 0.0, 16.11}, Example{1, 29, 0.61, 17.18}}) {
      CAPTURE(e.n);
      Crafted crafted;
      answers(crafted, {}, e.hits, e.n);
      const Found row(crafted.run("csat-by"), "group", "Q");
      CHECK(is(row["csat_low_pct"], e.low));
      CHECK(is(row["csat_high_pct"], e.high));
      CHECK(is(wilson(e.hits, e.n).low, e.low));
      CHECK(is(wilson(e.hits, e.n).high, e.high));
      const Found trend(crafted.run("csat-trend", {{"by", std::string("total")}}), "n",
                        std::to_string(e.n));
      CHECK(is(trend["csat_low_pct"], e.low));
      CHECK(is(trend["csat_high_pct"], e.high));
    }
  }

  TEST_CASE("the difference of two shares is Newcombe's: his published examples") {
    // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10.
    struct Example {
      int hits1, n1, hits0, n0;
      double low, high;
    };
    for (const auto& e :
         {Example{56, 70, 48, 80, 5.24, 33.39}, Example{9, 10, 3, 10, 17.05, 80.90}}) {
      CAPTURE(e.n1);
      Crafted crafted;
      answers(crafted, {.transfers = 1}, e.hits1, e.n1);
      answers(crafted, {.transfers = 0}, e.hits0, e.n0);
      const Found row(crafted.run("csat-by-handling"), "bucket", "1 or more");
      CHECK(is(row["versus_none_points"], pct(e.hits1, e.n1) - pct(e.hits0, e.n0)));
      CHECK(is(row["versus_none_low"], e.low));
      CHECK(is(row["versus_none_high"], e.high));
      CHECK(row.text("moved") == "moved");
      CHECK(is(newcombe(e.hits1, e.n1, e.hits0, e.n0).low, e.low));

      Crafted months;
      answers(months, {.date = "2026-05-10"}, e.hits1, e.n1);
      answers(months, {.date = "2026-04-10"}, e.hits0, e.n0);
      const Found change(months.run("period-comparison"), "measure", "csat_pct");
      CHECK(is(change["change_low"], e.low));
      CHECK(is(change["change_high"], e.high));
      CHECK(change.text("verdict") == "moved up");
    }
  }

  TEST_CASE("a net promoter score's interval is the adjusted Wald's, with its rules of thumb") {
    // With 35 % promoters and as many detractors, 270 answers give +-10 points and 1,075 +-5.
    for (const auto& [n, extreme, half] : {std::tuple{270, 95, 10.0}, std::tuple{1075, 376, 5.0}}) {
      Crafted crafted;
      crafted.add({.nps = 9}, extreme).add({.nps = 3}, extreme).add({.nps = 7}, n - 2 * extreme);
      const Found row(crafted.run("nps-trend", {{"by", std::string("total")}}), "n",
                      std::to_string(n));
      CHECK(row["nps"] == 0);
      CHECK(is(row["nps_low"], -half));
      CHECK(is(row["nps_high"], half));
    }
    // All promoters: clipped at 100, and not certain all the same. (n + 0.75) / (n + 3) and so on.
    Crafted crafted;
    crafted.add({.nps = 10}, 10);
    const Found row(crafted.run("nps-trend", {{"by", std::string("total")}}), "n", "10");
    CHECK(row["nps"] == 100);
    CHECK(row["nps_high"] == 100);
    CHECK(is(row["nps_low"], 47.5));
  }

  TEST_CASE("a share of 80 % takes 245 answers for +-5 points") {
    Crafted crafted;
    answers(crafted, {}, 196, 245);
    const Found row(crafted.run("csat-by"), "group", "Q");
    CHECK(std::abs((row["csat_high_pct"] - row["csat_low_pct"]) / 2 - 5) < 0.1);
  }

  TEST_CASE("percentiles are by nearest rank") {
    // The list that introduces the nearest-rank method in most textbooks: 15, 20, 35, 40, 50.
    Crafted crafted;
    for (const double days : {15, 20, 35, 40, 50})
      crafted.add({.date = "2026-04-10", .delay_days = days - 10});
    const Found row(crafted.run("response-delay", {{"from", std::string("2026-04-01")}}), "group",
                    "all");
    CHECK(row["p50_days"] == 25);
    CHECK(row["p75_days"] == 30);
    CHECK(row["p95_days"] == 40);
    CHECK(row["longest_days"] == 40);
  }

  TEST_CASE("groups of fewer than five answers are hidden, of fewer than thirty indicative") {
    Crafted crafted;
    for (const int n : {4, 5, 29, 30}) {
      const auto name = "n" + std::to_string(n);
      answers(crafted, {.queue = name, .agent = name}, n - 1, n);
    }
    for (const auto& each :
         {std::pair{"csat-by", "group"}, std::pair{"agent-scorecard", "agent_name"}}) {
      const auto* report = each.first;
      const auto* column = each.second;
      CAPTURE(report);
      CHECK(!Found(crafted.run(report), column, "n4").is_there());
      CHECK(Found(crafted.run(report), column, "n5").text("note") == "indicative");
      CHECK(Found(crafted.run(report), column, "n29").text("note") == "indicative");
      CHECK(Found(crafted.run(report), column, "n30").text("note").empty());
      CHECK(crafted.run(report).footer.front().find("hidden: 1 ") != std::string::npos);
      CHECK(Found(crafted.run(report, {{"min_n", std::int64_t{4}}}), column, "n4").is_there());
    }
  }

  TEST_CASE("an agent's score of too few answers is not shown beside one of enough") {
    Crafted crafted;
    crafted.add({.positive = true}, 4).add({.nps = 9}, 6);
    const Found row(crafted.run("agent-scorecard"), "agent_name", "A");
    CHECK(row["n"] == 10);
    CHECK(row["csat_n"] == 4);
    CHECK(row.text("csat_pct").empty());
    CHECK(row.text("csat_low_pct").empty());
    CHECK(row["nps"] == 100);
  }

  TEST_CASE("ranks are given only where intervals separate") {
    Crafted crafted;
    answers(crafted, {.agent = "good"}, 95, 100);
    answers(crafted, {.agent = "as good"}, 93, 100);
    const auto rank = [&](const char* agent) {
      return Found(crafted.run("agent-scorecard"), "agent_name", agent).text("rank");
    };
    CHECK(rank("good").empty());
    CHECK(rank("as good").empty());
    answers(crafted, {.agent = "worse"}, 50, 100);
    CHECK(rank("good") == "1");
    CHECK(rank("as good") == "1");
    CHECK(rank("worse") == "3");
  }

  TEST_CASE("the service level obeys the organisation's three switches") {
    Crafted crafted;
    crafted.add_visit("answered", false, 8).add_visit("answered", true, 2);
    crafted.add_visit("abandoned", std::nullopt, 5).add_visit("short_abandoned", std::nullopt, 3);
    crafted.add_visit("flow_out", std::nullopt, 4);
    const auto level = [&](const char* flag, std::int64_t value) {
      return Found(crafted.run("queue-performance", {{flag, value}}), "queue_name",
                   "Q")["service_level_pct"];
    };
    CHECK(is(level("sl_abandons", 1), 100 * 8 / 18.0));
    CHECK(is(level("sl_short_abandons", 0), 100 * 8 / 15.0));
    CHECK(is(level("sl_abandons", 0), 100 * 8 / 10.0));
    CHECK(is(level("sl_flowouts", 1), 100 * 8 / 22.0));
  }

  TEST_CASE("where nOverSla comes only with late answers, its absence is an answer in time") {
    Crafted crafted;
    crafted.add_visit("answered", std::nullopt, 9).add_visit("answered", true, 1);
    CHECK(is(Found(crafted.run("queue-performance"), "queue_name", "Q")["service_level_pct"], 90));
    Crafted silent;
    silent.add_visit("answered", std::nullopt, 9);
    CHECK(Found(silent.run("queue-performance"), "queue_name", "Q")
              .text("service_level_pct")
              .empty());
  }

  TEST_CASE("a report whose question is not mapped says how to map one") {
    Crafted crafted;
    crafted.add({.nps = 9}, 3);
    for (const char* name : {"csat-trend", "csat-by", "agent-scorecard", "csat-by-hour"}) {
      CAPTURE(name);
      std::string footer;
      for (const auto& line : crafted.run(name).footer) footer += line + "\n";
      CHECK(footer.find("No question is mapped as csat") != std::string::npos);
      CHECK(footer.find("csatdb measures") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
