#include "warehouse/examine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "warehouse/lock.hpp"
#include "warehouse/migrations.hpp"
#include "warehouse/snapshot.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::Fault;

constexpr int kBusyMs = 10'000;  // a writer blocks readers only while it recovers the file

constexpr int kHeaderBytes = 100;

/// The first bytes of a file, as SQLite's file format describes them. Read through SQLite: to open
/// and close the file beside it would give up the locks this process holds.
class Header {
 public:
  explicit Header(SQLite::Database& database) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    const int code = file->pMethods->xRead(file, bytes_.data(), kHeaderBytes, 0);
    // A file that is shorter is filled up with zeros.
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
      throw storage_error(code, sqlite3_errstr(code));
  }
  bool is_empty() const { return bytes_ == decltype(bytes_){}; }
  bool is_database() const {
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    return std::string_view(bytes_.data(), kMagic.size()) == kMagic;
  }
  /// As of the last checkpoint.
  int application() const {
    std::uint32_t id = 0;
    for (std::size_t i = 68; i < 72; ++i) id = id << 8 | static_cast<unsigned char>(bytes_[i]);
    return static_cast<int>(id);
  }
  /// Whether it is written through a write-ahead log.
  bool has_log() const { return bytes_[18] == 2; }

 private:
  std::array<char, kHeaderBytes> bytes_{};
};

/// Whether the file is protected against writing, also where root could write it.
bool is_read_only(const std::string& path) {
  std::error_code none;
  const auto mode = fs::status(path, none).permissions();
  return (mode & fs::perms::owner_write) == fs::perms::none || access(path.c_str(), W_OK) != 0;
}

bool is_ours(int application) {
  return application == kApplicationId || application == kPublicSnapshotId;
}

void refuse_on_network(const std::string& path) {
  if (on_network(path))
    throw Error(
        Fault::storage,
        "the warehouse is on a network drive, where SQLite's write-ahead log does not work: keep "
        "it on a local disk and give readers a snapshot (csatdb export --snapshot)");
}

SQLite::Database opened(const std::string& path, int mode) {
  std::error_code none;
  if (!fs::is_regular_file(path, none))
    throw Error(Fault::storage, "the warehouse is a folder or a device: name a file with --db");
  return translated([&] { return SQLite::Database(path, mode | SQLite::OPEN_NOMUTEX, kBusyMs); });
}

/// Whether an earlier program left commits that are not folded into the file yet.
bool has_commits_apart(const std::string& path) {
  std::error_code none;
  // The log lies beside the file itself, whatever links lead to it.
  const auto bytes = fs::file_size(fs::weakly_canonical(path, none).string() + "-wal", none);
  return !none && bytes > 0;
}

}  // namespace

SQLite::Database open_to_read(const std::string& path) {
  // To read, SQLite makes a log and its index where there are none, and takes them away only when a
  // connection that could write is the last to go; `query_only` keeps this one from writing. A log
  // with commits is left as it is: folding it in is for who writes.
  auto database =
      opened(path, has_commits_apart(path) ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE);
  // Nothing is made beside the file before the first statement.
  const Header header(database);
  if (!header.is_empty()) {
    if (!header.is_database()) throw storage_error(SQLITE_NOTADB, sqlite3_errstr(SQLITE_NOTADB));
    if (header.application() != 0 && !is_ours(header.application())) throw foreign();
    if (header.has_log()) refuse_on_network(path);
  }
  Statement(database, "PRAGMA query_only = ON").run();
  return database;
}

void examine(const std::string& path) {
  refuse_on_network(path);
  std::error_code none;
  if (!fs::exists(path, none)) return;
  auto database = open_to_read(path);
  if (is_read_only(path)) throw storage_error(SQLITE_READONLY, "the file is read-only");
  if (applied(database, migrations()) == 0) return;
  const auto audience = snapshot_of(database);
  if (!audience.empty() && audience != "full")
    throw Error(Fault::storage, fmt::format("the file is a snapshot for {}, with columns left out: "
                                            "use the warehouse that it was made of",
                                            audience));
}

bool claims_to_be_ours(const std::string& path) {
  auto database = opened(path, SQLite::OPEN_READONLY);
  const Header header(database);
  return header.is_database() && is_ours(header.application());
}

}  // namespace csatdb::warehouse
