#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "model/table.hpp"

namespace SQLite {
class Database;
}

namespace csatdb::warehouse {

/// Whom a snapshot is for.
enum class Audience {
  full,      ///< everything
  managers,  ///< without customers' addresses, names and attributes, notes, subjects, raw bodies
  anyone,    ///< counts and sums alone: public_audience.sql
};

/// The application id of a snapshot for anyone, "CSAP", which is no warehouse.
inline constexpr int kPublicSnapshotId = 0x43534150;

struct SnapshotOrder {
  std::string warehouse;
  std::filesystem::path target;
  Audience audience = Audience::full;
  std::filesystem::perms mode = std::filesystem::perms(0640);
  /// The roots of the model, which say what of theirs is personal.
  std::span<const model::Table* const> tables;
  /// Told the bytes copied, and about how many there are.
  std::function<void(std::int64_t, std::int64_t)> progress;
};

/// Writes a consistent copy for readers while a sync goes on: without a write-ahead log, so that it
/// can be read from a folder, by a user, or on a drive where nothing may be written. It replaces an
/// older snapshot for the same audience in one step; whoever has that open keeps it. No other file
/// is replaced. Throws Fault::usage, Fault::storage, and Fault::interrupted on a signal.
void write_snapshot(const SnapshotOrder& order);

/// Whom a file's snapshot is for, as it says itself; "" for a warehouse.
std::string snapshot_of(SQLite::Database& database);

}  // namespace csatdb::warehouse
