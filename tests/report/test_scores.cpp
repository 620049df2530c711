#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/records.hpp"
#include "report/site.hpp"

namespace csatdb::tests {
namespace {

/// The 28 days up to a date.
bool within_28(const std::string& date, const std::string& end) {
  const auto last = *base::parse_day(end), day = *base::parse_day(date);
  return day <= last && day > last - std::chrono::days(28);
}

TEST_SUITE("report") {
  TEST_CASE("csat-trend and nps-trend give each week of completion and the 28 days up to its end") {
    const auto& site = Site::shared();
    std::map<std::string, Csat> csat;
    std::map<std::string, Nps> nps;
    std::map<std::string, std::string> ends;
    for (auto day = *base::parse_day(site.from); base::to_date(day) <= site.to;
         day += std::chrono::days(1)) {
      const auto date = base::to_date(day);
      ends[std::max(week_of(date), site.from)] = date;
    }
    ExpectedRows csat_rows, nps_rows;
    for (const auto& [first, last] : ends) {
      Csat week, moving;
      Nps nps_week, nps_moving;
      for (const auto& talk : site.talks)
        for (const auto& survey : talk.surveys) {
          if (!survey.is_response()) continue;
          if (first <= survey.completed && survey.completed <= last) {
            week.add(survey);
            nps_week.add(survey);
          }
          if (!within_28(survey.completed, last)) continue;
          moving.add(survey);
          nps_moving.add(survey);
        }
      auto& row = csat_rows[first + " | " + last];
      row = {{"n", week.n},
             {"mean_score", week.n > 0 ? week.score / week.n : kNull},
             {"top_box_pct", pct(week.top, week.n)},
             {"last_28d_csat_pct", pct(moving.positive, moving.n)},
             {"last_28d_n", moving.n}};
      add_share(row, "csat", week.positive, week.n);
      auto& other = nps_rows[first + " | " + last];
      other = {{"n", nps_week.n},
               {"promoters", nps_week.promoters},
               {"passives", nps_week.n - nps_week.promoters - nps_week.detractors},
               {"detractors", nps_week.detractors},
               {"last_28d_nps", pct(nps_moving.promoters - nps_moving.detractors, nps_moving.n)}};
      add_nps(other, nps_week.promoters, nps_week.detractors, nps_week.n);
    }
    check_rows(site.golden.run("csat-trend"), {"period_from", "period_to"}, csat_rows);
    check_rows(site.golden.run("nps-trend"), {"period_from", "period_to"}, nps_rows);
  }

  TEST_CASE("by total, a trend has one row: the whole period") {
    const auto& site = Site::shared();
    Csat csat;
    Nps nps;
    for (const auto& [talk, survey] : site.completed()) {
      csat.add(*survey);
      nps.add(*survey);
    }
    ExpectedRows expected;
    expected[site.from + " | " + site.to] = {{"n", csat.n}};
    add_share(expected.begin()->second, "csat", csat.positive, csat.n);
    check_rows(site.golden.run("csat-trend", {{"by", std::string("total")}}),
               {"period_from", "period_to"}, expected);
    expected.begin()->second = {{"n", nps.n}};
    add_nps(expected.begin()->second, nps.promoters, nps.detractors, nps.n);
    check_rows(site.golden.run("nps-trend", {{"by", std::string("total")}}),
               {"period_from", "period_to"}, expected);
  }

  TEST_CASE("csat-by sets each group beside all the rest, hidden groups included") {
    const auto& site = Site::shared();
    const auto prove = [&](const char* by, auto key_of) {
      std::map<std::string, Csat> groups;
      Csat all;
      for (const auto& [talk, survey] : site.completed()) {
        groups[key_of(*talk, *survey)].add(*survey);
        all.add(*survey);
      }
      ExpectedRows expected;
      for (const auto& [key, group] : groups) {
        if (group.n < 5) continue;
        auto& row = expected[key];
        row = {{"n", group.n},
               {"mean_score", group.score / group.n},
               {"top_box_pct", pct(group.top, group.n)},
               {"rest_csat_pct", pct(all.positive - group.positive, all.n - group.n)},
               {"difference_points", pct(group.positive, group.n) -
                                         pct(all.positive - group.positive, all.n - group.n)}};
        add_share(row, "csat", group.positive, group.n);
      }
      CHECK(expected.size() > 1);
      check_rows(site.golden.run("csat-by", {{"by", std::string(by)}}), {"group"}, expected);
    };
    prove("queue", [&](const OracleTalk&, const OracleSurvey& s) {
      return site.queue_name(s.queue, "(none)");
    });
    prove("channel", [](const OracleTalk& t, const OracleSurvey&) { return t.channel; });
    prove("form", [](const OracleTalk&, const OracleSurvey& s) { return s.form; });
  }

  TEST_CASE("agent-scorecard credits surveys as its basis says, and handling to each leg's agent") {
    const auto& site = Site::shared();
    struct Sum {
      Csat csat;
      Nps nps;
      double n = 0, sent = 0, score = 0, scored = 0, held = 0, transferred = 0;
      std::vector<double> handles;
    };
    const auto prove = [&](const char* basis, auto agents_of) {
      std::map<std::string, Sum> sums;
      for (const auto* talk : site.contacts())
        for (const auto& survey : talk->surveys)
          for (const auto& agent : agents_of(*talk, survey)) {
            auto& sum = sums[agent];
            sum.sent += survey.is_sent();
            if (!survey.is_response()) continue;
            ++sum.n;
            sum.csat.add(survey);
            sum.nps.add(survey);
            sum.score += survey.total.value_or(0);
            sum.scored += survey.total.has_value();
          }
      for (const auto& talk : site.talks)
        for (const auto& leg : talk.legs) {
          if (!site.in_period(leg.date) || !leg.handle) continue;
          auto& sum = sums[leg.agent];
          sum.handles.push_back(static_cast<double>(*leg.handle) / 1000);
          sum.held += leg.hold.value_or(0) > 0;
          sum.transferred += leg.transfers > 0;
        }
      ExpectedRows expected;
      for (const auto& [agent, sum] : sums) {
        if (sum.n < 5 || agent.empty()) continue;
        const double legs = static_cast<double>(sum.handles.size());
        auto& row = expected[agent];
        row = {{"n", sum.n},
               {"csat_n", sum.csat.n},
               {"nps_n", sum.nps.n},
               {"genesys_score", sum.scored > 0 ? sum.score / sum.scored : kNull},
               {"sent", sum.sent},
               {"response_pct", pct(sum.n, sum.sent)},
               {"handled", legs},
               {"aht_s", mean_of(sum.handles)},
               {"median_handle_s", median_of(sum.handles)},
               {"hold_pct", pct(sum.held, legs)},
               {"transfer_pct", pct(sum.transferred, legs)}};
        // A score of fewer answers than the floor is not shown.
        if (sum.csat.n >= 5) {
          add_share(row, "csat", sum.csat.positive, sum.csat.n);
        } else {
          row["csat_pct"] = row["csat_low_pct"] = row["csat_high_pct"] = kNull;
        }
        if (sum.nps.n >= 5) {
          add_nps(row, sum.nps.promoters, sum.nps.detractors, sum.nps.n);
        } else {
          row["nps"] = row["nps_low"] = row["nps_high"] = kNull;
        }
      }
      CHECK(expected.size() > 5);
      check_rows(site.golden.run("agent-scorecard", {{"agent_basis", std::string(basis)},
                                                     {"immature", std::int64_t{1}}}),
                 {"agent_id"}, expected);
    };
    using Ids = std::set<std::string>;
    prove("survey", [](const OracleTalk&, const OracleSurvey& s) { return Ids{s.agent}; });
    prove("last", [](const OracleTalk& t, const OracleSurvey&) { return Ids{t.agent}; });
    prove("any", [](const OracleTalk& t, const OracleSurvey&) {
      Ids ids;
      for (const auto& leg : t.legs)
        if (leg.handle) ids.insert(leg.agent);
      return ids;
    });
  }

  TEST_CASE("response-rate leaves cohorts out that are still being answered, unless asked for") {
    const auto& site = Site::shared();
    const auto mature = site.mature_through();
    const auto prove = [&](bool immature) {
      std::map<std::string, std::pair<double, double>> sums;
      for (const auto* talk : site.contacts()) {
        if (!immature && talk->date > mature) continue;
        for (const auto& survey : talk->surveys) {
          if (!survey.is_sent()) continue;
          ++sums[talk->channel].first;
          sums[talk->channel].second += survey.is_response();
        }
      }
      ExpectedRows expected;
      for (const auto& [channel, sum] : sums) {
        if (sum.first < 5) continue;
        auto& row = expected[channel];
        row = {{"sent", sum.first}, {"responses", sum.second}};
        add_share(row, "response", sum.second, sum.first);
      }
      check_rows(site.golden.run("response-rate", {{"by", std::string("channel")},
                                                   {"immature", std::int64_t{immature}}}),
                 {"group"}, expected);
    };
    prove(true);
    prove(false);
  }

  TEST_CASE("response-delay gives nearest-rank percentiles and the share in after so many days") {
    const auto& site = Site::shared();
    std::vector<double> days;
    for (const auto& [talk, survey] : site.completed())
      if (survey->delay_days) days.push_back(*survey->delay_days);
    const auto n = static_cast<double>(days.size());
    const auto within = [&](double limit) {
      return pct(
          static_cast<double>(std::ranges::count_if(days, [&](double d) { return d <= limit; })),
          n);
    };
    check_rows(site.golden.run("response-delay"), {"group"},
               {{"all",
                 {{"n", n},
                  {"p50_days", nearest_rank(days, 0.5)},
                  {"p75_days", nearest_rank(days, 0.75)},
                  {"p90_days", nearest_rank(days, 0.9)},
                  {"p95_days", nearest_rank(days, 0.95)},
                  {"longest_days", *std::ranges::max_element(days)},
                  {"within_1d_pct", within(1)},
                  {"within_3d_pct", within(3)},
                  {"within_7d_pct", within(7)},
                  {"within_14d_pct", within(14)},
                  {"within_30d_pct", within(30)},
                  {"negative", static_cast<double>(std::ranges::count_if(
                                   days, [](double d) { return d < 0; }))}}}});
  }

  TEST_CASE("question-breakdown counts every answer of every form version") {
    const auto& site = Site::shared();
    struct Sum {
      double asked = 0, answered = 0, na = 0;
      std::vector<double> scores;
    };
    std::map<std::string, Sum> sums;
    for (const auto& [talk, survey] : site.completed()) {
      // Several options of a question may be chosen: it is answered once, and has no mean.
      std::set<std::string> asked, answered, na;
      for (const auto& answer : survey->answers) {
        const auto key = survey->form_id + " | " + answer.question;
        asked.insert(key);
        if (answer.is_na) na.insert(key);
        if (answer.is_na || answer.is_blank) continue;
        answered.insert(key);
        if (answer.score && answer.question != "What did you like?")
          sums[key].scores.push_back(*answer.score);
      }
      for (const auto& key : asked) ++sums[key].asked;
      for (const auto& key : answered) ++sums[key].answered;
      for (const auto& key : na) ++sums[key].na;
    }
    ExpectedRows expected;
    for (const auto& [key, sum] : sums)
      expected[key] = {{"asked", sum.asked},
                       {"answered", sum.answered},
                       {"na", sum.na},
                       {"blank", sum.asked - sum.answered - sum.na},
                       {"mean_score", mean_of(sum.scores)}};
    check_rows(site.golden.run("question-breakdown"), {"form_id", "question"}, expected);
  }

  TEST_CASE("score-distribution has every value, chosen or not") {
    const auto& site = Site::shared();
    std::map<int, double> nps, csat;
    for (int score = 0; score <= 10; ++score) nps[score] = 0;
    for (int score = 1; score <= 5; ++score) csat[score] = 0;
    for (const auto& [talk, survey] : site.completed()) {
      if (survey->nps) ++nps[*survey->nps];
      if (survey->csat) ++csat[static_cast<int>(*survey->csat)];
    }
    ExpectedRows expected;
    for (const auto& [measure, counts] : {std::pair{"nps | ", nps}, std::pair{"csat | ", csat}}) {
      double n = 0, up_to = 0, sum = 0, squares = 0;
      std::vector<double> all;
      for (const auto& [score, count] : counts) {
        n += count;
        sum += score * count;
        squares += score * score * count;
        all.insert(all.end(), static_cast<std::size_t>(count), score);
      }
      for (const auto& [score, count] : counts) {
        up_to += count;
        expected[measure + std::to_string(score)] = {
            {"answers", count},
            {"share_pct", pct(count, n)},
            {"up_to_pct", pct(up_to, n)},
            {"n", n},
            {"mean", sum / n},
            {"median", median_of(all)},
            {"deviation", std::sqrt((squares - sum * sum / n) / (n - 1))}};
      }
    }
    check_rows(site.golden.run("score-distribution"), {"measure", "score"}, expected);
  }

  TEST_CASE("first-contact-resolution compares the settled with the others") {
    const auto& site = Site::shared();
    std::map<std::string, std::pair<double, double>> sums;
    for (const auto& [talk, survey] : site.completed()) {
      if (!survey->resolved) continue;
      auto& [n, resolved] = sums[site.queue_name(survey->queue, "(none)")];
      ++n;
      resolved += *survey->resolved;
    }
    ExpectedRows expected;
    for (const auto& [queue, sum] : sums) {
      if (sum.first < 5) continue;
      expected[queue] = {{"n", sum.first}, {"resolved", sum.second}};
      add_share(expected[queue], "fcr", sum.second, sum.first);
    }
    check_rows(site.golden.run("first-contact-resolution"), {"group"}, expected);
  }
}

}  // namespace
}  // namespace csatdb::tests
