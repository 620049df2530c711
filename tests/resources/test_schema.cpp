#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "embed/sql_files.hpp"
#include "json/reader.hpp"
#include "resources/catalogue.hpp"
#include "resources/tables.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"
#include "warehouse/privacy.hpp"

namespace csatdb::tests {
namespace {

using model::Personal;
using model::Table;

SQLite::Database schema() {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  for (const char* file : {"schema/tables.sql", "schema/ledger.sql", "schema/views.sql"})
    db.exec(embed::find(file)->text);
  return db;
}

/// A root and every table it owns.
void collect(const Table& table, std::vector<std::pair<const Table*, const Table*>>& found,
             const Table& root) {
  found.emplace_back(&table, &root);
  for (const auto& child : table.children) collect(*child.table, found, root);
}

std::vector<std::pair<const Table*, const Table*>> declared_tables() {
  std::vector<std::pair<const Table*, const Table*>> found;
  std::set<const Table*> roots;
  for (const auto* resource : resources::catalogue()) {
    // Several resources fill the same table.
    if (resource->table != nullptr && roots.insert(resource->table).second)
      collect(*resource->table, found, *resource->table);
  }
  return found;
}

/// Columns that hold a value (not generated) and whether each is part of the key.
std::map<std::string, bool> stored_columns(SQLite::Database& db, const std::string& table) {
  std::map<std::string, bool> columns;
  SQLite::Statement info(db, "SELECT name, pk, hidden FROM pragma_table_xinfo(?)");
  info.bind(1, table);
  while (info.executeStep()) {
    if (info.getColumn(2).getInt() == 0)
      columns[info.getColumn(0)] = info.getColumn(1).getInt() > 0;
  }
  return columns;
}

/// "table.column treatment" of every column that holds text of the service.
std::set<std::string> declared_treatments() {
  const std::map<model::Personal, std::string> words{{model::Personal::none, "none"},
                                                     {model::Personal::party_name, "party_name"},
                                                     {model::Personal::staff_name, "staff_name"},
                                                     {model::Personal::address, "address"},
                                                     {model::Personal::addresses, "addresses"},
                                                     {model::Personal::subject, "subject"},
                                                     {model::Personal::note, "note"},
                                                     {model::Personal::survey_text, "survey_text"},
                                                     {model::Personal::attribute, "attribute"}};
  std::set<std::string> lines;
  for (const auto& [table, root] : declared_tables()) {
    for (const auto& column : table->columns) {
      const bool is_text = column.type == model::Type::text || column.type == model::Type::list;
      if (is_text && column.refers == nullptr)
        lines.insert(fmt::format("{}.{} {}", table->name, column.name, words.at(column.personal)));
    }
  }
  return lines;
}

std::set<std::string> lines_of(const std::string& path) {
  std::set<std::string> lines;
  std::istringstream text(file_text(path));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line[0] != '#') lines.insert(line);
  }
  return lines;
}

/// The statements that made a database, without comments and layout.
std::map<std::string, std::string> made_by(SQLite::Database& db) {
  std::map<std::string, std::string> made;
  SQLite::Statement rows(db, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL");
  while (rows.executeStep()) {
    const std::string sql = rows.getColumn(1);
    std::string bare;
    bool is_comment = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
      if (sql.compare(i, 2, "--") == 0) is_comment = true;
      if (sql[i] == '\n') is_comment = false;
      if (!is_comment && std::isspace(static_cast<unsigned char>(sql[i])) == 0) bare += sql[i];
    }
    made[rows.getColumn(0)] = bare;
  }
  return made;
}

/// Properties of the service's models that a table neither stores nor ignores, and values of
/// enumerations it does not know.
class Coverage {
 public:
  Coverage(const json::Value& definitions, const Table& table) : definitions_(definitions) {
    for (const auto& column : table.columns) {
      paths_.insert(std::string(column.json));
      for (const auto value : column.known)
        known_[std::string(column.json)].insert(std::string(value));
    }
    for (const auto& child : table.children) paths_.insert(std::string(child.json));
    for (const auto& skipped : table.ignored) paths_.insert(std::string(skipped.json));
    if (table.is_root()) paths_.insert(std::string(table.json_id));
  }

  std::vector<std::string> missing(std::string_view model, const std::string& prefix = "") const {
    std::vector<std::string> found;
    const json::Value properties = definitions_[model]["properties"];
    for (auto walk = properties.walk_members(); walk.next();) {
      const std::string path = prefix + std::string(walk.name());
      for (const auto& value : walk.value()["enum"].elements()) {
        const auto known = known_.find(path);
        if (!paths_.contains(path)) continue;
        if (known == known_.end() || !known->second.contains(std::string(value.text())))
          found.push_back(fmt::format("{}: {} = {}", model, path, value.text()));
      }
      if (paths_.contains(path) || paths_.contains(prefix + "*")) continue;
      const auto below = paths_.lower_bound(path + ".");
      if (below == paths_.end() || !below->starts_with(path + ".")) {
        found.push_back(fmt::format("{}: {}", model, path));
        continue;
      }
      const std::string_view reference = walk.value()["$ref"].text_or("");
      if (reference.empty()) continue;  // an object without documented members
      const auto inner = missing(reference.substr(reference.rfind('/') + 1), path + ".");
      found.insert(found.end(), inner.begin(), inner.end());
    }
    return found;
  }

 private:
  const json::Value definitions_;
  std::set<std::string> paths_;
  std::map<std::string, std::set<std::string>> known_;
};

TEST_SUITE("resources") {
  TEST_CASE("every text column is listed with its treatment, and every listed one exists") {
    const auto listed = lines_of(support::in_source("tests/fixtures/personal.txt"));
    const auto declared = declared_treatments();
    for (const auto& line : declared) {
      CAPTURE(line);
      CHECK_MESSAGE(listed.contains(line),
                    "declare what personal data the column holds, and list it");
    }
    for (const auto& line : listed) {
      CAPTURE(line);
      CHECK(declared.contains(line));
    }
  }

  TEST_CASE("the README lists every personal column with its treatment under each profile") {
    const std::map<Personal, const char*> holds{
        {Personal::address, "addresses of customers and externals"},
        {Personal::party_name, "names of customers and externals"},
        {Personal::addresses, "lists of addresses"},
        {Personal::subject, "e-mail subjects"},
        {Personal::note, "wrap-up notes and properties"},
        {Personal::staff_name, "names and logins of employees"},
        {Personal::survey_text, "what customers wrote in surveys"},
        {Personal::attribute, "participant attributes on the allow-list"}};
    std::map<Personal, std::string> columns;
    for (const auto& [table, root] : declared_tables()) {
      for (const auto& column : table->columns) {
        if (column.personal == Personal::none) continue;
        auto& list = columns[column.personal];
        const auto name = fmt::format("`{}.{}`", table->name, column.name);
        if (list.find(name) == std::string::npos) list += (list.empty() ? "" : ", ") + name;
      }
    }
    const std::string readme = file_text(support::in_source("README.md"));
    const auto word = [](warehouse::Profile profile, Personal personal) {
      switch (warehouse::treatment(profile, personal)) {
        case warehouse::Treatment::kept:
          return "kept";
        case warehouse::Treatment::pseudonym:
          return "pseudonym";
        case warehouse::Treatment::dropped:
          return "dropped";
      }
      return "";
    };
    for (const auto& [personal, list] : columns) {
      const auto line = fmt::format("| {} | {} | {} | {} | {} |\n", holds.at(personal), list,
                                    word(warehouse::Profile::standard, personal),
                                    word(warehouse::Profile::strict, personal),
                                    word(warehouse::Profile::none, personal));
      CHECK_MESSAGE(readme.find(line) != std::string::npos, "the README lacks: " << line);
    }
    CHECK(columns.size() == holds.size());
  }

  TEST_CASE("the table of reasons lists every member that is not stored") {
    std::string expected =
        "# Members of the service's answers that are not stored, and why\n\n"
        "Everything else has a column in `tables.sql`; a member that neither has one nor stands "
        "here is counted in\n"
        "`sync_problems`. `*` stands for all other members of that object.\n\n"
        "| table | member | reason |\n|---|---|---|\n";
    std::set<const Table*> seen;
    for (const auto& [table, root] : declared_tables()) {
      if (!seen.insert(table).second) continue;
      for (const auto& skipped : table->ignored)
        expected += fmt::format("| {} | `{}` | {} |\n", table->name, skipped.json, skipped.reason);
    }
    const std::string path = support::in_source("schema/not_stored.md");
    // CSATDB_ACCEPT=1 writes the table anew.
    if (std::getenv("CSATDB_ACCEPT") != nullptr) std::ofstream(path) << expected;
    CHECK(file_text(path) == expected);
  }

  TEST_CASE("the migrations make the very tables of schema/") {
    SQLite::Database by_schema(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const auto& file : embed::sql_files("schema")) {
      if (file.path != "schema/views.sql") by_schema.exec(file.text);
    }
    SQLite::Database by_steps(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const auto& file : embed::sql_files("migrations")) by_steps.exec(file.text);
    CHECK(made_by(by_schema) == made_by(by_steps));
  }

  TEST_CASE("every column of every view has a declared type") {
    auto db = schema();
    SQLite::Statement columns(
        db,
        // What the reports share computes and is not for BI.
        "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'view' AND m.name NOT GLOB 'report_*'");
    int count = 0;
    while (columns.executeStep()) {
      ++count;
      CAPTURE(columns.getColumn(0).getString());
      CAPTURE(columns.getColumn(1).getString());
      CHECK(!columns.getColumn(2).getString().empty());
    }
    CHECK(count > 200);
  }

  TEST_CASE("every documented member of the service's models has a column or a reason") {
    const std::string text = file_text(support::in_source("../shared/genesys-schema.json"));
    if (text.empty()) {
      MESSAGE("skipped: the service's models are not beside this tree");
      return;
    }
    json::Document document;
    const json::Value definitions = document.parse(text)["definitions"];
    const std::map<std::string, std::string> models{
        {"conversations", "AnalyticsConversation"},
        {"participants", "AnalyticsParticipant"},
        {"sessions", "AnalyticsSession"},
        {"segments", "AnalyticsConversationSegment"},
        {"session_metrics", "AnalyticsSessionMetric"},
        {"flow_outcomes", "AnalyticsFlowOutcome"},
        {"media_stats", "AnalyticsMediaEndpointStat"},
        {"evaluations", "AnalyticsEvaluation"},
        {"resolutions", "AnalyticsResolution"},
        {"conversation_surveys", "AnalyticsSurvey"},
        {"surveys", "Survey"},
        {"survey_group_scores", "SurveyQuestionGroupScore"},
        {"survey_answers", "SurveyQuestionScore"},
        {"survey_forms", "SurveyForm"},
        {"survey_question_groups", "SurveyQuestionGroup"},
        {"survey_questions", "SurveyQuestion"},
        {"survey_answer_options", "AnswerOption"},
        {"users", "User"},
        {"queues", "Queue"},
        {"wrapup_codes", "WrapupCode"},
        {"skills", "RoutingSkill"},
        {"languages", "Language"},
        {"divisions", "AuthzDivision"},
        {"teams", "Team"}};
    std::size_t checked = 0;
    for (const auto& [table, root] : declared_tables()) {
      const auto model = models.find(std::string(table->name));
      if (model == models.end()) continue;
      ++checked;
      for (const auto& missing : Coverage(definitions, *table).missing(model->second))
        CHECK(missing == "");
    }
    CHECK(checked == models.size());
  }

  TEST_CASE(
      "every declared table and column exists, and every stored column is declared, keyed or the "
      "writer's") {
    auto db = schema();
    const std::set<std::string> writers{"is_inferred", "gone_ms", "payload_hash", "version"};
    const std::map<std::string, std::set<std::string>> derived_later{
        {"interactions", {"has_survey", "has_response", "survey_count"}}};
    const auto tables = declared_tables();
    CHECK(tables.size() == 29);
    for (const auto& pair : tables) {
      const Table* const table = pair.first;
      const Table* const root = pair.second;
      CAPTURE(table->name);
      auto stored = stored_columns(db, std::string(table->name));
      CHECK(!stored.empty());
      const auto take = [&](std::string_view column) {
        CAPTURE(column);
        CHECK(stored.erase(std::string(column)) == 1);
      };
      take(root->key);
      if (table->is_root()) {
        take(table->id);
        for (const auto& column : writers) take(column);
      }
      for (const auto ordinal : table->ordinals) take(ordinal);
      for (const auto& column : table->columns) take(column.name);
      if (const auto later = derived_later.find(std::string(table->name));
          later != derived_later.end()) {
        for (const auto& column : later->second) take(column);
      }
      for (const auto& left : stored) {
        const std::string& column = left.first;
        CAPTURE(column);
        CHECK_MESSAGE(false, "stored in the schema, declared nowhere");
      }
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
