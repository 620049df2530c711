#include <cstdlib>

#include "postgres/stage.hpp"
#include "warehouse/calendar.hpp"
#include "warehouse/derive.hpp"
#include "warehouse/publication.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using base::Fault;
using tests::Server;
using tests::Stage;
using tests::target_views;
using tests::warehouse_views;

namespace {

std::int64_t rows_of(const publish::Summary& summary, std::string_view table) {
  for (const auto& each : summary.tables)
    if (each.table == table) return each.rows;
  return 0;
}

}  // namespace

TEST_SUITE("postgres") {
  TEST_CASE("the target's contract views equal the warehouse's, whatever the sync brought since") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    std::int64_t version = 0;
    for (std::size_t moment = 0; moment < faults::Story::moments().size(); ++moment) {
      CAPTURE(moment);
      stage.sync(moment);
      const auto summary = stage.publish_as_planned();
      CHECK(summary.is_first == (moment == 0));
      CHECK(summary.version > version);
      version = summary.version;
      stage.check_equal();
    }
  }

  TEST_CASE("progress counts the rows of all tables to the last") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    publish::Step last;
    const auto summary = stage.publish([&](const publish::Step& step) {
      CHECK(step.rows >= last.rows);
      CHECK(step.bytes >= last.bytes);
      CHECK(step.rows <= step.of_rows);
      last = step;
    });
    CHECK(last.rows == last.of_rows);
    CHECK(last.rows == summary.rows());
    CHECK(last.bytes == summary.bytes());
  }

  TEST_CASE("publishing twice sends nothing the second time") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    const auto first = stage.publish();
    const auto before = stage.client.rows("SELECT xmin, * FROM publish_state");
    const auto second = stage.publish();
    CHECK(second.rows() == 0);
    CHECK(second.version == first.version);
    CHECK(stage.client.rows("SELECT xmin, * FROM publish_state") == before);
  }

  TEST_CASE("a run that brought nothing new sends no row of a conversation or dimension") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    stage.change("UPDATE sync_meta SET value = 'x' WHERE key = 'since'");
    const auto summary = stage.publish();
    CHECK(summary.rows() == 0);
    CHECK(summary.version > summary.before);
  }

  TEST_CASE("only what belongs to a changed conversation travels") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    stage.change(
        "UPDATE interactions SET talk_ms = 1234567 WHERE conversation_key IN (SELECT "
        "conversation_key FROM agent_legs WHERE handle_ms IS NOT NULL ORDER BY 1 LIMIT 3)");
    const auto summary = stage.publish();
    CHECK(rows_of(summary, "interactions") == 3);
    CHECK(rows_of(summary, "agent_legs") >= 3);
    CHECK(rows_of(summary, "agent_legs") < 30);
    CHECK(rows_of(summary, "users") == 0);
    stage.check_equal();
  }

  TEST_CASE("everything that changes a published value is seen") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    const auto change_by = [&](const auto& work) {
      warehouse::Warehouse warehouse({stage.file.string(), base::Millis{0}, "test"});
      warehouse.begin();
      work(warehouse);
      warehouse.commit();
    };
    const auto conversations = [&](warehouse::Warehouse& w, const base::Zone& zone) {
      warehouse::SurveyDerivation derivation(w.database(), zone);
      std::vector<std::int64_t> keys;
      SQLite::Statement each(w.database(), "SELECT conversation_key FROM conversations");
      while (each.executeStep()) keys.push_back(each.getColumn(0).getInt64());
      for (const auto key : keys) derivation.run(key);
    };
    SUBCASE("another time zone") {
      change_by([](warehouse::Warehouse& w) {
        warehouse::relocate(w.database(), base::Zone("Asia/Kolkata"));
        w.set_meta("timezone", "Asia/Kolkata");
      });
    }
    SUBCASE("measures mapped to questions") {
      change_by([&](warehouse::Warehouse& w) {
        w.database().exec(
            "INSERT INTO measures SELECT 1, 'csat', context_id, NULL, question_text, "
            "'[\"5\",\"4\"]', "
            "'' FROM survey_answers JOIN surveys USING (survey_key) JOIN survey_forms USING "
            "(form_key) "
            "WHERE answer_id IS NOT NULL AND question_text IS NOT NULL LIMIT 1");
        conversations(w, w.zone());
      });
      CHECK(warehouse::Reader(stage.file.string())
                .run("SELECT 1 FROM fact_surveys WHERE csat_score IS NOT NULL LIMIT 1")[0]
                .rows.size() == 1);
    }
    SUBCASE("a survey that goes over to another conversation") {
      change_by([&](warehouse::Warehouse& w) {
        w.database().exec(
            "UPDATE surveys SET conversation_key = (SELECT max(conversation_key) FROM "
            "interactions) "
            "WHERE survey_key = (SELECT min(survey_key) FROM surveys WHERE payload_hash IS NOT "
            "NULL)");
        conversations(w, w.zone());
      });
    }
    SUBCASE("a survey that no source tells of any more") {
      change_by([](warehouse::Warehouse& w) {
        w.database().exec(
            "DELETE FROM survey_facts WHERE survey_key IN (SELECT survey_key FROM surveys LIMIT "
            "5)");
      });
    }
    SUBCASE("answers completed from a form that came later") {
      change_by([](warehouse::Warehouse& w) {
        w.database().exec("UPDATE survey_answers SET question_text = 'as asked now'");
      });
    }
    SUBCASE("days that settle") {
      change_by([](warehouse::Warehouse& w) {
        w.database().exec("UPDATE utc_days SET is_settled = 1 - is_settled");
      });
    }
    SUBCASE("names, managers and teams") {
      change_by([](warehouse::Warehouse& w) {
        w.database().exec(
            fmt::format("UPDATE users SET name = 'X ' || name, manager_key = 1, version = {0};"
                        "UPDATE teams SET name = 'Y', version = {0}; UPDATE queues SET gone_ms = "
                        "1, version = {0}",
                        w.version()));
      });
    }
    SUBCASE("legs and visits derived anew") {
      change_by([](warehouse::Warehouse& w) {
        w.database().exec(
            "UPDATE agent_legs SET alert_ms = 7; UPDATE queue_visits SET wait_ms = 8");
      });
    }
    const auto summary = stage.publish_as_planned();
    CHECK(summary.rows() > 0);
    stage.check_equal();
    CHECK(stage.publish().rows() == 0);
  }

  TEST_CASE("conversations erased or past the retention leave the target") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    const auto erase = [&](const std::string& which) {
      std::string sql =
          "CREATE TEMP TABLE erased AS SELECT conversation_key FROM conversations c "
          "LEFT JOIN interactions i USING (conversation_key) WHERE " +
          which +
          ";"
          "DELETE FROM survey_answers WHERE survey_key IN (SELECT survey_key FROM "
          "survey_facts WHERE conversation_key IN (SELECT * FROM erased));";
      for (const char* table :
           {"survey_facts", "agent_legs", "queue_visits", "interactions", "conversations"})
        sql +=
            fmt::format("DELETE FROM {} WHERE conversation_key IN (SELECT * FROM erased);", table);
      stage.change(sql);
    };
    const auto count = [&] {
      return std::stoll(stage.client.value("SELECT count(*) FROM interactions"));
    };
    const auto all = count();
    std::int64_t gone = 0;
    SUBCASE("a few") { erase("c.conversation_key % 50 = 3"); }
    SUBCASE("the oldest days") { erase("i.utc_day < (SELECT min(utc_day) + 3 FROM utc_days)"); }
    SUBCASE("some while others change") {
      stage.sync(1);
      erase("c.conversation_key % 20 = 3");
    }
    SUBCASE("some while others move to another day") {
      stage.change(
          "UPDATE interactions SET started_ms = started_ms - 86400000 WHERE conversation_key % 7 = "
          "3");
      erase("c.conversation_key % 20 = 3");
    }
    SUBCASE("a dimension's row") {
      stage.change(
          "INSERT INTO queues (queue_id, version) SELECT 'q', value + 1 FROM sync_meta WHERE key = "
          "'version'");
      stage.publish();
      stage.change("DELETE FROM queues WHERE queue_id = 'q'");
      gone = 1;
    }
    SUBCASE("whatever the target holds") {
      erase("c.conversation_key % 50 = 3");
      stage.order.sends_all = true;
    }
    const auto summary = stage.publish_as_planned();
    CHECK(summary.removed() > 0);
    if (gone == 0) CHECK(count() != all);
    stage.check_equal();
    stage.order.sends_all = false;
    CHECK(stage.publish().rows() == 0);
  }

  TEST_CASE("a warehouse restored from a backup is refused, and replaces the target when told to") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    const auto backup = stage.folder / "backup.db";
    faults::copy_warehouse(stage.file, backup);
    stage.sync(1);
    const auto later = stage.publish();
    const auto before = stage.print();

    faults::copy_warehouse(backup, stage.file);
    SUBCASE("as it was") {}
    SUBCASE("with work done since, its version past the target's") {
      for (int i = 0; i < 40; ++i) stage.change("UPDATE interactions SET talk_ms = 1");
    }
    const auto [fault, said] = stage.failure();
    CHECK(fault == Fault::storage);
    CHECK(said.find("--full") != std::string::npos);
    CHECK(stage.print() == before);

    stage.order.sends_all = true;
    const auto replaced = stage.publish();
    CHECK(replaced.version > later.version);
    stage.check_equal();
    stage.order.sends_all = false;
    stage.sync(1);
    stage.publish();
    stage.check_equal();
  }

  TEST_CASE("a copy that went its own way is refused, and so is another warehouse") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    const auto copy = stage.folder / "copy.db";
    faults::copy_warehouse(stage.file, copy);
    stage.change("UPDATE interactions SET talk_ms = 2");
    stage.publish();
    const auto before = stage.print();
    stage.order.warehouse = copy.string();
    CHECK(stage.failure().first == Fault::storage);

    Stage other(*server);
    other.lay();
    other.publish();
    stage.order.warehouse = other.file.string();
    const auto [fault, said] = stage.failure();
    CHECK(fault == Fault::storage);
    CHECK(said.find("another warehouse") != std::string::npos);
    CHECK(stage.print() == before);
  }

  TEST_CASE("a loss of power after a publish does not take the warehouse behind the target") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    // What stands in the file alone, its log lost.
    std::filesystem::remove(stage.file.string() + "-wal");
    std::filesystem::remove(stage.file.string() + "-shm");
    CHECK(stage.publish().rows() == 0);
    stage.sync(1);
    stage.publish();
    stage.check_equal();
  }

  TEST_CASE("a target of a newer csatdb or with another program's tables is left untouched") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    std::string wanted;
    SUBCASE("a newer one") {
      stage.publish();
      stage.client.rows("UPDATE publish_state SET layout = 99, csatdb = '9.0'");
      wanted = "newer csatdb (9.0)";
    }
    SUBCASE("a table of our name") {
      stage.client.rows("CREATE SCHEMA \"" + stage.order.schema +
                        "\"; CREATE TABLE users (id int)");
      wanted = "users";
    }
    SUBCASE("a view of our name") {
      stage.client.rows("CREATE SCHEMA \"" + stage.order.schema +
                        "\"; CREATE VIEW fact_surveys AS SELECT 1 AS x");
      wanted = "fact_surveys";
    }
    SUBCASE("a record that is another's") {
      stage.client.rows("CREATE SCHEMA \"" + stage.order.schema +
                        "\"; CREATE TABLE publish_state (id int)");
      wanted = "publish_state";
    }
    const auto before = stage.print();
    const auto [fault, said] = stage.failure();
    CHECK(fault == Fault::storage);
    CHECK(said.find(wanted) != std::string::npos);
    CHECK(stage.print() == before);
  }

  TEST_CASE("a target of another layout is made anew in the same transaction") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    const auto version = stage.publish().version;
    stage.client.rows("UPDATE publish_state SET digest = 'of yesterday'");
    SUBCASE("alone") {
      const auto summary = stage.publish_as_planned();
      CHECK(summary.is_first);
      CHECK(summary.version > version);
      stage.check_equal();
    }
    SUBCASE("unless something of others depends on it") {
      stage.client.rows("CREATE VIEW public.mine AS SELECT * FROM fact_surveys");
      const auto [fault, said] = stage.failure();
      CHECK(fault == Fault::storage);
      CHECK(said.find("drop what depends on it") != std::string::npos);
    }
  }

  TEST_CASE("the target holds the views asked for, and later more") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.order.views = {"fact_surveys"};
    stage.publish();
    CHECK(target_views(stage.client, stage.order.schema).size() == 1);
    CHECK(target_views(stage.client, stage.order.schema)["fact_surveys"] ==
          warehouse_views(stage.file)["fact_surveys"]);
    CHECK(stage.client.value("SELECT to_regclass('agent_legs') IS NULL") == "t");
    stage.order.views = {};
    CHECK(stage.publish().rows() == 0);
    stage.sync(1);
    stage.order.views = {"fact_agent_legs", "dim_agents"};
    stage.publish();
    CHECK(target_views(stage.client, stage.order.schema).size() == 3);
    for (const char* view : {"fact_surveys", "fact_agent_legs", "dim_agents"})
      CHECK(target_views(stage.client, stage.order.schema)[view] ==
            warehouse_views(stage.file)[view]);
  }

  TEST_CASE("columns have the types of the target's own") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.publish();
    const std::map<std::string, std::string> types{
        {"fact_interactions.started_at", "timestamp with time zone"},
        {"fact_interactions.local_started_at", "timestamp without time zone"},
        {"fact_interactions.local_date", "date"},
        {"fact_interactions.handle_ms", "bigint"},
        {"fact_interactions.handle_s", "double precision"},
        {"fact_interactions.is_abandoned", "boolean"},
        {"fact_interactions.conversation_id", "text"},
        {"fact_surveys.score_pct", "double precision"},
        {"fact_surveys.is_response", "boolean"},
        {"fact_surveys.completed_at", "timestamp with time zone"},
        {"dim_dates.local_date", "date"},
        {"sync_freshness.settled_through", "timestamp with time zone"}};
    for (const auto& each : types) {
      const auto& column = each.first;
      const auto& type = each.second;
      CAPTURE(column);
      const auto dot = column.find('.');
      CHECK(stage.client.value(fmt::format("SELECT data_type FROM information_schema.columns WHERE "
                                           "table_schema = '{}' AND table_name = '{}' AND "
                                           "column_name = '{}'",
                                           stage.order.schema, column.substr(0, dot),
                                           column.substr(dot + 1))) == type);
    }
  }

  TEST_CASE("any text arrives as it is, but for what PostgreSQL has no place for") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay();
    stage.change(
        "UPDATE survey_facts SET comments = 'tab' || char(9) || ' \\ \"quoted\" ünï 😀' || char(10) "
        "|| "
        "'\\N {a,b}' WHERE survey_key = (SELECT min(survey_key) FROM survey_facts);"
        "UPDATE survey_facts SET comments = 'a' || char(0) || 'b', error_reason = '' "
        "WHERE survey_key = (SELECT max(survey_key) FROM survey_facts)");
    stage.publish();
    CHECK(stage.client.value("SELECT count(*) FROM fact_surveys WHERE comments = E'tab\\t \\\\ "
                             "\"quoted\" ünï 😀\\n\\\\N {a,b}'") == "1");
    CHECK(stage.client.value("SELECT count(*) FROM fact_surveys WHERE comments = E'a\\uFFFDb' AND "
                             "error_reason = ''") == "1");
  }

  // Debian has no Citus: a developer's cluster takes its place, with the extension in the database.
  TEST_CASE("a cluster named by CSATDB_TEST_CITUS takes every statement") {
    const char* const cluster = std::getenv("CSATDB_TEST_CITUS");
    if (cluster == nullptr) {
      MESSAGE("skipped: CSATDB_TEST_CITUS names no database with the extension citus");
      return;
    }
    Stage stage(cluster);
    stage.client.rows(fmt::format("DROP SCHEMA IF EXISTS \"{}\" CASCADE", stage.order.schema));
    stage.order.distributes = true;
    for (std::size_t moment = 0; moment < faults::Story::moments().size(); ++moment) {
      CAPTURE(moment);
      stage.sync(moment);
      CHECK(stage.publish_as_planned().is_distributed);
      stage.check_equal();
    }
    stage.change(
        "UPDATE users SET name = 'Z ' || name, version = (SELECT value + 1 FROM sync_meta WHERE "
        "key = 'version') WHERE user_key < 5; UPDATE utc_days SET is_settled = 1 - is_settled;"
        "DELETE FROM survey_facts WHERE conversation_key % 9 = 3");
    stage.publish_as_planned();
    stage.check_equal();
    stage.order.sends_all = true;
    stage.publish();
    stage.check_equal();
    stage.client.rows("UPDATE publish_state SET digest = 'of yesterday'");
    stage.publish();
    stage.check_equal();
  }
}
