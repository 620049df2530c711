#include "warehouse/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace csatdb::warehouse {
namespace {

using base::Instant;
using model::Batch;
using model::Cell;
using model::Column;
using model::Digest;
using model::Root;
using model::Row;
using model::Table;

// Roots by the million: their keys are looked up, not kept.
bool is_large(const Table& table) {
  return table.name == "conversations" || table.name == "surveys";
}

std::string insert_owned(const Table& root, const Table& table, std::size_t rows) {
  std::string names(root.key);
  std::string places = "?";
  for (const auto& ordinal : table.ordinals) {
    names += fmt::format(", {}", ordinal);
    places += ", ?";
  }
  for (const auto& column : table.columns) {
    names += fmt::format(", {}", column.name);
    places += ", ?";
  }
  std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, names, places);
  for (std::size_t i = 1; i < rows; ++i) sql += fmt::format(", ({})", places);
  return sql;
}

std::string update_root(const Table& table) {
  std::string sets;
  for (const auto& column : table.columns) sets += fmt::format("{} = ?, ", column.name);
  return fmt::format(
      "UPDATE {} SET {}payload_hash = ?, is_inferred = ?, version = ?, gone_ms = NULL WHERE {} = ?",
      table.name, sets, table.key);
}

std::string insert_root(const Table& table) {
  std::string names;
  std::string places;
  for (const auto& column : table.columns) {
    names += fmt::format("{}, ", column.name);
    places += "?, ";
  }
  return fmt::format(
      "INSERT INTO {} ({}payload_hash, is_inferred, version, {}) VALUES ({}?, ?, ?, ?)", table.name,
      names, table.id, places);
}

/// `payload_hash`: the digest, the instant the payload is true to, and the digest of the
/// participant attributes if any came.
std::string bytes_of(const Digest& content, Instant as_of, const Digest& attributes) {
  std::string bytes(reinterpret_cast<const char*>(&content), sizeof content);
  const std::int64_t ms = base::to_ms(as_of);
  bytes.append(reinterpret_cast<const char*>(&ms), sizeof ms);
  if (attributes != Digest{})
    bytes.append(reinterpret_cast<const char*>(&attributes), sizeof attributes);
  return bytes;
}

void read_identity(std::string_view bytes, Writer::Known& known) {
  std::int64_t ms = 0;
  if (bytes.size() < sizeof known.digest + sizeof ms) return;
  std::memcpy(&known.digest, bytes.data(), sizeof known.digest);
  std::memcpy(&ms, bytes.data() + sizeof known.digest, sizeof ms);
  known.as_of = base::from_ms(ms);
  bytes.remove_prefix(sizeof known.digest + sizeof ms);
  if (bytes.size() == sizeof known.attributes)
    std::memcpy(&known.attributes, bytes.data(), sizeof known.attributes);
}

/// Whether what is delivered is stored already, or is older than what is stored: a job's lake is
/// hours behind what was read since.
bool is_no_news(const Writer::Known& before, const Batch& batch, const Root& root) {
  if (!before.has_payload) return false;
  if (root.is_embedded) return true;
  if (before.is_inferred) return false;
  if (before.digest == root.digest && !before.gone)
    return !root.has_attributes || before.attributes == root.attributes;
  return batch.is_delayed && batch.as_of &&
         *batch.as_of < std::max(before.as_of, before.gone.value_or(Instant{}));
}

void collect(const Table& table, std::vector<const Table*>& out) {
  for (const auto& child : table.children) {
    out.push_back(child.table);
    collect(*child.table, out);
  }
}

/// Rows to a statement: what a statement costs beside its rows is shared among many.
constexpr std::array<std::size_t, 3> kRowsAtOnce{16, 4, 1};

}  // namespace

Writer::Writer(SQLite::Database& database, Privacy& privacy)
    : database_(database), privacy_(privacy) {}

Writer::Prepared& Writer::root_of(const Table& table) {
  auto& slot = roots_[&table];
  if (!slot) {
    slot = std::make_unique<Prepared>(Prepared{
        {database_, fmt::format("SELECT {}, is_inferred, gone_ms, payload_hash FROM {} "
                                "WHERE {} = ?",
                                table.key, table.name, table.id)},
        {database_, fmt::format("INSERT INTO {} ({}, is_inferred, version) VALUES (?, 1, ?)",
                                table.name, table.id)},
        {database_, insert_root(table)},
        {database_, update_root(table)},
        !is_large(table),
        {},
        {}});
    std::vector<const Table*> tables;
    collect(table, tables);
    for (const Table* owned : tables)
      slot->owned.push_back(
          {owned,
           {database_, fmt::format("DELETE FROM {} WHERE {} = ?", owned->name, table.key)},
           {},
           {}});
  }
  return *slot;
}

std::optional<Writer::Known> Writer::known(const Table& table, std::string_view id) {
  auto& find = root_of(table).find.with(id);
  if (!find.step()) return std::nullopt;
  Known known;
  known.key = find.integer(0);
  known.is_inferred = find.integer(1) != 0;
  if (!find.is_null(2)) known.gone = base::from_ms(find.integer(2));
  known.has_payload = !find.is_null(3);
  read_identity(find.blob(3), known);
  find.reset();
  return known;
}

std::int64_t Writer::key_of(const Table& table, std::string_view id, std::int64_t version) {
  auto& prepared = root_of(table);
  if (prepared.is_cached) {
    if (const auto found = prepared.keys.find(id); found != prepared.keys.end())
      return found->second;
  }
  std::int64_t key = 0;
  if (const auto row = known(table, id)) {
    key = row->key;
  } else {
    prepared.infer.with(id, version).run();
    key = database_.getLastInsertRowid();
  }
  if (prepared.is_cached) prepared.keys.emplace(id, key);
  return key;
}

void Writer::forget_keys() {
  for (auto& [table, prepared] : roots_) prepared->keys.clear();
}

void Writer::bind_cells(Statement& statement, const Batch& batch, const Row& row, int first_column,
                        std::int64_t version) {
  for (const Cell& cell : batch.cells(row)) {
    const Column& column = row.table->columns[cell.column];
    const int place = first_column + cell.column;
    switch (cell.kind) {
      case Cell::Kind::null:
        break;
      case Cell::Kind::integer:
        statement.bind(place, cell.integer);
        break;
      case Cell::Kind::real:
        statement.bind_real(place, cell.real);
        break;
      case Cell::Kind::text:
        if (column.refers != nullptr) {
          statement.bind(place, key_of(*column.refers, cell.text(), version));
        } else if (column.personal == model::Personal::none) {
          statement.bind(place, cell.text());
        } else if (const auto kept = privacy_.kept(batch, row, column, cell.text())) {
          statement.bind(place, *kept);
        }
        break;
    }
  }
}

Writer::Written Writer::write(const Batch& batch, const Root& root, std::int64_t version) {
  const Table& table = *root.table;
  auto& prepared = root_of(table);
  privacy_.make_room();
  const auto before = known(table, root.id);
  if (before && is_no_news(*before, batch, root)) return {before->key, false, false};

  const auto rows = batch.rows(root);
  // Kept attributes may belong to participants that are numbered anew: the next job decides.
  const std::string hash = bytes_of(root.digest, batch.as_of.value_or(Instant{}), root.attributes);
  Statement& own = before ? prepared.update : prepared.insert;
  own.reset();
  own.clear();
  bind_cells(own, batch, rows.front(), 1, version);
  int place = static_cast<int>(table.columns.size()) + 1;
  own.bind_blob(place++, hash);
  own.bind(place++, std::int64_t{root.is_embedded});
  own.bind(place++, version);
  if (before) {
    own.bind(place, before->key);
  } else {
    own.bind(place, root.id);
  }
  own.run();
  const std::int64_t key = before ? before->key : database_.getLastInsertRowid();

  for (Owned& owned : prepared.owned) {
    owned.rows.clear();
    if (!before || !before->has_payload) continue;
    // Only a source that can carry participant attributes may replace them.
    if (owned.table->name == "participant_attributes" && !root.has_attributes) continue;
    owned.erase.with(key).run();
  }
  for (const Row& row : rows.subspan(1)) {
    std::ranges::find(prepared.owned, row.table, &Owned::table)->rows.push_back(&row);
  }
  for (Owned& owned : prepared.owned) insert(table, owned, key, batch, version);
  return {key, true, !before};
}

void Writer::insert(const Table& root, Owned& owned, std::int64_t key, const Batch& batch,
                    std::int64_t version) {
  const Table& table = *owned.table;
  std::span<const Row* const> left(owned.rows);
  for (std::size_t i = 0; i < kRowsAtOnce.size(); ++i) {
    const std::size_t many = kRowsAtOnce[i];
    for (; left.size() >= many; left = left.subspan(many)) {
      auto& statement = owned.inserts[i];
      if (!statement) statement.emplace(database_, insert_owned(root, table, many));
      statement->clear();
      int place = 0;
      for (const Row* row : left.first(many)) {
        statement->bind(++place, key);
        for (std::size_t n = 0; n < table.ordinals.size(); ++n)
          statement->bind(++place, std::int64_t{row->ordinals[n]});
        bind_cells(*statement, batch, *row, place + 1, version);
        place += static_cast<int>(table.columns.size());
      }
      statement->run();
    }
  }
}

}  // namespace csatdb::warehouse
