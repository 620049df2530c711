#include "publish/sender.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "publish/binary_copy.hpp"
#include "publish/removals.hpp"

namespace csatdb::publish {

using base::Error;
using base::Fault;
using warehouse::Value;

namespace {

constexpr std::size_t kPieceBytes = 128 * 1024;  // of a COPY: smaller ones cost calls, not memory
constexpr auto kAll = std::numeric_limits<std::int64_t>::max();  // every version is below

}  // namespace

Sent& Sender::tally(const Table& table) {
  const auto at = std::ranges::find(sent_, table.name, &Sent::table);
  return at != sent_.end() ? *at : sent_.emplace_back(Sent{std::string(table.name)});
}

std::vector<Sent> Sender::sent() const {
  std::vector<Sent> out;
  for (const auto& what : sent_)
    if (what.rows + what.removed > 0) out.push_back(what);
  return out;
}

State Sender::send(State before, std::int64_t version) {
  state_ = std::move(before);
  tell("counting");
  const auto all = due(reader_, state_, columns_, is_full_);
  for (const auto& each : all) of_rows_ += each.rows;
  std::vector<Due> facts;
  for (const auto& each : all) {
    if (is_fact(*each.table)) {
      facts.push_back(each);
    } else if (each.table->kind == Table::Kind::dimension) {
      send_dimension(each);
    } else {
      send_whole(each);
    }
  }
  if (!facts.empty()) send_facts(facts);
  state_.version = version;
  for (auto& [name, held] : state_.tables) held.version = version;
  return state_;
}

void Sender::tell(std::string_view doing, bool is_merging) {
  if (base::stop::requested())
    throw Error(Fault::interrupted, "interrupted; the target is as it was");
  progress_({doing, is_merging, rows_, of_rows_, bytes_});
}

/// COPYs what is due; the number of rows.
std::int64_t Sender::copy(const Due& what, const std::string& into) {
  const auto& table = *what.table;
  if (what.rows == 0) return 0;
  const auto& columns = columns_.at(table.name);
  auto& counts = tally(table);
  db().begin_copy(
      fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", into, fmt::join(columns.names, ", ")));
  std::string piece(copy_header());
  std::int64_t rows = 0;
  const auto flush = [&] {
    db().copy(piece);
    counts.bytes += static_cast<std::int64_t>(piece.size());
    bytes_ += static_cast<std::int64_t>(piece.size());
    piece.clear();
    tell(table.name);
  };
  reader_.each(table.sql, since(what.since), [&](const std::vector<Value>& row) {
    append_row(piece, columns.types, row);
    ++rows;
    ++rows_;
    if (piece.size() >= kPieceBytes) flush();
    return true;
  });
  piece += copy_trailer();
  flush();
  db().end_copy();
  counts.rows += rows;
  return rows;
}

/// Takes the rows of `roots` out of the table and puts those of `stage` in. On a cluster all three
/// lie together by the column they are joined on, or everywhere: Citus hands both statements to the
/// shards as they are (docs.citusdata.com: "INSERT ... SELECT" of co-located tables; DELETE ...
/// USING as in its own tests, multi_modifications.sql).
void Sender::replace(const Table& table, const std::string& stage, const std::string& roots) {
  tell(table.name, true);
  const auto removed = db().run(fmt::format("DELETE FROM {0} t USING {1} s WHERE t.{2} = s.{2}",
                                            table.name, roots, table.key));
  const auto names = fmt::format("{}", fmt::join(columns_.at(table.name).names, ", "));
  const auto added =
      db().run(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2}", table.name, names, stage));
  if (table.kind != Table::Kind::owned) held(table).roots += added - removed;
}

void Sender::send_dimension(const Due& what) {
  const auto& table = *what.table;
  if (held(table).version == 0 && held(table).roots == 0) {
    held(table).roots = copy(what, std::string(table.name));
  } else if (what.rows > 0) {
    const auto stage = target_.staging(table);
    copy(what, stage);
    replace(table, stage, stage);
  }
  remove(table, {what});
}

void Sender::send_whole(const Due& what) {
  db().run(fmt::format("DELETE FROM {}", what.table->name));
  copy(what, std::string(what.table->name));
  held(*what.table).digest = what.digest;
}

void Sender::send_facts(const std::vector<Due>& facts) {
  const auto& root = facts.front();
  const bool is_new =
      held(*root.table).roots == 0 &&
      std::ranges::all_of(facts, [&](const Due& each) { return held(*each.table).version == 0; });
  if (is_new) {
    for (const auto& each : facts) copy(each, std::string(each.table->name));
    held(*root.table).roots = root.rows;
    return;
  }
  if (root.rows > 0) {
    const auto roots = target_.staging(*root.table);
    copy(root, roots);
    for (const auto& each : facts) {
      if (each.table == root.table) continue;
      const auto stage = target_.staging(*each.table);
      copy(each, stage);
      replace(*each.table, stage, roots);
    }
    replace(*root.table, roots, roots);
  }
  remove(*root.table, facts);
}

/// Takes out what the warehouse no longer holds: erased, or past the retention.
void Sender::remove(const Table& root, const std::vector<Due>& with) {
  std::int64_t there = 0;
  const auto counted = reader_.run(parts(root).count, since(kAll));
  for (const auto& row : counted.at(0).rows) there += integer(row[1]);
  if (held(root).roots == there && !is_full_) return;
  tell(root.name, true);
  in_arrays(vanished(db(), reader_, root, kAll), [&](const std::string& ids) {
    for (const auto& each : with)
      tally(*each.table).removed +=
          db().run(fmt::format("DELETE FROM {} WHERE {} = ANY($1::text[])", each.table->name,
                               each.table->key),
                   {ids});
  });
  held(root).roots = there;
}

}  // namespace csatdb::publish
