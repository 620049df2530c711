#include <cstdlib>
#include <fstream>

#include "cli/shell.hpp"
#include "json/reader.hpp"
#include "postgres/stage.hpp"

using namespace csatdb;
using tests::Server;
using tests::Stage;

namespace {

/// A clock on which every look takes two seconds.
class Dial final : public base::Clock {
 public:
  base::Instant now() const override { return base::Instant(ticks()); }
  base::Millis ticks() const override { return ticks_ += base::Millis{2000}; }

 private:
  mutable base::Millis ticks_{0};
};

/// A command line beside a server.
struct Desk : Stage {
  using Stage::Stage;
  support::Shell shell;
  support::Shell::Result publish(std::vector<std::string> more, const std::string& to = "") {
    std::vector<std::string> words{
        "--db", file.string(), "publish", "--to", to.empty() ? url : to, "--schema", order.schema};
    words.insert(words.end(), more.begin(), more.end());
    return shell.run(words);
  }
};

}  // namespace

TEST_SUITE("postgres") {
  TEST_CASE("the command says what it sent, and with --plan what it would send") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Desk desk(*server);
    desk.lay();
    const auto plan = desk.publish({"--plan"});
    CHECK(plan.code == 0);
    CHECK(plan.out.find("would be sent") != std::string::npos);
    CHECK(desk.print().empty());
    const auto done = desk.publish({});
    CHECK(done.code == 0);
    CHECK(done.out.find("sent to postgres on 127.0.0.1") != std::string::npos);
    desk.check_equal();
    const auto again = desk.publish({});
    CHECK(again.out.find("holds everything already") != std::string::npos);
    desk.change("UPDATE interactions SET talk_ms = 5 WHERE conversation_key = 7");
    json::Document parsed;
    const auto planned = desk.publish({"--plan", "--json"});
    const auto value = parsed.parse(planned.out);
    CHECK(value["planned"].boolean());
    CHECK(value["tables"].elements().at(0)["table"].text() == "interactions");
    CHECK(value["tables"].elements().at(0)["rows"].integer() == 1);
    json::Document sent_text;
    const auto published = desk.publish({"--json"});
    const auto sent = sent_text.parse(published.out);
    CHECK(sent["rows"].integer() == value["rows"].integer());
    CHECK(sent["version"].integer() > sent["version_before"].integer());
    CHECK(published.err.empty());
    desk.change("DELETE FROM queues WHERE queue_key = (SELECT max(queue_key) FROM queues)");
    const auto removal = desk.publish({"--plan"});
    CHECK(removal.out.find("0 rows, 1 removed") != std::string::npos);
  }

  TEST_CASE("on a terminal it says how far it is, how fast, and how long it will take still") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Desk desk(*server);
    desk.lay();
    const Dial dial;
    desk.shell.time = &dial;
    const auto done = desk.shell.in_process([&](cli::Process& process) {
      process.terminal.err = true;
      process.terminal.width = 200;
      return cli::run(
          {"--db", desk.file.string(), "publish", "--to", desk.url, "--schema", desk.order.schema},
          process);
    });
    CHECK(done.code == 0);
    CHECK(done.err.find("counting in ") != std::string::npos);
    const auto facts = done.err.find("interactions: ");
    REQUIRE(facts != std::string::npos);
    const auto line = done.err.substr(facts, done.err.find('\r', facts) - facts);
    CAPTURE(line);
    for (const char* part : {" of ", " rows, about ", " left | ", " rows/s, ", " MB in "})
      CHECK(line.find(part) != std::string::npos);
    const auto last = done.err.substr(done.err.rfind("survey_answers: "));
    CHECK(last.find(" left") == std::string::npos);
    desk.check_equal();
  }

  TEST_CASE("what the user can mend is exit code 2") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Desk desk(*server);
    desk.lay();
    CHECK(desk.publish({}, "mysql://localhost/x").code == 2);
    CHECK(desk.publish({"--tables", "fact_survey"}).err.find("fact_surveys") != std::string::npos);
    CHECK(desk.publish({"--wait-lock", "soon"}).code == 2);
    const auto plain = desk.publish({"--distribute"});
    CHECK(plain.code == 2);
    CHECK(plain.err.find("CREATE EXTENSION citus") != std::string::npos);
    CHECK(desk.print().empty());
    std::filesystem::remove(desk.file);
    CHECK(desk.publish({}).code == 2);
  }

  TEST_CASE("a server that does not answer is exit code 5, one that refuses the user 4") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Desk desk(*server);
    desk.lay();
    CHECK(desk.publish({}, "postgresql://127.0.0.1:1/x").code == 5);
    CHECK(desk.publish({}, server->url("no_such_database")).code == 4);
    desk.client.rows("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN");
    const auto refused = desk.publish({}, server->url("postgres", "reader"));
    CHECK(refused.code == 4);
    CHECK(refused.err.find("grant") != std::string::npos);
  }

  TEST_CASE("passwords come from where libpq looks, and are never printed") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Desk desk(*server);
    desk.lay();
    desk.client.rows(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'secretive') THEN "
        "CREATE ROLE secretive LOGIN SUPERUSER PASSWORD 'open-sesame'; END IF; END $$");
    const auto url = server->url("postgres", "secretive");
    CHECK(desk.publish({}, url).code == 4);
    const auto with = [&](const std::string& password) {
      auto text = url;
      return text.insert(text.find('@'), ":" + password);
    };
    for (const auto& [target, code] :
         std::map<std::string, int>{{with("wr0ng-one"), 4},
                                    {with("zz%zz-wr0ng-one"), 2},
                                    {"host=127.0.0.1 pasword=x password=wr0ng-one", 2},
                                    {"postgresql://u:wr0ng@one@127.0.0.1:x/y", 2},
                                    {url + "?password=wr0ng-one", 4}}) {
      const auto result = desk.publish({}, target);
      CHECK(result.code == code);
      CHECK((result.out + result.err).find("wr0ng") == std::string::npos);
    }
    const auto passwords = desk.folder.write(
        "passwords", fmt::format("127.0.0.1:{}:*:secretive:open-sesame\n", server->port()));
    setenv("PGPASSFILE", passwords.c_str(), 1);
    CHECK(desk.publish({}, url).code == 0);
    const auto services = desk.folder.write(
        "services", fmt::format("[bi]\nhost=127.0.0.1\nport={}\ndbname=postgres\nuser=secretive\n",
                                server->port()));
    setenv("PGSERVICEFILE", services.c_str(), 1);
    CHECK(desk.publish({}, "service=bi").code == 0);
    unsetenv("PGPASSFILE");
    unsetenv("PGSERVICEFILE");
    desk.check_equal();
  }

  TEST_CASE("a cluster gets facts that lie together by conversation, and the rest everywhere") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    // What Citus would be asked for, written down by functions of its names.
    Desk desk(*server);
    desk.client.rows("CREATE DATABASE cluster");
    const auto url = server->url("cluster");
    tests::Client cluster(url);
    cluster.rows(
        "SET allow_system_table_mods = on;"
        "INSERT INTO pg_extension SELECT 99999, 'citus', 10, 11, false, '13.2', NULL, NULL;"
        "CREATE TABLE public.asked (no serial, what text, key text, beside text);"
        "CREATE FUNCTION pg_catalog.create_distributed_table(regclass, text, colocate_with text) "
        "RETURNS void LANGUAGE sql AS $$INSERT INTO public.asked (what, key, beside) VALUES "
        "($1::text, $2, $3)$$;"
        "CREATE FUNCTION pg_catalog.create_reference_table(regclass) RETURNS void LANGUAGE sql AS "
        "$$INSERT INTO public.asked (what) VALUES ($1::text)$$;");
    desk.order.target = url;
    desk.order.schema = "csatdb";
    desk.order.distributes = true;
    desk.lay();
    desk.Stage::publish();
    std::map<std::string, std::string> asked;
    for (const auto& row : cluster.rows("SELECT what, coalesce(key, '') || ' ' || coalesce(beside, "
                                        "'') FROM asked ORDER BY no"))
      asked[row[0].substr(row[0].find('.') + 1)] = row[1];
    CHECK(asked.at("interactions") == "conversation_key none");
    for (const char* fact : {"agent_legs", "queue_visits", "survey_facts", "survey_answers",
                             "stage_interactions", "stage_survey_facts"})
      CHECK(asked.at(fact) == "conversation_key interactions");
    for (const char* dimension : {"users", "queues", "dates", "utc_days", "stage_users"})
      CHECK(asked.at(dimension) == " ");
    // Every key of a distributed table must hold the column it is distributed by.
    cluster.rows("SET search_path = csatdb, public");
    CHECK(cluster.value(
              "SELECT count(*) FROM asked a JOIN pg_index i ON i.indrelid = a.what::regclass "
              "WHERE a.key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_attribute t WHERE "
              "t.attrelid = i.indrelid AND t.attname = a.key AND t.attnum = ANY(i.indkey))") ==
          "0");
    desk.sync(1);
    desk.order.distributes = false;  // the target knows
    CHECK(desk.Stage::publish().is_distributed);
    CHECK(tests::target_views(cluster) == tests::warehouse_views(desk.file));
  }
}
