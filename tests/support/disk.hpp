#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace csatdb::support {

/// The disk as SQLite sees it: while this lives, every database opened passes through it. It tells
/// of each call, fails those it is told to, and knows what of every file has reached the platter.
class Disk {
 public:
  enum class Act { open, read, write, sync, truncate, remove, map };
  static constexpr Act kActs[] = {Act::open,     Act::read,   Act::write, Act::sync,
                                  Act::truncate, Act::remove, Act::map};
  static const char* name(Act act);

  struct Call {
    Act act;
    std::string file;  ///< its path; empty for a temporary file
  };
  /// Asked before each call: SQLITE_OK lets it pass, any other result code is what SQLite gets in
  /// its place. Of a write that finds the disk full, the first half is done.
  using Judge = std::function<int(const Call&)>;

  Disk();
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void judge(Judge judge);

  /// Which writes a power cut spares that no sync has made durable.
  enum class Unsynced { none, some, all };
  /// Puts at `to` what a power cut right now would leave of a database and its log or journal.
  /// With `some`, the sectors are drawn by the seed.
  void cut_power(const std::filesystem::path& database, const std::filesystem::path& to,
                 Unsynced spared, std::uint64_t seed) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::support
