#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/records.hpp"
#include "report/site.hpp"

namespace csatdb::tests {
namespace {

double value_of(const std::optional<double>& value) { return value.value_or(kNull); }
double value_of(const std::optional<int>& value) { return value ? *value : kNull; }

/// Checks texts of a report's rows: by the key in `key`, what each of `columns` says.
void check_texts(const report::Outcome& outcome, const std::string& key,
                 const std::vector<std::string>& columns,
                 const std::map<std::string, std::vector<std::string>>& expected) {
  const report::Records rows(outcome.result);
  REQUIRE(rows.size() > 0);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto row = rows.text(r, key);
    CAPTURE(row);
    const auto at = expected.find(row);
    REQUIRE(at != expected.end());
    for (std::size_t i = 0; i < columns.size(); ++i)
      CHECK(rows.text(r, columns[i]) == at->second[i]);
  }
}

const warehouse::Parameters kAll = {{"limit", std::int64_t{1000000}}};

TEST_SUITE("report") {
  TEST_CASE("verbatims lists every text that is not blank, with the scores beside it") {
    const auto& site = Site::shared();
    ExpectedRows expected;
    std::map<std::string, std::vector<std::string>> texts;
    for (const auto& [talk, survey] : site.completed())
      for (const auto& answer : survey->answers) {
        if (!answer.has_words()) continue;
        const auto agent = site.agents.find(survey->agent);
        expected[survey->id + " | " + answer.words] = {{"nps_score", value_of(survey->nps)},
                                                       {"csat_score", value_of(survey->csat)}};
        texts[survey->id] = {talk->id, talk->channel,
                             agent == site.agents.end() ? "" : agent->second,
                             site.queue_name(survey->queue, "")};
      }
    CHECK(expected.size() > 100);
    check_rows(site.golden.run("verbatims", kAll), {"survey_id", "text"}, expected);
    check_texts(site.golden.run("verbatims", kAll), "survey_id",
                {"conversation_id", "channel", "agent_name", "queue_name"}, texts);
    // By default the newest alone.
    const auto some = site.golden.run("verbatims", {{"limit", std::int64_t{7}}});
    const report::Records rows(some.result);
    CHECK(rows.size() == 7);
    for (std::size_t r = 1; r < rows.size(); ++r)
      CHECK(rows.text(r - 1, "completed_at") >= rows.text(r, "completed_at"));
  }

  TEST_CASE("verbatims of detractors are theirs alone") {
    const auto& site = Site::shared();
    ExpectedRows expected;
    for (const auto& [talk, survey] : site.completed())
      for (const auto& answer : survey->answers)
        if (answer.has_words() && survey->nps && *survey->nps <= 6)
          expected[survey->id + " | " + answer.words] = {{"nps_score", value_of(survey->nps)}};
    CHECK(expected.size() > 10);
    auto asked = kAll;
    asked["score"] = std::string("detractor");
    check_rows(site.golden.run("verbatims", asked), {"survey_id", "text"}, expected);
  }

  TEST_CASE("detractors lists who was let down in the last days, with the contact to call") {
    const auto& site = Site::shared();
    const auto today = *base::parse_day(site.to) + std::chrono::days(1);
    const auto prove = [&](int days) {
      ExpectedRows expected;
      std::map<std::string, std::vector<std::string>> texts;
      const auto first = base::to_date(today - std::chrono::days(days - 1));
      for (const auto& talk : site.talks)
        for (const auto& survey : talk.surveys) {
          if (!survey.is_response() || survey.completed < first) continue;
          if (!(survey.nps && *survey.nps <= 6) && !(survey.csat && *survey.csat <= 2)) continue;
          const auto age = today - *base::parse_day(survey.completed);
          expected[survey.id] = {{"nps_score", value_of(survey.nps)},
                                 {"csat_score", value_of(survey.csat)},
                                 {"age_days", static_cast<double>(age.count())}};
          texts[survey.id] = {talk.id, talk.customer};
        }
      CHECK(expected.size() > 3);
      auto asked = kAll;
      asked["days"] = std::int64_t{days};
      check_rows(site.golden.run("detractors", asked), {"survey_id"}, expected);
      check_texts(site.golden.run("detractors", asked), "survey_id",
                  {"conversation_id", "contact_id"}, texts);
    };
    prove(7);
    prove(14);
  }

  TEST_CASE("open-surveys are those without a final status, by their contact's age") {
    const auto& site = Site::shared();
    const std::set<std::string> final = {"Finished", "Expired", "OptOut", "Error"};
    const auto age_of = [&](const OracleTalk& talk) {
      return static_cast<int>((*base::parse_day(site.to) - *base::parse_day(talk.date)).count());
    };
    const auto bucket_of = [](int age) {
      const std::pair<int, const char*> ends[] = {{1, "today"},       {3, "1-2 days"},
                                                  {7, "3-6 days"},    {14, "7-13 days"},
                                                  {30, "14-29 days"}, {90, "30-89 days"}};
      for (const auto& [end, name] : ends)
        if (age < end) return std::string(name);
      return std::string("90-120 days");
    };
    std::map<std::string, double> youngest;
    for (const auto& talk : site.talks)
      for (const auto& survey : talk.surveys)
        if (survey.status == "Expired") {
          const auto at = youngest.try_emplace(survey.form, age_of(talk)).first;
          at->second = std::min<double>(at->second, age_of(talk));
        }
    ExpectedRows expected;
    for (const auto& talk : site.talks)
      for (const auto& survey : talk.surveys) {
        if (final.contains(survey.status)) continue;
        auto& row = expected[survey.form + " | " + survey.status + " | " + bucket_of(age_of(talk))];
        ++row["n"];
        const auto at = youngest.find(survey.form);
        row["expires_from_days"] = at == youngest.end() ? kNull : at->second;
      }
    CHECK(expected.size() > 3);
    check_rows(site.golden.run("open-surveys"), {"form_name", "status", "age"}, expected);
  }

  TEST_CASE("survey-errors counts what could not be sent, and what was sent beside it") {
    const auto& site = Site::shared();
    const auto prove = [&](const char* by, const std::vector<std::string>& keys, auto key_of,
                           auto group_of) {
      struct Sum {
        double errors = 0, beside = 0;
        std::string group;
      };
      std::map<std::string, Sum> sums;
      std::map<std::string, double> surveys;  // of the same form and medium, or day
      double all = 0;
      for (const auto* talk : site.contacts()) {
        const bool is_sent = std::ranges::any_of(
            talk->surveys, [](const OracleSurvey& s) { return s.status != "Error"; });
        for (const auto& survey : talk->surveys) {
          ++surveys[group_of(*talk, survey)];
          if (survey.status != "Error") continue;
          auto& sum = sums[key_of(*talk, survey)];
          sum.group = group_of(*talk, survey);
          ++sum.errors;
          sum.beside += is_sent;
          ++all;
        }
      }
      ExpectedRows expected;
      for (const auto& [key, sum] : sums)
        expected[key] = {{"errors", sum.errors},
                         {"also_sent", sum.beside},
                         {"share_pct", pct(sum.errors, all)},
                         {"error_pct", pct(sum.errors, surveys[sum.group])}};
      CHECK(expected.size() > 1);
      check_rows(site.golden.run("survey-errors", {{"by", std::string(by)}}), keys, expected);
    };
    using Talk = OracleTalk;
    using Survey = OracleSurvey;
    // The reason is the quality API's, which is not asked for each of them.
    std::map<std::string, std::string> read;
    const auto known = site.golden.reader().run(
        "SELECT survey_id, error_reason FROM fact_surveys WHERE error_reason IS NOT NULL");
    for (const auto& row : known.at(0).rows)
      read[std::get<std::string>(row.at(0))] = std::get<std::string>(row.at(1));
    CHECK(read.size() > 5);
    const auto reason = [&](const Survey& s) {
      if (!read.contains(s.id)) return std::string("(not read)");
      CHECK(read.at(s.id) == s.error);
      return s.error;
    };
    prove(
        "cell", {"reason", "form_name", "channel"},
        [&](const Talk& t, const Survey& s) {
          return reason(s) + " | " + s.form + " | " + t.channel;
        },
        [](const Talk& t, const Survey& s) { return s.form + " | " + t.channel; });
    prove(
        "day", {"day"}, [](const Talk& t, const Survey&) { return t.date; },
        [](const Talk& t, const Survey&) { return t.date; });
    prove(
        "channel", {"channel"}, [](const Talk& t, const Survey&) { return t.channel; },
        [](const Talk& t, const Survey&) { return t.channel; });
  }

  TEST_CASE("form-versions tells of each version from when to when it asked, and how it fared") {
    const auto& site = Site::shared();
    struct Sum {
      std::string first = "9999", last;
      double surveys = 0, responses = 0;
      Csat csat;
    };
    std::map<std::string, Sum> sums;
    for (const auto& talk : site.talks)
      for (const auto& survey : talk.surveys) {
        auto& sum = sums[survey.form_id];
        sum.first = std::min(sum.first, talk.date);
        sum.last = std::max(sum.last, talk.date);
        ++sum.surveys;
        sum.responses += survey.is_response();
        sum.csat.add(survey);
      }
    ExpectedRows expected;
    std::map<std::string, std::vector<std::string>> texts;
    for (const auto& [form, sum] : sums) {
      expected[form] = {
          {"surveys", sum.surveys}, {"responses", sum.responses}, {"csat_n", sum.csat.n}};
      add_share(expected[form], "csat", sum.csat.positive, sum.csat.n);
      texts[form] = {sum.first, sum.last};
    }
    check_rows(site.golden.run("form-versions"), {"form_id"}, expected);
    check_texts(site.golden.run("form-versions"), "form_id", {"first_asked", "last_asked"}, texts);
  }
}

}  // namespace
}  // namespace csatdb::tests
