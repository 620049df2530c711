#include "cli/site.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/statement.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

using Words = std::vector<std::string>;

const Words kReconcile{"reconcile", "--json"};

/// A site a month later, so that its first days are long settled and surveys came in late.
struct Settled : Site {
  explicit Settled(sim::Organisation o = Site::organisation(), sim::Options options = {})
      : Site(std::move(options), o) {
    sync();
    for (int day = 0; day < 6; ++day) {
      now.advance(std::chrono::days(1));
      sync();
    }
  }
  std::int64_t alter(const std::string& sql) {
    const auto store = open();
    store->begin();
    warehouse::Statement(store->database(), sql).run();
    const auto changes = store->database().getChanges();
    store->commit();
    return changes;
  }
  std::string ask(const std::string& sql) {
    const auto store = open();
    warehouse::Statement row(store->database(), sql);
    return row.step() ? row.maybe_text(0).value_or("") : "";
  }
};

constexpr auto kSettledDay = "2025-05-26";

json::Value day(const json::Value& found, std::string_view date) {
  for (const auto& each : found["days"].elements())
    if (each["day"].text() == date) return each;
  FAIL(std::string(date), " was not compared");
  return found;
}

/// Due scopes, as "resource scope" lines.
std::string due(Settled& site) {
  return site.ask(
      "SELECT group_concat(resource || ' ' || scope, '; ') FROM (SELECT * FROM "
      "sync_scopes WHERE due_ms <= " +
      std::to_string(base::to_ms(site.now.now())) +
      " AND resource IN ('conversations', 'follow_ups', 'surveys') ORDER BY 1, 2)");
}

constexpr auto kForget =
    "DELETE FROM interactions WHERE conversation_key IN (SELECT conversation_key FROM interactions "
    "WHERE started_at >= '2025-05-26' AND started_at < '2025-05-27' LIMIT 3)";

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a synced warehouse agrees with the service in days, surveys and queues") {
    for (const char* zone : {"UTC", "Pacific/Auckland", "America/St_Johns"}) {
      CAPTURE(zone);
      Site site;
      site.sync();
      {
        const auto store = site.open();
        store->begin();
        store->set_meta("timezone", zone);
        store->commit();
      }
      const auto found = site.json({"reconcile", "--json", "--metrics"});
      CHECK(found["is_explained"].boolean());
      CHECK(found["days"].elements().size() == Site::kDays + 1);
      for (const auto& each : found["days"].elements()) {
        CAPTURE(std::string(each["day"].text()));
        CHECK(each["stored"].integer() == each["genesys"].integer());
      }
      CHECK(found["surveys_compared"].integer() > 50);
      CHECK(found["surveys"].elements().empty());
      CHECK(found["metrics_compared"].integer() > 100);
      CHECK(found["metrics"].elements().empty());
    }
  }

  TEST_CASE("comparing days that agree takes one request a day") {
    Site site;
    site.sync();
    site.service.forget_seen();
    site.json(kReconcile);
    const auto counts = site.service.counts();
    CHECK(counts.at("POST /api/v2/analytics/conversations/details/query") == Site::kDays + 1);
    CHECK(counts.at("POST /api/v2/analytics/surveys/aggregates/query") == 1);
    std::size_t all = 0;
    for (const auto& [endpoint, count] : counts) all += static_cast<std::size_t>(count);
    CHECK(all == Site::kDays + 1 + 1 + 2);  // and the token, and the organisation
  }

  TEST_CASE("a truly missing conversation is unexplained, healed by exactly its day") {
    Settled site;
    const std::string due_before = due(site);
    const auto before = site.run({"export", "--logical"}).out;
    REQUIRE(site.alter(kForget) == 3);
    auto found = site.json(kReconcile, 3);
    CHECK(!found["is_explained"].boolean());
    CHECK(day(found, kSettledDay)["cause"].text() == "unexplained");
    CHECK(day(found, kSettledDay)["conversations"]["unexplained"].elements().size() == 3);
    CHECK(due(site) == due_before);
    // What was found is kept for the report on the data's quality.
    CHECK(site.ask("SELECT utc_date || ' ' || (counted - stored) || ' ' || cause FROM sync_counts "
                   "WHERE stored <> counted") == "2025-05-26 3 unexplained");

    found = site.json({"reconcile", "--json", "--heal"}, 3);
    CHECK(found["made_due"].integer() == 1);
    CHECK(due(site) == due_before + (due_before.empty() ? "" : "; ") + "conversations 2025-05-26");
  }

  TEST_CASE("a conversation erased at the source is marked as gone and then agrees") {
    auto o = Site::organisation();
    o.rates.erasure = 0.05;
    Settled site(o);
    site.now.advance(std::chrono::days(40));
    site.sync();
    const auto found = site.json(kReconcile);
    std::set<std::string> erased;
    for (const auto& each : found["days"].elements())
      for (const auto& id : each["conversations"]["erased there"].elements())
        erased.emplace(id.text());
    REQUIRE(erased.size() > 3);
    for (const auto& id : erased) CHECK(!truth(site.world, id, site.now.now()));
    CHECK(site.ask("SELECT count(*) FROM conversations WHERE gone_ms IS NOT NULL") >=
          std::to_string(erased.size()));
    const auto gone_at = site.ask("SELECT max(gone_at) FROM conversations");
    CHECK(gone_at.starts_with(base::to_date(base::day_of(site.now.now()))));
    const auto again = site.json(kReconcile);
    for (const auto& each : again["days"].elements())
      CHECK(!each["conversations"]["erased there"].present());
    CHECK(again["marked_gone"].integer() == 0);
  }

  TEST_CASE("a survey deleted at the source since the last sync is marked as gone") {
    auto o = Site::organisation();
    o.rates.survey_deleted = 0.2;
    Settled site(o);
    site.now.advance(std::chrono::days(40));
    const auto gone = [&] {
      return std::stoi(site.ask("SELECT count(*) FROM surveys WHERE gone_ms IS NOT NULL"));
    };
    const auto before = gone();
    const auto found = site.json(kReconcile, 3);  // beside what else happened since
    int deleted = 0;
    for (const auto& survey : found["surveys"].elements())
      deleted += survey["cause"].text() == "erased there";
    CHECK(deleted > 3);
    CHECK(gone() == before + deleted);
    for (const auto& survey : site.json(kReconcile, 3)["surveys"].elements())
      CHECK(survey["cause"].text() != "erased there");
    // What is gone is in no report.
    CHECK(site.ask("SELECT count(*) FROM survey_facts f JOIN surveys s USING (survey_key) WHERE "
                   "f.is_gone <> (s.gone_ms IS NOT NULL)") == "0");
  }

  TEST_CASE("a survey that no part of the service names any more is marked as gone") {
    Settled site;
    const auto lost = site.ask(
        "SELECT survey_id FROM fact_surveys WHERE status = 'Finished' AND started_at >= "
        "'2025-05-26' AND started_at < '2025-05-27' LIMIT 1");
    REQUIRE(lost != "");
    site.Desk::alter = [&](const http::Request&, std::string& body) {
      for (auto at = body.find(lost); at != std::string::npos; at = body.find(lost, at))
        body.replace(at, 8, "00000000");
    };
    const auto found = site.json(kReconcile, 3);
    std::map<std::string, std::string> told;
    for (const auto& s : found["surveys"].elements())
      told[std::string(s["survey_id"].text())] = s["cause"].text();
    CHECK(told.at(lost) == "erased there");
    CHECK(site.ask("SELECT gone_ms IS NOT NULL FROM surveys WHERE survey_id = '" + lost + "'") ==
          "1");
  }

  TEST_CASE("what was erased here is told from what is missing, and is not asked for again") {
    Settled site;
    const auto id = site.ask(
        "SELECT conversation_id FROM fact_surveys WHERE status = 'Finished' AND started_at >= "
        "'2025-05-26' AND started_at < '2025-05-27' LIMIT 1");
    REQUIRE(site.run({"forget", "--conversation", id, "--yes"}).code == 0);
    const std::string due_before = due(site);
    const auto found = site.json({"reconcile", "--json", "--heal"});
    CHECK(found["is_explained"].boolean());
    CHECK(day(found, kSettledDay)["cause"].text() == "erased here");
    const auto erased = day(found, kSettledDay)["conversations"]["erased here"].elements();
    REQUIRE(erased.size() == 1);
    CHECK(erased.front().text() == id);
    REQUIRE(!found["surveys"].elements().empty());
    for (const auto& survey : found["surveys"].elements())
      CHECK(survey["cause"].text() == "erased here");
    CHECK(due(site) == due_before);
  }

  TEST_CASE("what a person's erasure or the retention keeps out is told from what is missing") {
    Settled site;
    const auto contact = site.ask(
        "SELECT p.external_contact_id FROM participants p JOIN conversations USING "
        "(conversation_key) JOIN fact_surveys f USING (conversation_id) WHERE "
        "p.external_contact_id IS NOT NULL AND f.started_at >= '2025-05-26' AND f.started_at < "
        "'2025-05-27' LIMIT 1");
    REQUIRE(contact != "");
    REQUIRE(site.run({"forget", "--contact", contact, "--yes"}).code == 0);
    // As if they had been delivered after the erasure for the first time: no id is known of them.
    REQUIRE(site.alter("DELETE FROM sync_tombstones WHERE kind IN ('conversation', 'survey')") > 0);
    auto found = site.json({"reconcile", "--json", "--heal"});
    CHECK(found["is_explained"].boolean());
    CHECK(day(found, kSettledDay)["cause"].text() == "erased here");
    REQUIRE(!found["surveys"].elements().empty());
    for (const auto& survey : found["surveys"].elements())
      CHECK(survey["cause"].text() == "erased here");
    CHECK(found["made_due"].integer() == 0);

    REQUIRE(site.run({"prune", "--older-than", "8d", "--yes"}).code == 0);
    found = site.json(kReconcile);
    CHECK(found["is_explained"].boolean());
    CHECK(found["days"].elements().front()["day"].text() == "2025-05-30");
    for (const auto& survey : found["surveys"].elements())
      CHECK(survey["cause"].text() == "erased here");
  }

  TEST_CASE("a count that is not exact, and surveys that may not be read, are told as that") {
    Settled site;
    site.Desk::alter = [](const http::Request& request, std::string& body) {
      if (!contains(request.body, "2025-05-26T00:00:00.000Z/2025-05-27")) return;
      const auto at = body.find("\"totalHits\":");
      if (at != std::string::npos) body.insert(at + 12, "1");
    };
    const auto found = site.json(kReconcile);
    CHECK(day(found, kSettledDay)["cause"].text() == "approximate count");

    sim::Options options;
    options.missing_permissions = {"quality:survey:view"};
    Site other(options);
    other.sync(3);
    const auto denied = other.json(kReconcile);
    CHECK(denied["is_explained"].boolean());
    REQUIRE(!denied["surveys"].elements().empty());
    for (const auto& survey : denied["surveys"].elements()) {
      CHECK(survey["what"].text() == "answers");
      CHECK(survey["cause"].text() == "permission");
    }
  }

  TEST_CASE("what conversations from before the first day emitted within it is told as that") {
    Site site;
    REQUIRE(site.run({"-q", "sync", "--since", "4d"}).code == 0);
    // As if one of them had begun the day before.
    const auto first =
        site.value("SELECT min(scope) FROM sync_scopes WHERE resource = 'conversations'");
    {
      const auto store = site.open();
      store->begin();
      warehouse::Statement(
          store->database(),
          "DELETE FROM session_metrics WHERE name = 'tHandle' AND conversation_key "
          "= (SELECT conversation_key FROM interactions WHERE handle_ms > 0 AND "
          "local_date = ? ORDER BY started_ms LIMIT 1)")
          .with(first)
          .run();
      store->commit();
    }
    const auto found = site.json({"reconcile", "--json", "--metrics"});
    REQUIRE(!found["metrics"].elements().empty());
    for (const auto& metric : found["metrics"].elements()) {
      CHECK(metric["date"].text() == first);
      CHECK(metric["cause"].text() == "before first day");
    }
  }

  TEST_CASE("what --heal makes due is what the next sync reads, and then the two agree") {
    Settled site;
    const auto before = site.run({"export", "--logical"}).out;
    const auto of = [](const std::string& id) {
      return " WHERE survey_key = (SELECT survey_key FROM surveys WHERE survey_id = '" + id + "')";
    };
    const auto survey = [&](int place) {
      return site.ask(
          "SELECT survey_id FROM fact_surveys WHERE status = 'Finished' AND started_at > "
          "'2025-05-28' ORDER BY survey_id LIMIT 1 OFFSET " +
          std::to_string(place));
    };
    const auto altered = survey(0), lost = survey(1);
    REQUIRE(site.alter(kForget) == 3);
    REQUIRE(site.alter("DELETE FROM interactions WHERE started_at >= '2025-05-27' AND started_at < "
                       "'2025-05-28'") > 10);  // a whole day
    REQUIRE(site.alter("UPDATE survey_facts SET total_score = total_score + 7" + of(altered)) == 1);
    REQUIRE(site.alter("DELETE FROM survey_facts" + of(lost)) == 1);

    REQUIRE(due(site) == "");
    const auto found = site.json({"reconcile", "--json", "--heal"}, 3);
    CHECK(day(found, kSettledDay)["cause"].text() == "unexplained");
    CHECK(day(found, "2025-05-27")["cause"].text() == "unexplained");
    CHECK(day(found, "2025-05-27")["stored"].integer() == 0);
    std::map<std::string, std::string> told;
    for (const auto& s : found["surveys"].elements())
      told[std::string(s["survey_id"].text())] = std::string(s["what"].text());
    CHECK(told == std::map<std::string, std::string>{{altered, "score"}, {lost, "existence"}});
    CHECK(found["made_due"].integer() == 2 + 2 * 2);

    site.service.forget_seen();
    std::set<std::string> asked_for;
    site.Desk::alter = [&](const http::Request& request, std::string&) {
      if (contains(request.target, "/details/") && !request.body.empty())
        asked_for.insert(request.body.substr(request.body.find("\"interval\""), 62));
    };
    REQUIRE(site.run({"sync"}).code == 0);
    site.Desk::alter = nullptr;
    CHECK(asked_for == std::set<std::string>{
                           R"("interval":"2025-05-26T00:00:00.000Z/2025-05-28T00:00:00.000Z")"});
    const auto counts = site.service.counts();
    CHECK(counts.at("GET /api/v2/quality/conversations/{}/surveys") == 2);
    CHECK(counts.at("GET /api/v2/analytics/conversations/details") == 1);
    const auto again = site.json(kReconcile);
    CHECK(again["is_explained"].boolean());
    for (const auto& each : again["days"].elements()) CHECK(each["cause"].text() == "agrees");
    CHECK(again["surveys"].elements().empty());
    CHECK((site.run({"export", "--logical"}).out == before));
  }

  TEST_CASE("a division taken from the client's role is told from an erasure") {
    Settled site;
    site.service.options().hidden_divisions.insert(0);
    site.now.advance(std::chrono::minutes(1));
    const auto found = site.json(kReconcile);
    const auto settled = day(found, kSettledDay);
    REQUIRE(settled["cause"].text() == "division not covered");
    CHECK(settled["conversations"]["division not covered"].elements().size() ==
          static_cast<std::size_t>(settled["stored"].integer() - settled["genesys"].integer()));
    CHECK(site.ask("SELECT count(*) FROM conversations WHERE gone_ms IS NOT NULL") == "0");
  }

  TEST_CASE("what differs on a day that is not settled is provisional, and not looked into") {
    Site site;
    site.sync();
    site.now.advance(std::chrono::hours(8));
    site.service.forget_seen();
    const auto found = site.json(kReconcile);
    const auto today = day(found, "2025-06-01");
    REQUIRE(today["stored"].integer() != today["genesys"].integer());
    CHECK(today["cause"].text() == "provisional");
    CHECK(found["is_explained"].boolean());
    const auto counts = site.service.counts();
    CHECK(counts.at("POST /api/v2/analytics/conversations/details/query") == Site::kDays + 1);
  }

  TEST_CASE("a day that could not be read is a recorded gap") {
    Site site;
    site.service.plan({*sim::Fault::parse("what=500,path=/details/jobs,method=POST,times=0"),
                       *sim::Fault::parse("what=500,path=/details/query,times=0")});
    site.sync(3);
    site.service.plan({});
    const auto found = site.json(kReconcile, 3);
    CHECK(day(found, kSettledDay)["cause"].text() == "recorded gap");
  }

  TEST_CASE("a survey that is behind or lost is named, and its conversation is made due") {
    Settled site;
    const auto lost = site.ask(
        "SELECT s.survey_id FROM surveys s JOIN survey_facts USING (survey_key) WHERE "
        "survey_facts.status = 'Finished' ORDER BY survey_id LIMIT 1");
    const auto behind = site.ask(
        "SELECT s.survey_id FROM surveys s JOIN survey_facts USING (survey_key) WHERE "
        "survey_facts.status = 'Finished' ORDER BY survey_id LIMIT 1 OFFSET 1");
    const auto wrong = site.ask(
        "SELECT s.survey_id FROM surveys s JOIN survey_facts USING (survey_key) WHERE "
        "survey_facts.status = 'Finished' ORDER BY survey_id LIMIT 1 OFFSET 2");
    const auto of = [](const std::string& id) {
      return " WHERE survey_key = (SELECT survey_key FROM surveys WHERE survey_id = '" + id + "')";
    };
    REQUIRE(site.alter("DELETE FROM survey_facts" + of(lost)) == 1);
    REQUIRE(site.alter("UPDATE survey_facts SET status = 'Sent'" + of(behind)) == 1);
    REQUIRE(site.alter("UPDATE survey_facts SET total_score = total_score + 7" + of(wrong)) == 1);

    const auto found = site.json({"reconcile", "--json", "--heal"}, 3);
    std::map<std::string, std::string> told;
    for (const auto& s : found["surveys"].elements())
      told[std::string(s["survey_id"].text())] =
          std::string(s["what"].text()) + " " + std::string(s["cause"].text());
    CHECK(told.at(lost) == "existence unexplained");
    CHECK(told.at(behind) == "status unexplained");
    CHECK(told.at(wrong) == "score unexplained");
    for (const auto& id : {lost, behind, wrong})
      CHECK(contains(due(site), "surveys " + site.ask("SELECT conversation_id FROM conversations "
                                                      "JOIN surveys USING (conversation_key) "
                                                      "WHERE survey_id = '" +
                                                      id + "'")));
  }

  TEST_CASE("a queue's measures that differ are named with queue and day") {
    Settled site;
    REQUIRE(site.alter("UPDATE session_metrics SET value = value + 1000 WHERE name = 'tHandle' AND "
                       "conversation_key = (SELECT conversation_key FROM interactions WHERE "
                       "started_at > '2025-05-26 08:00' AND handle_ms > 0 ORDER BY started_ms "
                       "LIMIT 1)") >= 1);
    const auto found = site.json({"reconcile", "--json", "--metrics"}, 3);
    REQUIRE(!found["metrics"].elements().empty());
    const auto row = found["metrics"].elements().front();
    CHECK(row["measure"].text() == "tHandle ms");
    CHECK(row["date"].text() == kSettledDay);
    CHECK(row["cause"].text() == "unexplained");
    CHECK(row["stored"].real() > row["genesys"].real());
  }

  TEST_CASE("what may not be read is said, and the rest compared") {
    Settled site;
    site.service.options().missing_permissions = {"analytics:surveyAggregate:view",
                                                  "analytics:conversationAggregate:view"};
    const auto found = site.json({"reconcile", "--json", "--metrics"}, 3);
    const auto missing = found["not_compared"].elements();
    REQUIRE(missing.size() == 2);
    CHECK(contains(std::string(missing[0].text()), "analytics:surveyAggregate:view"));
    CHECK(contains(std::string(missing[1].text()), "analytics:conversationAggregate:view"));
    for (const auto& each : found["days"].elements()) CHECK(each["cause"].text() == "agrees");
    site.service.options().missing_permissions = {"analytics:conversationDetail:view",
                                                  "analytics:agentConversationDetail:view"};
    CHECK(site.run(kReconcile).code == 4);
  }

  TEST_CASE("days the warehouse does not reach, and another organisation, are refused") {
    Site site;
    auto result = site.run({"reconcile"});
    CHECK(result.code == 2);
    CHECK(contains(result.err, "csatdb sync"));
    CHECK(!std::filesystem::exists(site.path()));
    site.sync();
    result = site.run({"reconcile", "--from", "2025-05-01"});
    CHECK(result.code == 2);
    CHECK(contains(result.err, "csatdb sync --since 2025-05-01"));
    CHECK(site.run({"reconcile", "--from", "2025-05-30", "--to", "2025-05-29"}).code == 2);
    CHECK(site.run({"reconcile", "--from", "yesterday"}).code == 2);
    CHECK(site.json({"reconcile", "--json", "--from", "2025-05-26", "--to", "2025-05-27"})["days"]
              .elements()
              .size() == 2);
    {
      const auto store = site.open();
      store->begin();
      store->set_meta("organization_id", "another");
      store->commit();
    }
    CHECK(site.run({"reconcile"}).code == 2);
  }

  TEST_CASE("people are told what agrees, what differs and what to do") {
    Settled site;
    auto result = site.run({"reconcile"});
    CHECK(result.code == 0);
    CHECK(contains(result.out, "Conversations: 15 of 15 days agree ("));
    REQUIRE(site.alter(kForget) == 3);
    result = site.run({"reconcile"});
    CHECK(result.code == 3);
    CHECK(contains(result.out, "14 of 15 days agree"));
    CHECK(contains(result.out, "3 unexplained"));
    CHECK(contains(result.out, "csatdb reconcile --heal"));
    const auto status = site.json({"status", "--json"});
    CHECK(status["runs"].elements().front()["command"].text() == "reconcile");
    CHECK(status["runs"].elements().front()["outcome"].text() == "gaps");
  }
}
