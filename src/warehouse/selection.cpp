#include "warehouse/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "warehouse/address.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

using base::Instant;
using model::Personal;

constexpr std::string_view kAddKeys =
    "INSERT OR IGNORE INTO selected_conversations SELECT conversation_key, conversation_id FROM "
    "conversations WHERE conversation_key IN ";
constexpr std::string_view kKeys =
    "(SELECT conversation_key FROM selected_conversations WHERE conversation_key IS NOT NULL)";
constexpr std::string_view kIds = "(SELECT conversation_id FROM selected_conversations)";

/// Columns of a conversation and of what it owns that name another conversation.
struct Link {
  std::string_view table, column;
};
constexpr Link kLinks[] = {{"conversations", "associated_conversation_id"},
                           {"conversations", "consultation_conversation_ids"},
                           {"segments", "source_conversation_id"},
                           {"segments", "destination_conversation_id"}};

void normal_address_function(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  if (text == nullptr) return;
  const auto normal = normal_address(text);
  sqlite3_result_text(context, normal.data(), static_cast<int>(normal.size()), SQLITE_TRANSIENT);
}

/// The tests, joined by OR, of whether a row holds the address ?1: as a pseudonym, or (`in_clear`)
/// in any spelling and in lists too. Empty if the table has no such column.
std::string holds_address(const model::Table& table, bool in_clear) {
  std::vector<std::string> tests;
  for (const auto& column : table.columns) {
    if (column.personal == Personal::address) {
      tests.push_back(in_clear ? fmt::format("normal_address({}) = ?1", column.name)
                               : fmt::format("{} = ?1", column.name));
    } else if (column.personal == Personal::addresses && in_clear) {
      tests.push_back(
          fmt::format("EXISTS (SELECT 1 FROM json_each({}) WHERE "
                      "normal_address(json_each.value) = ?1)",
                      column.name));
    }
  }
  return fmt::format("{}", fmt::join(tests, " OR "));
}

}  // namespace

Selection::Selection(SQLite::Database& database) : database_(database) {
  for (const char* sql :
       {"CREATE TEMP TABLE IF NOT EXISTS selected_conversations (conversation_key INTEGER, "
        "conversation_id TEXT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TEMP TABLE IF NOT EXISTS selected_surveys (survey_key INTEGER PRIMARY KEY, "
        "survey_id TEXT)",
        "DELETE FROM selected_conversations", "DELETE FROM selected_surveys"})
    Statement(database_, sql).run();
}

void Selection::add_conversation(std::string_view id) {
  Statement(database_,
            "INSERT OR IGNORE INTO selected_conversations SELECT (SELECT conversation_key FROM "
            "conversations WHERE conversation_id = ?1), ?1")
      .with(id)
      .run();
  add_surveys();
}

void Selection::add_contact(std::string_view id) {
  Statement(database_, fmt::format("{}(SELECT conversation_key FROM participants WHERE "
                                   "external_contact_id = ?)",
                                   kAddKeys))
      .with(id)
      .run();
  add_surveys();
}

void Selection::add_address(std::string_view address, const model::Table& conversations,
                            Privacy& privacy) {
  const bool in_clear = privacy.profile() == Profile::none;
  if (in_clear)
    sqlite3_create_function(database_.getHandle(), "normal_address", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, normal_address_function,
                            nullptr, nullptr);
  const std::string wanted =
      in_clear ? normal_address(address) : std::string(privacy.address(address));
  const auto visit = [&](const auto& self, const model::Table& table) -> void {
    if (const auto tests = holds_address(table, in_clear); !tests.empty()) {
      Statement(database_, fmt::format("{}(SELECT conversation_key FROM {} WHERE {})", kAddKeys,
                                       table.name, tests))
          .with(wanted)
          .run();
    }
    for (const auto& child : table.children) self(self, *child.table);
  };
  visit(visit, conversations);
  add_surveys();
}

void Selection::add_before(Instant floor) {
  Statement(database_, fmt::format("{}(SELECT conversation_key FROM conversations WHERE started_ms "
                                   "< ?)",
                                   kAddKeys))
      .with(base::to_ms(floor))
      .run();
  add_surveys();
  Statement(database_,
            "INSERT OR IGNORE INTO selected_surveys SELECT survey_key, survey_id FROM surveys s "
            "WHERE completed_ms < ? AND NOT EXISTS (SELECT 1 FROM conversations c WHERE "
            "c.conversation_key = s.conversation_key AND c.started_ms IS NOT NULL)")
      .with(base::to_ms(floor))
      .run();
}

void Selection::add_surveys() {
  Statement(database_, fmt::format("INSERT OR IGNORE INTO selected_surveys SELECT survey_key, "
                                   "survey_id FROM surveys WHERE conversation_key IN {}",
                                   kKeys))
      .run();
  // One that a record mentions and no other conversation claims.
  Statement(database_, fmt::format("INSERT OR IGNORE INTO selected_surveys SELECT s.survey_key, "
                                   "s.survey_id FROM conversation_surveys m JOIN surveys s USING "
                                   "(survey_key) WHERE m.conversation_key IN {} AND "
                                   "s.conversation_key IS NULL",
                                   kKeys))
      .run();
}

Extent Selection::extent() {
  Extent found;
  Statement row(database_, fmt::format("SELECT count(*), min(started_ms), max(started_ms) FROM "
                                       "conversations WHERE conversation_key IN {}",
                                       kKeys));
  row.step();
  found.conversations = row.integer(0);
  if (!row.is_null(1)) found.first = base::from_ms(row.integer(1));
  if (!row.is_null(2)) found.last = base::from_ms(row.integer(2));
  Statement surveys(database_, "SELECT count(*) FROM selected_surveys");
  surveys.step();
  found.surveys = surveys.integer(0);
  return found;
}

std::vector<std::string> Selection::texts(std::string_view sql) {
  std::vector<std::string> found;
  Statement rows(database_, sql);
  while (rows.step()) found.emplace_back(rows.text(0));
  return found;
}

std::vector<std::string> Selection::conversations() {
  return texts("SELECT conversation_id FROM selected_conversations");
}

std::vector<std::string> Selection::surveys() {
  return texts("SELECT survey_id FROM selected_surveys");
}

std::vector<std::string> Selection::tables_with(std::string_view column) {
  std::vector<std::string> names;
  Statement rows(
      database_,
      "SELECT t.name FROM main.sqlite_schema t, pragma_table_info(t.name) c WHERE t.type "
      "= 'table' AND t.sql LIKE 'CREATE TABLE%' AND c.name = ?");
  rows.with(column);
  while (rows.step()) names.emplace_back(rows.text(0));
  return names;
}

void Selection::remove() {
  for (const auto& table : tables_with("survey_key"))
    Statement(database_, fmt::format("DELETE FROM {} WHERE survey_key IN (SELECT survey_key FROM "
                                     "selected_surveys)",
                                     table))
        .run();
  for (const auto& table : tables_with("conversation_key"))
    Statement(database_, fmt::format("DELETE FROM {} WHERE conversation_key IN {}", table, kKeys))
        .run();
  for (const std::string& sql :
       {fmt::format("DELETE FROM sync_scopes WHERE scope IN {}", kIds),
        // A key of what was heard begins with the conversation's id.
        fmt::format("DELETE FROM sync_heard WHERE substr(key, 1, instr(key, '/') - 1) IN {}", kIds),
        fmt::format("UPDATE sync_problems SET example = '' WHERE example IN {} OR example IN "
                    "(SELECT survey_id FROM selected_surveys)",
                    kIds)})
    Statement(database_, sql).run();
}

void Selection::unlink(std::int64_t version) {
  for (const auto& link : kLinks) {
    const std::string names = fmt::format(
        "{0} IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(iif(json_valid({0}), {0}, "
        "json_quote({0}))) WHERE json_each.value IN {1})",
        link.column, kIds);
    Statement(database_,
              fmt::format("UPDATE conversations SET version = ? WHERE conversation_key IN "
                          "(SELECT conversation_key FROM {} WHERE {})",
                          link.table, names))
        .with(version)
        .run();
    Statement(database_,
              fmt::format("UPDATE {} SET {} = NULL WHERE {}", link.table, link.column, names))
        .run();
  }
}

}  // namespace csatdb::warehouse
