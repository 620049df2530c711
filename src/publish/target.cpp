#include "publish/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/version.hpp"
#include "publish/functions.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::publish {
namespace {

using base::Error;
using base::Fault;

/// Raised whenever tables or views of the target change, so that an older csatdb leaves a newer
/// target alone.
constexpr std::int64_t kLayout = 1;
constexpr int kLockClass = 0x63736174;  // "csat": keeps our advisory locks apart from others'

std::string text_of(const Connection::Text& value) { return value.value_or(""); }
std::int64_t number_of(const Connection::Text& value) { return std::stoll(value.value_or("0")); }

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < list.size();) {
    const auto end = std::min(list.find(',', at), list.size());
    out.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string hex(const model::Digest& digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

std::string stage_of(std::string_view table) { return fmt::format("stage_{}", table); }

std::string create_statement(const Table& table, const Columns& columns) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < columns.names.size(); ++i)
    parts.push_back(fmt::format("{} {}", columns.names[i], spelled(columns.types[i])));
  if (!table.primary.empty()) parts.push_back(fmt::format("PRIMARY KEY ({})", table.primary));
  return fmt::format("CREATE TABLE {} ({})", table.name, fmt::join(parts, ", "));
}

std::string view_statement(const View& view) {
  return fmt::format("CREATE VIEW {} AS {}", view.name, view.sql);
}

}  // namespace

std::string layout_digest(const std::map<std::string_view, Columns>& columns) {
  std::string all;
  for (const auto& table : tables()) all += create_statement(table, columns.at(table.name));
  for (const auto& view : views()) all += view_statement(view);
  for (const auto& function : functions()) all += function;
  return hex(warehouse::fingerprint(all, kLayout).content);
}

Target::Target(const std::string& target, const std::string& schema)
    : connection_(target), schema_(schema) {
  // Whatever a database or role has as its default: each statement sees what is committed by then.
  connection_.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  connection_.run("SET LOCAL statement_timeout = 0");
  connection_.run("SET LOCAL idle_in_transaction_session_timeout = 0");
  connection_.run(fmt::format("SET LOCAL search_path = {}", connection_.quoted(schema_)));
  load();
}

void Target::lock(base::Millis wait, const base::Clock& clock) {
  const auto give_up = clock.ticks() + wait;
  const auto ask = fmt::format(
      "SELECT 1 WHERE pg_try_advisory_xact_lock({}, hashtext(current_database() || '.' || $1))",
      kLockClass);
  while (!connection_.has(ask, {schema_})) {
    if (base::stop::requested()) throw Error(Fault::interrupted, "interrupted while waiting");
    if (clock.ticks() >= give_up)
      throw Error(Fault::busy,
                  fmt::format("another publish to the schema {} is under way: wait for "
                              "it with --wait-lock 10m",
                              schema_));
    connection_.query("SELECT pg_sleep(0.2)");
  }
  load();
}

void Target::refuse_foreign() {
  std::vector<std::string> names{"publish_state", "publish_tables"};
  for (const auto& table : tables()) {
    names.emplace_back(table.name);
    names.push_back(stage_of(table.name));
  }
  for (const auto& view : views()) names.emplace_back(view.name);
  const auto found = connection_.query(
      "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = $1 AND c.relname = ANY($2::text[]) ORDER BY 1 LIMIT 1",
      {schema_, text_array(names)});
  if (found.empty()) return;
  throw Error(
      Fault::storage,
      fmt::format("the schema {} holds a relation {} that csatdb did not make: name a schema "
                  "of its own with --schema",
                  schema_, text_of(found[0][0])));
}

void Target::load() {
  state_ = {};
  const bool is_ours = connection_.has(
      "SELECT 1 FROM information_schema.columns WHERE table_schema = $1 "
      "AND table_name = 'publish_state' AND column_name IN ('layout', 'publication') "
      "HAVING count(*) = 2",
      {schema_});
  if (!is_ours) return refuse_foreign();
  const auto layout = connection_.query("SELECT layout, csatdb FROM publish_state");
  if (layout.empty())
    throw Error(Fault::storage,
                fmt::format("the target's record of what it holds is empty: drop the "
                            "schema {} and publish again",
                            schema_));
  state_.layout = number_of(layout[0][0]);
  if (state_.layout > kLayout)
    throw Error(Fault::storage,
                fmt::format("the target was written by a newer csatdb ({}): update csatdb",
                            text_of(layout[0][1])));
  const auto rows = connection_.query(
      "SELECT digest, warehouse_id, publication, version, views, is_distributed::int FROM "
      "publish_state");
  const auto& row = rows.at(0);
  state_.digest = text_of(row[0]);
  state_.warehouse_id = text_of(row[1]);
  state_.publication = text_of(row[2]);
  state_.version = number_of(row[3]);
  state_.views = split(text_of(row[4]));
  state_.is_distributed = number_of(row[5]) != 0;
  for (const auto& table :
       connection_.query("SELECT table_name, version, roots, digest FROM publish_tables"))
    state_.tables[text_of(table[0])] = {number_of(table[1]), number_of(table[2]),
                                        text_of(table[3])};
}

void Target::clear() {
  for (const auto& view : state_.views) connection_.run(fmt::format("DROP VIEW {}", view));
  for (const auto& [table, held] : state_.tables) {
    connection_.run(fmt::format("DROP TABLE {}", table));
    connection_.run(fmt::format("DROP TABLE IF EXISTS {}", stage_of(table)));
  }
  connection_.run("DROP TABLE publish_state, publish_tables");
  state_ = {};
}

void Target::shape(const std::vector<std::string>& wanted,
                   const std::map<std::string_view, Columns>& columns, bool distributes) {
  if (distributes && !connection_.has("SELECT 1 FROM pg_extension WHERE extname = 'citus'"))
    throw Error(
        Fault::usage,
        "--distribute needs the extension citus, which the target's database lacks: install "
        "it and run CREATE EXTENSION citus, or publish without --distribute");
  if (distributes && !state_.is_new() && !state_.is_distributed)
    throw Error(
        Fault::usage,
        fmt::format("the schema {} was published without --distribute: name another one with "
                    "--schema, or drop it first",
                    schema_));
  const auto digest = layout_digest(columns);
  const bool is_distributed = distributes || state_.is_distributed;
  if (!state_.is_new() && state_.digest != digest) clear();
  if (state_.is_new()) {
    if (!connection_.has("SELECT 1 FROM pg_namespace WHERE nspname = $1", {schema_}))
      connection_.run(fmt::format("CREATE SCHEMA {}", connection_.quoted(schema_)));
    // Tables made in this transaction are filled over the connections that made them.
    if (is_distributed) connection_.run("SET LOCAL citus.multi_shard_modify_mode = 'sequential'");
    connection_.run(
        "CREATE TABLE publish_state (layout bigint NOT NULL, digest text NOT NULL, warehouse_id "
        "text "
        "NOT NULL, publication text NOT NULL, version bigint NOT NULL, views text NOT NULL, "
        "is_distributed boolean NOT NULL, csatdb text NOT NULL, published_at timestamptz NOT "
        "NULL)");
    make_functions();
    connection_.run(
        "CREATE TABLE publish_tables (table_name text PRIMARY KEY, version bigint NOT NULL, roots "
        "bigint NOT NULL, digest text NOT NULL)");
  }
  state_.layout = kLayout;
  state_.digest = digest;
  state_.is_distributed = is_distributed;
  for (const auto& table : tables())
    if (is_needed(table, wanted) && !state_.tables.contains(table.name))
      create(table, columns.at(table.name));
  for (const auto& view : wanted) {
    if (std::ranges::find(state_.views, view) != state_.views.end()) continue;
    connection_.run(view_statement(*find_view(view)));
    state_.views.push_back(view);
  }
}

void Target::make_functions() {
  const bool has_icu = connection_.has(
      "SELECT 1 FROM pg_collation JOIN pg_database ON datname = current_database() WHERE "
      "collprovider = 'i' AND pg_encoding_to_char(encoding) = 'UTF8' LIMIT 1");
  connection_.run(std::string(has_icu ? folding_collation() : exact_collation()));
  for (const auto& statement : functions()) connection_.run(std::string(statement));
}

void Target::create(const Table& table, const Columns& columns) {
  connection_.run(create_statement(table, columns));
  state_.tables[std::string(table.name)] = {};
  if (!state_.is_distributed) return;
  distribute(std::string(table.name), table);
  connection_.run(
      fmt::format("CREATE UNLOGGED TABLE {} (LIKE {})", stage_of(table.name), table.name));
  distribute(stage_of(table.name), table);
}

void Target::distribute(const std::string& name, const Table& table) {
  if (!is_fact(table)) {
    connection_.query("SELECT create_reference_table($1)", {name});
    return;
  }
  const bool is_first = name == table.name && table.kind == Table::Kind::root;
  connection_.query("SELECT create_distributed_table($1, $2, colocate_with => $3)",
                    {name, std::string(table.key), is_first ? "none" : "interactions"});
}

std::string Target::staging(const Table& table) {
  const auto name = stage_of(table.name);
  if (state_.is_distributed) {
    connection_.run(fmt::format("TRUNCATE {}", name));
  } else {
    connection_.run(fmt::format("CREATE TEMP TABLE {} (LIKE {}) ON COMMIT DROP", name, table.name));
  }
  return name;
}

void Target::commit(const State& state, base::Instant now) {
  connection_.run("DELETE FROM publish_state");
  connection_.run(
      "INSERT INTO publish_state VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {fmt::format("{}", state.layout), state.digest, state.warehouse_id, state.publication,
       fmt::format("{}", state.version), fmt::format("{}", fmt::join(state.views, ",")),
       state.is_distributed ? "true" : "false", std::string(base::version()), base::to_iso(now)});
  for (const auto& [name, held] : state.tables)
    connection_.run(
        "INSERT INTO publish_tables VALUES ($1, $2, $3, $4) ON CONFLICT (table_name) DO UPDATE SET "
        "version = excluded.version, roots = excluded.roots, digest = excluded.digest",
        {name, fmt::format("{}", held.version), fmt::format("{}", held.roots), held.digest});
  connection_.run("COMMIT");
  // Citus refuses it in the transaction that filled them.
  std::vector<std::string> filled;
  for (const auto& [name, held] : state_.tables)
    if (held.version == 0)
      filled.push_back(fmt::format("{}.{}", connection_.quoted(schema_), name));
  if (filled.empty()) return;
  // A tenth of the rows that it would look at by itself: this has to hold for a minute.
  connection_.run("SET default_statistics_target = 10");
  connection_.run(fmt::format("ANALYZE {}", fmt::join(filled, ", ")));
}

}  // namespace csatdb::publish
