#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "report/crafted.hpp"
#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/site.hpp"

namespace csatdb::tests {
namespace {

TEST_SUITE("report") {
  TEST_CASE("the default period is the last 28 complete days") {
    const auto& site = Site::shared();
    const auto implied = site.golden.run("interaction-volume");
    const auto said = site.golden.run("interaction-volume", {{"from", site.from}, {"to", site.to}});
    CHECK(implied.result.rows == said.result.rows);
    CHECK(implied.footer == said.footer);
  }

  TEST_CASE("interaction-volume counts what the simulator holds") {
    const auto& site = Site::shared();
    const auto prove = [&](const char* by, auto key_of) {
      struct Sum {
        double conversations = 0, with_agent = 0, abandoned = 0, open = 0, over = 0;
        std::vector<double> handles, works;
      };
      std::map<std::string, Sum> sums;
      double all = 0;
      for (const auto* talk : site.contacts()) {
        auto& sum = sums[key_of(*talk)];
        ++all;
        ++sum.conversations;
        sum.with_agent += talk->agents > 0;
        sum.abandoned += talk->is_abandoned;
        sum.open += talk->is_open;
        if (!talk->handle) continue;
        const double seconds = static_cast<double>(*talk->handle) / 1000;
        sum.handles.push_back(seconds);
        if (seconds <= 14400) sum.works.push_back(seconds);
        sum.over += seconds > 14400;
      }
      ExpectedRows expected;
      for (const auto& [key, sum] : sums)
        expected[key] = {{"conversations", sum.conversations},
                         {"share_pct", pct(sum.conversations, all)},
                         {"with_agent", sum.with_agent},
                         {"abandoned", sum.abandoned},
                         {"abandoned_pct", pct(sum.abandoned, sum.conversations)},
                         {"open", sum.open},
                         {"handled", static_cast<double>(sum.handles.size())},
                         {"mean_handle_s", mean_of(sum.works)},
                         {"median_handle_s", median_of(sum.handles)},
                         {"over_4h", sum.over}};
      check_rows(site.golden.run("interaction-volume", {{"by", std::string(by)}}), {"group"},
                 expected);
    };
    prove("mix", [](const OracleTalk& t) { return t.channel + " " + t.direction; });
    prove("hour", [](const OracleTalk& t) { return std::to_string(t.hour); });
    prove("weekday", [](const OracleTalk& t) { return std::to_string(t.weekday); });
    prove("week", [](const OracleTalk& t) { return t.week; });
    prove("queue", [&](const OracleTalk& t) { return site.queue_name(t.queue, "(none)"); });
  }

  TEST_CASE("survey-funnel follows each contact to its answer") {
    const auto& site = Site::shared();
    // Cells of queue, medium and week without any survey stay out.
    std::set<std::string> asking;
    const auto cell = [](const OracleTalk& t) { return t.queue + t.channel + t.week; };
    for (const auto* talk : site.contacts())
      if (!talk->surveys.empty()) asking.insert(cell(*talk));
    const auto prove = [&](const char* by, const std::vector<std::string>& keys, auto key_of) {
      ExpectedRows expected;
      for (const auto* talk : site.contacts()) {
        if (!asking.contains(cell(*talk))) continue;
        auto& row = expected[key_of(*talk)];
        row["conversations"] += !talk->is_open && talk->agents > 0;
        for (const char* column :
             {"invited", "sent", "responses", "partial", "opt_out", "expired", "error"})
          row[column] += 0;
        for (const auto& survey : talk->surveys) {
          row["invited"] += survey.status != "Error";
          row["sent"] += survey.is_sent();
          row["responses"] += survey.is_response();
          row["partial"] += survey.is_response() && survey.is_partial;
          row["opt_out"] += survey.status == "OptOut";
          row["expired"] += survey.status == "Expired";
          row["error"] += survey.status == "Error";
        }
      }
      for (auto& [key, row] : expected) {
        row["full"] = row["responses"] - row["partial"];
        row["invited_pct"] = pct(row["invited"], row["conversations"]);
        row["sent_pct"] = pct(row["sent"], row["invited"]);
        row["full_pct"] = pct(row["full"], row["responses"]);
        row["expired_pct"] = pct(row["expired"], row["sent"]);
        add_share(row, "response", row["responses"], row["sent"]);
      }
      check_rows(site.golden.run("survey-funnel", {{"by", std::string(by)}}), keys, expected);
    };
    prove("total", {"week"}, [](const OracleTalk&) { return std::string(); });
    prove("queue", {"queue_name"},
          [&](const OracleTalk& t) { return site.queue_name(t.queue, ""); });
    prove("cell", {"week", "queue_name", "channel"}, [&](const OracleTalk& t) {
      return t.week + " | " + site.queue_name(t.queue, "") + " | " + t.channel;
    });
  }

  TEST_CASE("survey-coverage is the share of contacts with a survey not in Error") {
    const auto& site = Site::shared();
    struct Sum {
      double contacts = 0, surveyed = 0, answered = 0, surveys = 0;
    };
    std::map<std::string, Sum> cells;
    std::map<std::string, std::string> channel_of;
    for (const auto* talk : site.contacts()) {
      if (talk->is_open || talk->agents == 0) continue;
      const auto cell = talk->queue + "|" + talk->channel + "|" + talk->week;
      channel_of[cell] = talk->channel;
      auto& sum = cells[cell];
      bool surveyed = false, answered = false;
      for (const auto& survey : talk->surveys) {
        surveyed = surveyed || survey.status != "Error";
        answered = answered || survey.is_response();
      }
      ++sum.contacts;
      sum.surveyed += surveyed;
      sum.answered += answered;
      sum.surveys += static_cast<double>(talk->surveys.size());
    }
    std::map<std::string, Sum> channels;
    Sum all;
    for (const auto& [cell, sum] : cells) {
      if (sum.surveys == 0) continue;
      for (auto* into : {&channels[channel_of[cell]], &all}) {
        into->contacts += sum.contacts;
        into->surveyed += sum.surveyed;
        into->answered += sum.answered;
      }
    }
    ExpectedRows expected;
    for (const auto& [channel, sum] : channels) {
      auto& row = expected[channel];
      row = {{"conversations", sum.contacts},
             {"surveyed", sum.surveyed},
             {"share_of_contacts_pct", pct(sum.contacts, all.contacts)},
             {"share_of_surveyed_pct", pct(sum.surveyed, all.surveyed)},
             {"share_of_answers_pct", pct(sum.answered, all.answered)}};
      add_share(row, "coverage", sum.surveyed, sum.contacts);
    }
    check_rows(site.golden.run("survey-coverage", {{"by", std::string("channel")}}), {"channel"},
               expected);
  }

  TEST_CASE("queue-performance counts visits and legs, each by its own date") {
    const auto& site = Site::shared();
    struct Sum {
      double offered = 0, abandoned = 0, short_abandoned = 0, n = 0, positive = 0;
      std::vector<double> answers, handles;
    };
    std::map<std::string, Sum> sums;
    for (const auto& talk : site.talks) {
      for (const auto& visit : talk.visits) {
        if (!site.in_period(visit.date)) continue;
        auto& sum = sums[site.queue_name(visit.queue, "(none)")];
        ++sum.offered;
        sum.abandoned += visit.is_abandoned;
        sum.short_abandoned += visit.is_short;
      }
      for (const auto& leg : talk.legs) {
        if (!site.in_period(leg.date)) continue;
        auto& sum = sums[site.queue_name(leg.queue, "(none)")];
        if (leg.answer) sum.answers.push_back(static_cast<double>(*leg.answer) / 1000);
        if (leg.handle) sum.handles.push_back(static_cast<double>(*leg.handle) / 1000);
      }
      if (!site.in_period(talk.date)) continue;
      for (const auto& survey : talk.surveys) {
        if (!survey.is_response() || !survey.csat_positive) continue;
        auto& sum = sums[site.queue_name(survey.queue, "(none)")];
        ++sum.n;
        sum.positive += *survey.csat_positive;
      }
    }
    ExpectedRows expected;
    for (const auto& [queue, sum] : sums) {
      if (sum.offered == 0) continue;
      auto& row = expected[queue];
      row = {{"offered", sum.offered},
             {"abandoned", sum.abandoned},
             {"short_abandoned", sum.short_abandoned},
             {"abandon_pct", pct(sum.abandoned + sum.short_abandoned, sum.offered)},
             {"asa_s", mean_of(sum.answers)},
             {"median_answer_s", median_of(sum.answers)},
             {"aht_s", mean_of(sum.handles)},
             {"median_handle_s", median_of(sum.handles)},
             {"csat_n", sum.n}};
      add_share(row, "csat", sum.positive, sum.n);
    }
    check_rows(site.golden.run("queue-performance"), {"queue_name"}, expected);
  }

  TEST_CASE("opt-outs are a share of what was sent or declined") {
    const auto& site = Site::shared();
    std::map<std::string, std::pair<double, double>> sums;
    for (const auto* talk : site.contacts())
      for (const auto& survey : talk->surveys) {
        if (!survey.is_sent() && survey.status != "OptOut") continue;
        auto& [asked, declined] = sums[site.queue_name(survey.queue, "")];
        ++asked;
        declined += survey.status == "OptOut";
      }
    ExpectedRows expected;
    for (const auto& [queue, sum] : sums) {
      auto& row = expected[queue];
      row = {{"asked", sum.first}, {"opt_out", sum.second}};
      add_share(row, "opt_out", sum.second, sum.first);
    }
    check_rows(site.golden.run("opt-outs", {{"by", std::string("queue")}}), {"queue_name"},
               expected);
  }

  TEST_CASE("repeat-contacts knows a customer by the address where no external contact is named") {
    Crafted crafted;
    // The caller a is back after two days, unhappy, and again after eight, which is a new matter.
    crafted.add({.date = "2026-05-01", .positive = true}).add({.date = "2026-05-02"});
    crafted.add({.date = "2026-05-03", .positive = false});
    crafted.add({.date = "2026-05-11", .positive = true});
    // Two withheld their numbers, more than twenty share one, and the last has none.
    crafted.add({.date = "2026-05-04"}, 2).add({.date = "2026-05-05"}, 21);
    crafted.add({.date = "2026-05-25"});
    crafted.db().exec(
        "INSERT INTO participants (conversation_key, participant_no, purpose) SELECT "
        "conversation_key, 0, 'customer' FROM conversations;"
        "INSERT INTO sessions (conversation_key, participant_no, session_no, ani) SELECT "
        "conversation_key, 0, 0, CASE conversation_key WHEN 1 THEN 'a' WHEN 2 THEN 'b' WHEN 3 THEN "
        "'a' WHEN 4 THEN 'a' WHEN 5 THEN 'sip:Anonymous@x' WHEN 6 THEN 'anonymous' WHEN 28 THEN "
        "NULL ELSE 'switchboard' END FROM conversations");
    const auto outcome =
        crafted.run("repeat-contacts", {{"by", std::string("total")}, {"min_n", std::int64_t{1}}});
    check_rows(outcome, {"note"},
               {{"indicative",
                 {{"contacts", 4},
                  {"followed", 1},
                  {"first_n", 2},
                  {"first_csat_pct", 100},
                  {"repeat_n", 1},
                  {"repeat_csat_pct", 0}}}});
  }
}

}  // namespace
}  // namespace csatdb::tests
