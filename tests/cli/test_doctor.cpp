#include <fstream>
#include <sstream>

#include "api/verdict.hpp"
#include "cli/site.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/statement.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

/// The finding of a check, which must be there.
json::Value finding(const json::Value& findings, std::string_view check) {
  for (const auto& each : findings.elements())
    if (each["check"].text() == check) return each;
  FAIL(std::string(check), " was not looked at");
  return findings;
}

const std::vector<std::string> kDoctor{"doctor", "--json"};

void alter(const Site& site, const char* sql) {
  const auto store = site.open();
  store->begin();
  warehouse::Statement(store->database(), sql).run();
  store->commit();
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("doctor finds nothing wrong where nothing is, before and after the first sync") {
    Site site;
    auto found = site.json(kDoctor);
    CHECK(finding(found, "warehouse")["state"].text() == "note");
    CHECK(!std::filesystem::exists(site.path()));
    site.sync();
    found = site.json(kDoctor);
    for (const auto& each : found.elements()) {
      CAPTURE(std::string(each["check"].text()));
      CHECK(each["state"].text() != "problem");
      CHECK((each["state"].text() == "ok") == !each["remedy"].present());
    }
    CHECK(finding(found, "permission for surveys")["found"].text() == "quality:survey:view");
    CHECK(contains(std::string(finding(found, "divisions")["found"].text()), "4 listed: "));
    CHECK(finding(found, "availability")["found"].text() ==
          "jobs hold all up to 2025-05-31 20:03 UTC, 9h 56m ago");
    CHECK(finding(found, "clock")["state"].text() == "ok");
    CHECK(finding(found, "integrity")["found"].text() == "ok");
    CHECK(finding(found, "references")["state"].text() == "ok");
    CHECK(finding(found, "measures")["state"].text() == "note");
  }

  TEST_CASE("doctor asks the service for nothing that changes anything, and writes nothing") {
    Site site;
    site.sync();
    const auto bytes = [&] {
      std::ostringstream text;
      text << std::ifstream(site.path(), std::ios::binary).rdbuf();
      return text.str();
    };
    const auto before = bytes();
    site.service.forget_seen();
    site.json(kDoctor);
    for (const auto& seen : site.service.seen()) {
      CAPTURE(seen.endpoint);
      CHECK((seen.method == http::Method::get || contains(seen.target, "/query") ||
             contains(seen.target, "/oauth/token")));
    }
    CHECK((bytes() == before));
  }

  TEST_CASE("a missing permission is named: a problem where needed, a note where not") {
    sim::Options options;
    options.missing_permissions = {"quality:survey:view", "analytics:evaluationAggregate:view",
                                   "analytics:conversationAggregate:view"};
    Site site(options);
    const auto found = site.json(kDoctor, 4);
    const auto surveys = finding(found, "permission for surveys");
    CHECK(surveys["state"].text() == "problem");
    CHECK(contains(std::string(surveys["found"].text()), "missing: quality:survey:view"));
    CHECK(contains(std::string(surveys["remedy"].text()), "OAuth client"));
    CHECK(finding(found, "permission for evaluation_events")["state"].text() == "note");
    CHECK(finding(found, "permission for reconcile --metrics")["state"].text() == "note");
  }

  TEST_CASE("refused credentials, no configuration and a dead service are told apart") {
    Site site;
    site.variables["GENESYS_CLIENT_SECRET"] = "wrong-secret";
    auto found = site.run(kDoctor);
    CHECK(found.code == 4);
    CHECK(!contains(found.out + found.err, "wrong-secret"));
    site.variables.erase("GENESYS_CLIENT_ID");
    site.variables.erase("GENESYS_CLIENT_SECRET");
    site.variables.erase("GENESYS_ENV_URL");
    found = site.run(kDoctor);
    CHECK(found.code == 2);
    CHECK(contains(found.out, "csatdb init"));
    Site dead;
    dead.service.plan({*sim::Fault::parse("what=503,times=0")});
    CHECK(dead.run(kDoctor).code == 5);
    // Who asks is told within seconds: a few attempts, and what to look at.
    CHECK(dead.service.seen().size() == api::kFewAttempts);
    CHECK(contains(dead.run({"doctor"}).out, "-> look at this machine's network"));
  }

  TEST_CASE("doctor reports gaps, dangling keys and unused divisions, each with its remedy") {
    Site site;
    site.sync();
    {
      const auto store = site.open();
      store->begin();
      store->ledger().fail("conversations", "2025-05-30", "unavailable", "503");
      store->commit();
    }
    auto found = site.json(kDoctor, 3);
    CHECK(contains(std::string(finding(found, "gaps")["found"].text()), "2025-05-30"));
    CHECK(contains(std::string(finding(found, "gaps")["remedy"].text()), "csatdb sync"));

    alter(site,
          "DELETE FROM conversation_divisions WHERE division_key = (SELECT max(division_key) "
          "FROM divisions)");
    alter(site, "DELETE FROM queues WHERE queue_key = (SELECT min(queue_key) FROM segments)");
    found = site.json(kDoctor, 6);
    CHECK(finding(found, "data of divisions")["state"].text() == "note");
    CHECK(contains(std::string(finding(found, "references")["found"].text()), "-> queues: "));
    CHECK(contains(site.run({"doctor"}).out, " -> a defect of csatdb"));
  }

  TEST_CASE("a damaged file is a storage problem, not a crash") {
    Site site;
    site.sync();
    {
      std::fstream file(site.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(40 * 8192);
      file << std::string(20 * 8192, '\x5a');
    }
    const auto found = site.run({"doctor"});
    CHECK(found.code == 6);
    CHECK(contains(found.out, "problem"));
  }
}
