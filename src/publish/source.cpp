#include "publish/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "publish/binary_copy.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::publish {

using warehouse::Reader;
using warehouse::Value;

std::int64_t integer(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

Past::Past(const Reader& reader, const std::string& publication) {
  const auto results = reader.run(
      "SELECT coalesce((SELECT value FROM sync_meta WHERE key = 'warehouse_id'), ''), "
      "coalesce((SELECT value + 0 FROM sync_meta WHERE key = 'version'), 0), "
      "(SELECT version FROM sync_publications WHERE publication_id = :publication)",
      {{"publication", publication}});
  const auto& row = results.at(0).rows.at(0);
  id = std::get<std::string>(row[0]);
  version = integer(row[1]);
  published = integer(row[2]);
}

std::map<std::string_view, Columns> columns_of(const Reader& reader) {
  constexpr auto kNone = std::numeric_limits<std::int64_t>::max();
  std::map<std::string_view, Columns> out;
  for (const auto& table : tables()) {
    auto& columns = out[table.name];
    for (const auto& column :
         reader.each(std::string(table.sql), since(kNone), [](const auto&) { return false; })) {
      // Of what is computed the warehouse knows no type: the name says it.
      const auto blank = column.name.find(' ');
      columns.names.push_back(column.name.substr(0, blank));
      columns.types.push_back(
          type_of(blank == std::string::npos ? column.type : column.name.substr(blank + 1)));
    }
  }
  return out;
}

namespace {

std::int64_t count(const Reader& reader, const Table& table, std::int64_t version) {
  const auto counted =
      reader.run(fmt::format("SELECT count(*) FROM ({})", table.sql), since(version));
  return integer(counted.at(0).rows.at(0).at(0));
}

/// What tells the rows of a `whole` table from others.
std::string digest_of(const Reader& reader, const Table& table, const Columns& columns) {
  std::string bytes;
  reader.each(table.sql, {}, [&](const std::vector<Value>& row) {
    append_row(bytes, columns.types, row);
    return true;
  });
  const auto hash = warehouse::fingerprint(bytes, 0).content;
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

}  // namespace

std::vector<Due> due(const Reader& reader, const State& state,
                     const std::map<std::string_view, Columns>& columns, bool is_full) {
  // The tables of facts go together, from where the last of them is: rows of one that is new need
  // their peers in the others.
  auto facts = std::numeric_limits<std::int64_t>::max();
  for (const auto& [name, held] : state.tables)
    if (is_fact(table(name))) facts = std::min(facts, is_full ? 0 : held.version);
  std::vector<Due> out;
  for (const auto& each : tables()) {
    const auto held = state.tables.find(each.name);
    if (held == state.tables.end()) continue;
    Due now{&each, 0, 0, ""};
    if (each.kind == Table::Kind::whole) {
      now.digest = digest_of(reader, each, columns.at(each.name));
      if (now.digest == held->second.digest && !is_full) continue;
    } else if (is_fact(each)) {
      now.since = facts;
    } else if (!is_full) {
      now.since = held->second.version;
    }
    now.rows = count(reader, each, now.since);
    out.push_back(std::move(now));
  }
  return out;
}

}  // namespace csatdb::publish
