#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/stop.hpp"
#include "cli/shell.hpp"
#include "support/batches.hpp"
#include "support/small_warehouse.hpp"
#include "warehouse/warehouse.hpp"

using namespace csatdb;
using support::Shell;
namespace fs = std::filesystem;

namespace {

/// A machine with a small warehouse, personal data in it, in the current folder.
struct Desk : Shell {
  std::string path = (folder / "csat.db").string();
  Desk() {
    tests::deliver(path, tests::deliveries());
    SQLite::Database(path, SQLite::OPEN_READWRITE)
        .exec(
            "UPDATE sessions SET ani = 'tel:+4930555777', remote_name = 'Erika Musterfrau', "
            "cc = '[\"erika@example.org\"]';"
            "UPDATE participants SET name = 'Erika Musterfrau';"
            "UPDATE segments SET wrapup_note = 'called about her divorce', subject = 'My invoice';"
            "UPDATE survey_answers SET free_text_answer = 'Thank you, Ada!';"
            "UPDATE survey_facts SET comments = 'Thank you, Ada!';"
            "CREATE TABLE bodies (body BLOB NOT NULL);"
            "INSERT INTO bodies VALUES (CAST('raw bytes of it' AS BLOB))");
  }
  Result snapshot(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"export", "--snapshot", "bi.db"});
    return run(more);
  }
  std::string copy() const { return (folder / "bi.db").string(); }
  std::string bytes() const { return tests::file_text(copy()); }
  bool has(const std::string& text) const { return bytes().find(text) != std::string::npos; }
};

std::string value(const std::string& path, const std::string& sql) {
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  SQLite::Statement query(database, sql);
  return query.executeStep() ? query.getColumn(0).getString() : "nothing";
}

mode_t mode(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a snapshot says what the warehouse says, without a write-ahead log") {
    Desk desk;
    CHECK(desk.snapshot().code == 0);
    const auto same = desk.run({"export", "--logical"}).out;
    CHECK(desk.run({"--db", "bi.db", "export", "--logical"}).out == same);
    CHECK(value(desk.copy(), "PRAGMA journal_mode") == "delete");
    CHECK(desk.bytes().substr(18, 2) == "\x01\x01");
    CHECK(mode(desk.copy()) == 0640);
    for (const auto& entry : fs::directory_iterator(desk.folder.path()))
      CHECK(!entry.path().filename().string().starts_with("bi.db-"));
  }

  TEST_CASE("a snapshot is taken while a writer is in the middle of a transaction") {
    Desk desk;
    warehouse::Warehouse writer({desk.path});
    writer.begin();
    writer.set_meta("unfinished", "yes");
    CHECK(desk.snapshot().code == 0);
    CHECK(value(desk.copy(), "SELECT value FROM sync_meta WHERE key = 'unfinished'") == "nothing");
    CHECK(value(desk.copy(), "PRAGMA integrity_check") == "ok");
  }

  TEST_CASE("replacing a snapshot leaves an open reader the one it opened") {
    Desk desk;
    CHECK(desk.snapshot({"--snapshot-mode", "0644"}).code == 0);
    CHECK(mode(desk.copy()) == 0644);
    SQLite::Database reader(desk.copy(), SQLite::OPEN_READONLY);
    SQLite::Statement names(reader, "SELECT name FROM divisions ORDER BY division_id");
    CHECK(names.executeStep());
    SQLite::Database(desk.path, SQLite::OPEN_READWRITE).exec("UPDATE divisions SET name = 'New'");
    CHECK(desk.snapshot().code == 0);
    names.reset();
    CHECK(names.executeStep());
    CHECK(names.getColumn(0).getString() == "Home");
    CHECK(value(desk.copy(), "SELECT name FROM divisions ORDER BY division_id") == "New");
  }

  TEST_CASE("managers get no byte of a customer's address, name, note or subject") {
    Desk desk;
    CHECK(desk.snapshot().code == 0);
    for (const char* text :
         {"tel:+4930555777", "Musterfrau", "divorce", "invoice", "raw bytes of it"})
      CHECK(desk.has(text));
    fs::remove(desk.copy());
    CHECK(desk.snapshot({"--audience", "managers"}).code == 0);
    for (const char* text :
         {"tel:", "Musterfrau", "erika", "divorce", "invoice", "raw bytes of it"})
      CHECK(!desk.has(text));
    CHECK(desk.has("Thank you, Ada!"));
    CHECK(desk.run({"--db", "bi.db", "export", "dim_agents"}).out ==
          desk.run({"export", "dim_agents"}).out);
    CHECK(value(desk.copy(), "PRAGMA integrity_check") == "ok");
    CHECK(value(desk.copy(), "SELECT count(*) FROM users WHERE payload_hash IS NOT NULL") == "0");
  }

  TEST_CASE("the public gets counts and sums, and no id, name or word of anyone") {
    Desk desk;
    CHECK(desk.snapshot({"--audience", "public"}).code == 0);
    for (const char* text :
         {"tel:", "Musterfrau", "Thank you", "Ada", "c1", "s1", "fact_surveys"}) {
      CAPTURE(text);
      CHECK(!desk.has(text));
    }
    const auto report = desk.run({"--db", "bi.db", "report", "csat-trend"});
    CHECK(report.code == 6);
    CHECK(report.err.find("a snapshot for the public") != std::string::npos);
    CHECK(value(desk.copy(), "SELECT sum(interactions) FROM daily_interactions") == "3");
    CHECK(value(desk.copy(), "SELECT sum(responses) FROM weekly_surveys") == "3");
    CHECK(value(desk.copy(), "SELECT count(*) FROM weekly_surveys WHERE promoters IS NOT NULL") ==
          "0");
    CHECK(value(desk.copy(), "SELECT week_start FROM weekly_surveys ORDER BY 1") == "2024-01-08");
    // Five answers in a week are enough to be shown.
    SQLite::Database(desk.path, SQLite::OPEN_READWRITE)
        .exec(
            "WITH RECURSIVE n(i) AS (VALUES (10) UNION ALL SELECT i + 1 FROM n WHERE i < 14) "
            "INSERT INTO surveys (survey_key, survey_id) SELECT i, 'n' || i FROM n;"
            "INSERT INTO survey_facts (survey_key, conversation_key, status, nps_score, "
            "queue_key, form_key, form_name) SELECT s.survey_key, 1, 'Finished', CASE s.survey_key "
            "WHEN 10 THEN 9 ELSE 3 END, f.queue_key, "
            "f.form_key, f.form_name FROM surveys s, survey_facts f WHERE s.survey_key >= 10 AND "
            "f.conversation_key = 1");
    CHECK(desk.snapshot({"--audience", "public"}).code == 0);
    CHECK(
        value(desk.copy(),
              "SELECT promoters || '/' || detractors FROM weekly_surveys WHERE nps_answers = 5") ==
        "1/4");
  }

  TEST_CASE("a snapshot replaces nothing but a snapshot") {
    Desk desk;
    desk.folder.write("notes.txt", "mine");
    tests::deliver((desk.folder / "other.db").string(), {});
    CHECK(desk.snapshot().code == 0);
    struct Row {
      std::vector<std::string> words;
      const char* answer;
    };
    const std::vector<Row> rows{
        {{"export", "--snapshot", "csat.db"}, "is there and no snapshot"},
        {{"export", "--snapshot", "notes.txt"}, "is there and no snapshot"},
        {{"export", "--snapshot", "other.db"}, "is there and no snapshot"},
        {{"export", "--snapshot", "bi.db", "--audience", "public"}, "say --audience full"},
        {{"export", "--snapshot", "bi.db", "--snapshot-mode", "0240"}, "no mode such as 0640"},
        {{"export", "--snapshot", "bi.db", "--snapshot-mode", "rw"}, "no mode such as 0640"},
        {{"export", "--snapshot", "bi.db", "--audience", "manager"}, "(did you mean 'managers'?)"},
        {{"export", "--snapshot", "bi.db", "--logical"}, "--snapshot excludes --logical"},
        {{"export", "users", "--snapshot", "bi.db"}, "say what to export"},
    };
    for (const auto& row : rows) {
      const auto result = desk.run(row.words);
      CAPTURE(result.err);
      CHECK(result.code == 2);
      CHECK(result.err.find(row.answer) != std::string::npos);
    }
    desk.folder.write("bi.db-wal", "something");
    CHECK(desk.snapshot().err.find("something writes into the file") != std::string::npos);
    fs::remove(desk.folder / "bi.db-wal");
    CHECK(desk.run({"export", "--snapshot", "none/bi.db"}).code == 6);
    CHECK(tests::file_text((desk.folder / "notes.txt").string()) == "mine");
  }

  TEST_CASE("a signal ends a snapshot and leaves the older one") {
    Desk desk;
    CHECK(desk.snapshot().code == 0);
    const auto before = desk.bytes();
    SQLite::Database(desk.path, SQLite::OPEN_READWRITE)
        .exec(
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
            "INSERT INTO session_metrics (conversation_key, participant_no, session_no, "
            "metric_no, value) SELECT 1, 9, 9, i, i FROM n");
    base::stop::request();
    CHECK(desk.snapshot().code == 130);
    base::stop::reset();
    CHECK(desk.bytes() == before);
    for (const auto& entry : fs::directory_iterator(desk.folder.path()))
      CHECK(entry.path().string().find("bi.db.") == std::string::npos);
  }

  TEST_CASE("a whole snapshot can be restored as a warehouse; a reduced one cannot") {
    Desk desk;
    const auto same = desk.run({"export", "--logical"}).out;
    CHECK(desk.snapshot().code == 0);
    tests::deliver(desk.copy(), tests::deliveries());
    CHECK(desk.run({"--db", "bi.db", "export", "--logical"}).out == same);
    CHECK(desk.snapshot().err.find("no snapshot") != std::string::npos);
    fs::remove(desk.copy());
    CHECK(desk.snapshot({"--audience", "managers"}).code == 0);
    CHECK_THROWS_WITH(warehouse::Warehouse({desk.copy()}),
                      "the file is a snapshot for managers, with columns left out: use the "
                      "warehouse that it was made of");
    CHECK(mode(desk.copy()) == 0640);
  }
}
