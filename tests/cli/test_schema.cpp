#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>

#include "cli/dictionary.hpp"
#include "cli/shell.hpp"
#include "embed/sql_files.hpp"
#include "json/reader.hpp"

using namespace csatdb;
using support::Shell;

namespace {

constexpr auto kSql = R"(-- A file's own comment.

-- Divisions of the organisation:
-- every queue belongs to one.
CREATE TABLE divisions (
  division_key INTEGER PRIMARY KEY,  -- Surrogate key.
  name VARCHAR(255) NOT NULL DEFAULT '--',  -- The name, current.
  gone_at TIMESTAMP AS (datetime(gone_ms / 1000, 'unixepoch')),  -- When it went.
  parent_key INTEGER REFERENCES divisions (division_key),  -- The one above.
  bare BLOB,
  PRIMARY KEY (division_key, name)
) WITHOUT ROWID;
CREATE INDEX by_name ON divisions (name);

-- All of them.
CREATE VIEW dim_divisions AS
SELECT
  d.division_key,
  d.name AS division_name,  -- What it is called.
  d.gone_at
FROM divisions AS d
WHERE d.name <> '';

CREATE TABLE after (
  x INTEGER -- last column, no comma
) STRICT;
)";

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("the dictionary reads tables, views, types, references and comments") {
    const auto read = cli::read_dictionary(kSql);
    REQUIRE(read.size() == 3);
    const auto& table = read[0];
    CHECK(table.kind == "table");
    CHECK(table.comment == "Divisions of the organisation: every queue belongs to one.");
    REQUIRE(table.columns.size() == 5);
    CHECK(table.columns[0].type == "INTEGER");
    CHECK(table.columns[1].type == "VARCHAR(255)");
    CHECK(table.columns[1].comment == "The name, current.");
    CHECK(table.columns[2].type == "TIMESTAMP");
    CHECK(table.columns[3].references == "divisions");
    CHECK(table.columns[4].comment.empty());
    const auto& view = read[1];
    CHECK(view.kind == "view");
    REQUIRE(view.columns.size() == 3);
    CHECK(view.columns[0].comment == "Surrogate key.");
    CHECK(view.columns[1].name == "division_name");
    CHECK(view.columns[1].comment == "What it is called.");
    CHECK(view.columns[2].comment == "When it went.");
    CHECK(read[2].columns.at(0).name == "x");
    CHECK(read[2].comment.empty());
  }

  TEST_CASE("every column of the schema is described, and the dictionary is SQLite's own list") {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(":memory:", &raw) == SQLITE_OK);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(raw, sqlite3_close);
    for (const bool views : {false, true}) {
      for (const auto& file : embed::sql_files("schema")) {
        if ((file.stem() == "views") != views) continue;
        char* problem = nullptr;
        sqlite3_exec(raw, file.text.c_str(), nullptr, nullptr, &problem);
        REQUIRE_MESSAGE(problem == nullptr, file.path, ": ", problem);
      }
    }
    const auto names = [&](const std::string& sql) {
      std::vector<std::string> rows;
      const auto add = [](void* into, int, char** values, char**) {
        static_cast<std::vector<std::string>*>(into)->emplace_back(values[0]);
        return 0;
      };
      REQUIRE(sqlite3_exec(raw, sql.c_str(), add, &rows, nullptr) == SQLITE_OK);
      return rows;
    };
    std::vector<std::string> described;
    for (const auto& relation : cli::dictionary()) {
      CAPTURE(relation.name);
      CHECK(!relation.comment.empty());
      described.push_back(relation.name);
      std::vector<std::string> columns;
      for (const auto& column : relation.columns) {
        CAPTURE(column.name);
        CHECK(!column.comment.empty());
        columns.push_back(column.name);
      }
      // Hidden columns (1) of a full-text table are its commands; generated ones are 2 and 3.
      CHECK(columns == names("SELECT name FROM pragma_table_xinfo('" + relation.name +
                             "') WHERE hidden <> 1 ORDER BY cid"));
    }
    std::ranges::sort(described);
    // Full-text tables bring shadow tables of their own.
    CHECK(
        described ==
        names(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN "
            "('table', 'virtual', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"));
  }

  TEST_CASE("schema prints the dictionary in three forms") {
    Shell shell;
    const auto markdown = shell.run({"schema"});
    CHECK(markdown.code == 0);
    const auto as_json = shell.run({"schema", "--format", "json"});
    json::Document document;
    CHECK(document.parse(as_json.out).elements().size() == cli::dictionary().size());
    const auto sql = shell.run({"schema", "--format", "sql"});
    for (const auto& file : embed::sql_files("schema"))
      CHECK(sql.out.find(file.text) != std::string::npos);
    const auto steps = shell.run({"schema", "--migrations"});
    for (const auto& file : embed::sql_files("migrations"))
      CHECK(steps.out.find(file.text) != std::string::npos);
    CHECK(shell.run({"schema", "no_such_table"}).code == 2);
    CHECK(shell.run({"schema", "x", "--format", "sql"}).code == 2);
  }
}
