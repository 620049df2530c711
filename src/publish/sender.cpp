#include "publish/sender.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "publish/binary_copy.hpp"
#include "publish/source.hpp"

namespace csatdb::publish {

using base::Error;
using base::Fault;
using warehouse::Value;

namespace {

constexpr std::size_t kPieceBytes = 128 * 1024;  // of a COPY: smaller ones cost calls, not memory
constexpr std::size_t kIdsAtOnce = 10'000;       // in one statement

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
  std::vector<const Table*> facts;
  for (const auto& table : tables()) {
    if (!state_.tables.contains(table.name)) continue;
    if (is_fact(table)) {
      facts.push_back(&table);
    } else if (table.kind == Table::Kind::dimension) {
      send_dimension(table);
    } else {
      send_whole(table);
    }
  }
  if (!facts.empty()) send_facts(facts);
  state_.version = version;
  for (auto& [name, held] : state_.tables) held.version = version;
  return state_;
}

/// COPYs the rows of roots above a version; their number.
std::int64_t Sender::copy(const Table& table, std::int64_t version, const std::string& into) {
  const auto& columns = columns_.at(table.name);
  auto& counts = tally(table);
  const auto of_rows = count(reader_, table, version);
  if (of_rows == 0) return 0;
  db().begin_copy(
      fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", into, fmt::join(columns.names, ", ")));
  std::string piece(copy_header());
  std::int64_t rows = 0;
  const auto flush = [&] {
    if (base::stop::requested())
      throw Error(Fault::interrupted, "interrupted; the target is as it was");
    db().copy(piece);
    counts.bytes += static_cast<std::int64_t>(piece.size());
    piece.clear();
    progress_({table.name, rows, of_rows, counts.bytes});
  };
  reader_.each(table.sql, since(version), [&](const std::vector<Value>& row) {
    append_row(piece, columns.types, row);
    ++rows;
    if (piece.size() >= kPieceBytes) flush();
    return true;
  });
  piece += copy_trailer();
  flush();
  db().end_copy();
  counts.rows += rows;
  return rows;
}

/// Takes the rows of `roots` out of the table and puts those of `stage` in.
void Sender::replace(const Table& table, const std::string& stage, const std::string& roots) {
  const auto removed = db().run(fmt::format("DELETE FROM {0} t USING {1} s WHERE t.{2} = s.{2}",
                                            table.name, roots, table.key));
  const auto names = fmt::format("{}", fmt::join(columns_.at(table.name).names, ", "));
  const auto added =
      db().run(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2}", table.name, names, stage));
  if (table.kind != Table::Kind::owned) held(table).roots += added - removed;
}

void Sender::send_dimension(const Table& table) {
  const auto version = is_full_ ? 0 : held(table).version;
  if (held(table).version == 0 && held(table).roots == 0) {
    held(table).roots = copy(table, version, std::string(table.name));
  } else if (const auto stage = target_.staging(table); copy(table, version, stage) > 0) {
    replace(table, stage, stage);
  }
  remove(table, {&table});
}

void Sender::send_whole(const Table& table) {
  const auto digest = digest_of(reader_, table, columns_.at(table.name));
  if (held(table).digest == digest && !is_full_) return;
  db().run(fmt::format("DELETE FROM {}", table.name));
  copy(table, 0, std::string(table.name));
  held(table).digest = digest;
}

void Sender::send_facts(const std::vector<const Table*>& facts) {
  const auto& root = *facts.front();
  bool is_new = held(root).roots == 0;
  auto version = is_full_ ? 0 : held(root).version;
  for (const auto* table : facts) {
    version =
        std::min(version, held(*table).version);  // one that is new needs the others' rows' peers
    is_new = is_new && held(*table).version == 0;
  }
  if (is_new) {
    for (const auto* table : facts) {
      const auto rows = copy(*table, version, std::string(table->name));
      if (table == &root) held(root).roots = rows;
    }
    return;
  }
  const auto roots = target_.staging(root);
  if (copy(root, version, roots) > 0) {
    for (const auto* table : facts) {
      if (table == &root) continue;
      const auto stage = target_.staging(*table);
      copy(*table, version, stage);
      replace(*table, stage, roots);
    }
    replace(root, roots, roots);
  }
  remove(root, facts);
}

/// The ids of roots that the target has and the warehouse has not. After the merge the target holds
/// every root of the warehouse, so a part of equal size is equal.
std::vector<std::string> Sender::vanished(const Table& root) {
  const auto by = parts(root);
  std::unordered_map<std::int64_t, std::int64_t> surplus;  // part: roots too many in the target
  for (const auto& row :
       db().query(fmt::format("SELECT {}, count(*) FROM {} GROUP BY 1", by.of, root.name)))
    surplus[std::stoll(row[0].value_or("0"))] += std::stoll(row[1].value_or("0"));
  const auto counted = reader_.run(by.count);
  for (const auto& row : counted.at(0).rows) surplus[integer(row[0])] -= integer(row[1]);
  std::erase_if(surplus, [](const auto& part) { return part.second == 0; });
  std::unordered_set<std::string> kept;
  reader_.each(by.ids, {}, [&](const std::vector<Value>& row) {
    if (surplus.contains(integer(row[0]))) kept.insert(std::get<std::string>(row[1]));
    return true;
  });
  std::vector<std::string> gone;
  for (const auto& [part, many] : surplus) {
    if (many < 0)
      throw Error(Fault::storage,
                  fmt::format("rows were removed from the target's table {} by other "
                              "hands: send everything again with --full",
                              root.name));
    for (const auto& row :
         db().query(fmt::format("SELECT {} FROM {} WHERE {} = $1", root.key, root.name, by.of),
                    {fmt::format("{}", part)}))
      if (row[0] && !kept.contains(*row[0])) gone.push_back(*row[0]);
  }
  return gone;
}

/// Takes out what the warehouse no longer holds: erased, or past the retention.
void Sender::remove(const Table& root, const std::vector<const Table*>& with) {
  std::int64_t there = 0;
  const auto counted = reader_.run(parts(root).count);
  for (const auto& row : counted.at(0).rows) there += integer(row[1]);
  if (held(root).roots == there && !is_full_) return;
  const auto gone = vanished(root);
  for (std::size_t at = 0; at < gone.size(); at += kIdsAtOnce) {
    const auto end = std::min(gone.size(), at + kIdsAtOnce);
    const auto ids = text_array({gone.begin() + static_cast<std::ptrdiff_t>(at),
                                 gone.begin() + static_cast<std::ptrdiff_t>(end)});
    for (const auto* table : with)
      tally(*table).removed += db().run(
          fmt::format("DELETE FROM {} WHERE {} = ANY($1::text[])", table->name, table->key), {ids});
  }
  held(root).roots = there;
}

}  // namespace csatdb::publish
