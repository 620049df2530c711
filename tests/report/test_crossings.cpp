#include <doctest/doctest.h>

#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/site.hpp"

namespace csatdb::tests {
namespace {

TEST_SUITE("report") {
  TEST_CASE("csat-by-hour knows every hour with a contact") {
    const auto& site = Site::shared();
    std::map<std::string, std::pair<double, Csat>> sums;
    std::map<std::string, double> answered;
    const auto key = [](const OracleTalk& t) {
      return std::to_string(t.weekday) + " | " + std::to_string(t.hour);
    };
    for (const auto* talk : site.contacts()) ++sums[key(*talk)].first;
    for (const auto& [talk, survey] : site.responses()) {
      sums[key(*talk)].second.add(*survey);
      ++answered[key(*talk)];
    }
    ExpectedRows expected;
    for (const auto& [cell, sum] : sums) {
      auto& row = expected[cell];
      row = {{"contacts", sum.first}, {"responses", answered[cell]}, {"n", sum.second.n}};
      add_share(row, "csat", sum.second.positive, sum.second.n);
    }
    check_rows(site.golden.run("csat-by-hour"), {"weekday", "hour"}, expected);
  }

  TEST_CASE("csat-by-wait and csat-by-handling put each contact into its bucket") {
    const auto& site = Site::shared();
    std::map<std::string, Csat> waits, parts;
    const auto bucket = [](double value, std::initializer_list<double> ends) {
      int place = 0;
      for (const double end : ends) place += value >= end;
      return place;
    };
    const char* kWaits[] = {"0-10 s", "10-30 s", "30-60 s", "60-180 s", "over 180 s"};
    const char* kHandles[] = {"under 2 min", "2-5 min", "5-10 min", "10-20 min", "over 20 min"};
    const char* kHolds[] = {"none", "under 30 s", "30-120 s", "over 120 s"};
    for (const auto& [talk, survey] : site.responses()) {
      const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
      if (talk->channel == "callback") {
        waits["callback"].add(*survey);
      } else if (!talk->answer) {
        waits["not known"].add(*survey);
      } else {
        waits[kWaits[bucket(seconds(*talk->answer), {10, 30, 60, 180})]].add(*survey);
      }
      if (talk->handle) {
        parts[std::string("handle time | ") +
              kHandles[bucket(seconds(*talk->handle), {120, 300, 600, 1200})]]
            .add(*survey);
        const double hold = seconds(*talk->hold);
        parts[std::string("hold time | ") +
              (hold == 0 ? kHolds[0] : kHolds[1 + bucket(hold, {30, 120})])]
            .add(*survey);
      }
      const auto transfers = talk->transfers;
      parts["transfers | " + (transfers >= 2 ? "2 or more" : std::to_string(transfers))].add(
          *survey);
      parts[std::string("any transfer | ") + (transfers > 0 ? "1 or more" : "none")].add(*survey);
    }
    const auto rows_of = [](const std::map<std::string, Csat>& sums) {
      ExpectedRows rows;
      for (const auto& [key, sum] : sums) {
        if (sum.n == 0) continue;
        rows[key] = {{"n", sum.n}, {"mean_score", sum.score / sum.n}};
        add_share(rows[key], "csat", sum.positive, sum.n);
      }
      return rows;
    };
    check_rows(site.golden.run("csat-by-wait"), {"answered_in"}, rows_of(waits));
    auto handling = rows_of(parts);
    const auto &with = parts["any transfer | 1 or more"], &none = parts["any transfer | none"];
    REQUIRE(with.n > 0);
    const auto bounds = newcombe(with.positive, with.n, none.positive, none.n);
    auto& row = handling["any transfer | 1 or more"];
    row["versus_none_points"] = pct(with.positive, with.n) - pct(none.positive, none.n);
    row["versus_none_low"] = bounds.low;
    row["versus_none_high"] = bounds.high;
    check_rows(site.golden.run("csat-by-handling"), {"part", "bucket"}, handling);
  }

  TEST_CASE("after-transfer credits the same answers to the first and to the last agent") {
    const auto& site = Site::shared();
    Csat passed, single;
    std::map<std::string, std::pair<Csat, Csat>> agents;
    for (const auto& [talk, survey] : site.responses()) {
      if (!survey->csat_positive || talk->agents == 0) continue;
      if (talk->agents == 1) {
        single.add(*survey);
        continue;
      }
      passed.add(*survey);
      const OracleLeg* first = nullptr;
      for (const auto& leg : talk->legs)
        if (leg.handle && (first == nullptr || leg.start < first->start)) first = &leg;
      if (first != nullptr) agents[first->agent].first.add(*survey);
      agents[talk->agent].second.add(*survey);
    }
    ExpectedRows expected;
    const auto add = [&](const std::string& key, const Csat& first, const Csat& last,
                         double floor) {
      const auto shown = [&](const Csat& role) {
        return role.n >= floor ? pct(role.positive, role.n) : kNull;
      };
      auto& row = expected[key];
      row = {{"first_n", first.n},
             {"first_csat_pct", shown(first)},
             {"last_n", last.n},
             {"last_csat_pct", shown(last)}};
    };
    add("(all passed on) | ", passed, passed, 0);
    add("(one agent) | ", {}, single, 0);
    for (const auto& [id, sums] : agents)
      if (sums.first.n + sums.second.n >= 5)
        add(site.agents.at(id) + " | " + id, sums.first, sums.second, 5);
    check_rows(site.golden.run("after-transfer"), {"agent_name", "agent_id"}, expected);
  }
}

}  // namespace
}  // namespace csatdb::tests
