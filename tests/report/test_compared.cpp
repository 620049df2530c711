#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/records.hpp"
#include "report/site.hpp"

namespace csatdb::tests {
namespace {

/// What a period's answers come to.
struct Span {
  double responses = 0, sent = 0, answered = 0, resolved = 0, fcr_n = 0;
  Csat csat;
  Nps nps;
  std::vector<double> totals, efforts;
};

Span span_of(const Site& site, const std::string& from, const std::string& to) {
  Span span;
  const auto within = [&](const std::string& date) { return from <= date && date <= to; };
  for (const auto& talk : site.talks)
    for (const auto& survey : talk.surveys) {
      if (within(talk.date) && survey.is_sent()) {
        ++span.sent;
        span.answered += survey.is_response();
      }
      if (!survey.is_response() || !within(survey.completed)) continue;
      ++span.responses;
      span.csat.add(survey);
      span.nps.add(survey);
      if (survey.total) span.totals.push_back(*survey.total);
      if (survey.ces) span.efforts.push_back(*survey.ces);
      if (!survey.resolved) continue;
      ++span.fcr_n;
      span.resolved += *survey.resolved;
    }
  return span;
}

ExpectedRow share_change(double now, double now_n, double before, double before_n) {
  const auto bounds = newcombe(now, now_n, before, before_n);
  return {{"this_n", now_n},
          {"this", pct(now, now_n)},
          {"previous_n", before_n},
          {"previous", pct(before, before_n)},
          {"change", pct(now, now_n) - pct(before, before_n)},
          {"change_low", bounds.low},
          {"change_high", bounds.high}};
}

ExpectedRow mean_change(const std::vector<double>& now, const std::vector<double>& before) {
  const auto error = [](const std::vector<double>& values) {
    return deviation_of(values) / std::sqrt(static_cast<double>(values.size()));
  };
  const double change = mean_of(now) - mean_of(before);
  const double half = 1.96 * std::hypot(error(now), error(before));
  return {{"this_n", static_cast<double>(now.size())},
          {"this", mean_of(now)},
          {"previous_n", static_cast<double>(before.size())},
          {"previous", mean_of(before)},
          {"change", change},
          {"change_low", change - half},
          {"change_high", change + half}};
}

ExpectedRow nps_change(const Nps& now, const Nps& before) {
  // Three answers more, a quarter of them promoters and a quarter detractors (Rocks).
  struct Adjusted {
    double middle, variance;
  };
  const auto adjusted = [](const Nps& nps) {
    const double n = nps.n + 3, p = (nps.promoters + 0.75) / n, d = (nps.detractors + 0.75) / n;
    return Adjusted{100 * (p - d), 10000 * (p + d - (p - d) * (p - d)) / n};
  };
  const auto one = adjusted(now), other = adjusted(before);
  const double half = 1.96 * std::sqrt(one.variance + other.variance);
  const double score = pct(now.promoters - now.detractors, now.n);
  const double previous = pct(before.promoters - before.detractors, before.n);
  return {{"this_n", now.n},
          {"this", score},
          {"previous_n", before.n},
          {"previous", previous},
          {"change", score - previous},
          {"change_low", one.middle - other.middle - half},
          {"change_high", one.middle - other.middle + half}};
}

TEST_SUITE("report") {
  TEST_CASE("period-comparison sets the period beside the one before it, measure by measure") {
    const auto& site = Site::shared();
    // Two weeks, so that the two before them are in the warehouse too.
    const auto last = *base::parse_day(site.to), first = last - std::chrono::days(13);
    const auto now = span_of(site, base::to_date(first), site.to);
    const auto before = span_of(site, base::to_date(first - std::chrono::days(14)),
                                base::to_date(first - std::chrono::days(1)));
    ExpectedRows expected;
    expected["responses"] = {{"this", now.responses},
                             {"previous", before.responses},
                             {"change", now.responses - before.responses},
                             {"change_low", kNull}};
    expected["csat_pct"] =
        share_change(now.csat.positive, now.csat.n, before.csat.positive, before.csat.n);
    expected["fcr_pct"] = share_change(now.resolved, now.fcr_n, before.resolved, before.fcr_n);
    expected["response_pct"] = share_change(now.answered, now.sent, before.answered, before.sent);
    expected["nps"] = nps_change(now.nps, before.nps);
    expected["genesys_score"] = mean_change(now.totals, before.totals);
    expected["ces_score"] = mean_change(now.efforts, before.efforts);
    warehouse::Parameters asked = {{"from", base::to_date(first)}, {"immature", std::int64_t{1}}};
    check_rows(site.golden.run("period-comparison", asked), {"measure"}, expected);
    // Contacts of this period are still being answered: their rate says nothing yet.
    asked.erase("immature");
    REQUIRE(site.mature_through() < site.to);
    auto& rate = expected["response_pct"];
    rate["this"] = rate["change"] = rate["change_low"] = rate["change_high"] = kNull;
    if (site.mature_through() < base::to_date(first - std::chrono::days(1)))
      rate["previous"] = kNull;
    check_rows(site.golden.run("period-comparison", asked), {"measure"}, expected);
  }

  TEST_CASE("csat-by-wrapup sets each reason beside all the others") {
    const auto& site = Site::shared();
    std::map<std::string, Csat> reasons;
    Csat all;
    for (const auto& [talk, survey] : site.responses()) {
      const auto at = site.wrapups.find(talk->wrapup);
      reasons[talk->wrapup.empty()       ? "(none)"
              : at == site.wrapups.end() ? talk->wrapup
                                         : at->second]
          .add(*survey);
      all.add(*survey);
    }
    ExpectedRows expected;
    for (const auto& [reason, sum] : reasons) {
      if (sum.n < 5) continue;
      const double rest_n = all.n - sum.n, rest = all.positive - sum.positive;
      auto& row = expected[reason];
      row = {{"n", sum.n},
             {"mean_score", sum.score / sum.n},
             {"rest_csat_pct", pct(rest, rest_n)},
             {"difference_points", pct(sum.positive, sum.n) - pct(rest, rest_n)}};
      add_share(row, "csat", sum.positive, sum.n);
    }
    REQUIRE(expected.size() > 4);
    check_rows(site.golden.run("csat-by-wrapup", {{"limit", std::int64_t{1000}}}), {"wrapup_code"},
               expected);
    // The best and the worst.
    std::vector<std::pair<double, std::string>> order;
    for (const auto& [reason, row] : expected) order.emplace_back(row.at("csat_pct"), reason);
    std::ranges::sort(order);
    REQUIRE(order[0].first < order[1].first);
    const auto outcome = site.golden.run("csat-by-wrapup", {{"limit", std::int64_t{1}}});
    const report::Records rows(outcome.result);
    REQUIRE(rows.size() == 2);
    CHECK(rows.text(1, "wrapup_code") == order.front().second);
    CHECK(rows.number(0, "csat_pct").value() == doctest::Approx(order.back().first).epsilon(0.001));
  }

  TEST_CASE("non-response tells who answers from who does not, and re-weights by the mix") {
    const auto& site = Site::shared();
    const auto bucket = [](std::optional<std::int64_t> ms, std::initializer_list<int> ends,
                           std::initializer_list<const char*> names) {
      if (!ms) return std::string("not known");
      const auto place = std::ranges::count_if(ends, [&](int end) { return *ms >= 1000 * end; });
      return fmt::format("{}: {}", place + 1, names.begin()[place]);
    };
    struct Cell {
      double sent = 0, n = 0, positive = 0;
    };
    std::map<std::string, std::map<std::string, std::pair<double, double>>> traits;
    std::map<std::string, Cell> cells;
    double sent = 0, answered = 0;
    for (const auto* talk : site.contacts())
      for (const auto& survey : talk->surveys) {
        if (!survey.is_sent()) continue;
        ++sent;
        answered += survey.is_response();
        for (const auto& [trait, level] :
             {std::pair<const char*, std::string>{"medium", talk->channel},
              {"queue", site.queue_name(survey.queue, "(none)")},
              {"wait", bucket(talk->answer, {10, 30, 60, 180},
                              {"0-10 s", "10-30 s", "30-60 s", "60-180 s", "over 180 s"})},
              {"handle time",
               bucket(talk->handle, {120, 300, 600, 1200},
                      {"under 2 min", "2-5 min", "5-10 min", "10-20 min", "over 20 min"})}}) {
          auto& [asked, got] = traits[trait][level];
          ++asked;
          got += survey.is_response();
        }
        auto& cell = cells[survey.queue + " | " + talk->channel];
        ++cell.sent;
        if (!survey.is_response() || !survey.csat_positive) continue;
        ++cell.n;
        cell.positive += *survey.csat_positive;
      }
    ExpectedRows expected;
    for (const auto& [trait, levels] : traits)
      for (const auto& [level, sum] : levels) {
        const auto [asked, got] = sum;
        auto& row = expected[trait + " | " + level];
        row = {{"sent", asked},
               {"responders", got},
               {"share_of_responders_pct", pct(got, answered)},
               {"share_of_others_pct", pct(asked - got, sent - answered)},
               {"difference_points", pct(got, answered) - pct(asked - got, sent - answered)}};
        add_share(row, "response", got, asked);
      }
    const auto outcome = site.golden.run("non-response", {{"immature", std::int64_t{1}}});
    check_rows(outcome, {"trait", "level"}, expected);
    double weighted = 0, weight = 0, n = 0, positive = 0;
    for (const auto& [key, cell] : cells) {
      if (cell.n == 0) continue;
      weighted += cell.sent * cell.positive / cell.n;
      weight += cell.sent;
      n += cell.n;
      positive += cell.positive;
    }
    const auto said = outcome.footer.at(1);
    CAPTURE(said);
    CHECK(said.starts_with(fmt::format("CSAT as observed {:.1f} %, ", pct(positive, n))));
    CHECK(said.find(fmt::format("contacts {:.1f} % (n = {:.0f})", pct(weighted, weight), n)) !=
          std::string::npos);
  }

  TEST_CASE("score-drivers adds up each group's points and says how it moves with the scores") {
    const auto& site = Site::shared();
    struct Sum {
      std::string group, form;
      double n = 0, points = 0, possible = 0;
      std::vector<std::pair<double, double>> total, nps, csat;
    };
    std::map<std::string, Sum> sums;
    for (const auto& [talk, survey] : site.completed())
      for (const auto& group : survey->groups) {
        auto& sum = sums[survey->form_context + group.context];
        sum.group = group.name;
        sum.form = survey->form;
        ++sum.n;
        sum.points += group.points;
        sum.possible += group.possible;
        const double share = group.points / group.possible;
        if (survey->total) sum.total.emplace_back(share, *survey->total);
        if (survey->nps) sum.nps.emplace_back(share, *survey->nps);
        if (survey->csat) sum.csat.emplace_back(share, *survey->csat);
      }
    const auto r = [](const std::vector<std::pair<double, double>>& pairs) {
      return pairs.size() < 30 ? kNull : correlation_of(pairs);
    };
    ExpectedRows expected;
    for (const auto& [key, sum] : sums)
      expected[sum.form + " | " + sum.group] = {{"n", sum.n},
                                                {"points", sum.points},
                                                {"possible", sum.possible},
                                                {"score_pct", pct(sum.points, sum.possible)},
                                                {"r_genesys_score", r(sum.total)},
                                                {"r_nps", r(sum.nps)},
                                                {"r_csat", r(sum.csat)}};
    REQUIRE(expected.size() == sums.size());
    check_rows(site.golden.run("score-drivers"), {"form_name", "group_name"}, expected);
  }

  TEST_CASE("repeat-contacts follows each customer from contact to contact") {
    const auto& site = Site::shared();
    const auto days = [](const std::string& date, int add) {
      return base::to_date(*base::parse_day(date) + std::chrono::days(add));
    };
    std::map<std::string, std::vector<const OracleTalk*>> customers;
    for (const auto& talk : site.talks)
      if (talk.direction == "inbound" && !talk.customer.empty() &&
          talk.date >= days(site.from, -7) && talk.date <= days(site.to, 7))
        customers[talk.customer].push_back(&talk);
    struct Sum {
      double contacts = 0, followed = 0;
      Csat first, repeat;
    };
    std::map<std::string, Sum> by_queue, by_reason;
    for (auto& [customer, talks] : customers) {
      if (talks.size() > 20) continue;
      std::ranges::sort(talks, {}, [](const OracleTalk* t) { return t->start; });
      for (std::size_t i = 0; i < talks.size(); ++i) {
        const auto& talk = *talks[i];
        if (!site.in_period(talk.date) || talk.date > days(site.to, -7)) continue;
        const auto near = [&](std::size_t earlier) {
          return talks[earlier + 1]->start - talks[earlier]->start <= std::chrono::days(7);
        };
        const auto wrapup = site.wrapups.find(talk.wrapup);
        for (auto* sum : {&by_queue[site.queue_name(talk.queue, "(none)")],
                          &by_reason[wrapup == site.wrapups.end() ? "(none)" : wrapup->second]}) {
          ++sum->contacts;
          sum->followed += i + 1 < talks.size() && near(i);
          auto& side = i > 0 && near(i - 1) ? sum->repeat : sum->first;
          // A contact counts once, as satisfied if one of its answers is.
          const OracleSurvey* best = nullptr;
          for (const auto& survey : talk.surveys)
            if (survey.csat_positive && (best == nullptr || *survey.csat_positive)) best = &survey;
          if (best != nullptr) side.add(*best);
        }
      }
    }
    const auto prove = [&](const char* by, const char* key,
                           const std::map<std::string, Sum>& sums) {
      ExpectedRows expected;
      for (const auto& [name, sum] : sums) {
        if (sum.contacts < 5) continue;
        auto& row = expected[name];
        row = {{"contacts", sum.contacts},
               {"followed", sum.followed},
               {"first_n", sum.first.n},
               {"first_csat_pct", pct(sum.first.positive, sum.first.n)},
               {"repeat_n", sum.repeat.n},
               {"repeat_csat_pct", pct(sum.repeat.positive, sum.repeat.n)}};
        add_share(row, "repeat", sum.followed, sum.contacts);
      }
      REQUIRE(expected.size() > 2);
      check_rows(site.golden.run("repeat-contacts", {{"by", std::string(by)}}), {key}, expected);
    };
    prove("queue", "queue_name", by_queue);
    prove("reason", "reason", by_reason);
  }
}

}  // namespace
}  // namespace csatdb::tests
