#include "support/disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <vector>

namespace csatdb::support {
namespace {

constexpr std::size_t kSector = 512;  // what a disk writes whole or not at all

std::optional<std::string> content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// What was done to a file and not made durable yet.
struct Change {
  enum class What { make, write, truncate, remove } what;
  std::size_t at = 0;  // where it is written, or the length it is cut to
  std::string bytes;
};

using Content = std::optional<std::string>;  // nothing: there is no such file

void write_at(std::string& file, std::size_t at, std::string_view bytes) {
  if (file.size() < at + bytes.size()) file.resize(at + bytes.size());
  std::ranges::copy(bytes, file.begin() + static_cast<std::ptrdiff_t>(at));
}

void apply(Content& file, const Change& change) {
  switch (change.what) {
    case Change::What::make:
      file.emplace();
      break;
    case Change::What::remove:
      file.reset();
      break;
    case Change::What::truncate:
      if (file) file->resize(change.at);
      break;
    case Change::What::write:
      if (file) write_at(*file, change.at, change.bytes);
      break;
  }
}

/// A file as it is on the platter, and what is still under way to it.
struct Platter {
  Content durable;
  std::vector<Change> under_way;

  void sync() {
    for (const auto& change : under_way) apply(durable, change);
    under_way.clear();
  }
  Content after_cut(Disk::Unsynced spared, std::mt19937_64& random) const {
    if (spared == Disk::Unsynced::none) return durable;
    Content file = durable;
    // The folder's journal keeps the order of names and lengths; of the bytes any sector may be
    // there or not.
    const auto known = spared == Disk::Unsynced::all ? under_way.size()
                                                     : std::uniform_int_distribution<std::size_t>(
                                                           0, under_way.size())(random);
    for (std::size_t i = 0; i < under_way.size(); ++i) {
      const auto& change = under_way[i];
      if (spared == Disk::Unsynced::all || (change.what != Change::What::write && i < known)) {
        apply(file, change);
        continue;
      }
      if (change.what != Change::What::write) continue;
      for (std::size_t from = 0; from < change.bytes.size();) {
        const auto to =
            std::min(change.bytes.size(), ((change.at + from) / kSector + 1) * kSector - change.at);
        if (random() % 2 == 0)
          apply(file,
                {Change::What::write, change.at + from, change.bytes.substr(from, to - from)});
        from = to;
      }
    }
    return file;
  }
};

}  // namespace

struct Disk::Impl : sqlite3_vfs {
  Impl() : sqlite3_vfs(*sqlite3_vfs_find(nullptr)), real(sqlite3_vfs_find(nullptr)) {
    pNext = nullptr;
    zName = "csatdb-disk";
    szOsFile += static_cast<int>(sizeof(File));
    xOpen = open;
    xDelete = remove;
    sqlite3_vfs_register(this, 1);
  }
  ~Impl() { sqlite3_vfs_unregister(this); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Of the two that SQLite has room for, ours is the first.
  struct File : sqlite3_file {
    Impl* disk;
    Platter* platter;  // nothing for a temporary file, which no cut spares
    const char* path;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    int ask(Act act) { return disk->ask(act, path); }
  };
  static File& ours(sqlite3_file* file) { return *static_cast<File*>(file); }
  static sqlite3_file* its(sqlite3_file* file) { return ours(file).real(); }

  int ask(Act act, const char* path) const {
    return judge ? judge({act, path != nullptr ? path : ""}) : SQLITE_OK;
  }
  Platter& platter(const std::string& path) {
    const auto [at, is_new] = platters.try_emplace(path);
    if (is_new) at->second.durable = content(path);
    return at->second;
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* got) {
    auto& disk = *static_cast<Impl*>(vfs);
    auto& made = ours(file);
    made.pMethods = nullptr;
    if (const int code = disk.ask(Act::open, path); code != SQLITE_OK) return code;
    const bool is_kept = path != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
    made.disk = &disk;
    made.path = is_kept ? path : nullptr;
    made.platter = is_kept ? &disk.platter(path) : nullptr;
    const bool was_there = is_kept && std::filesystem::exists(path);
    const int code = disk.real->xOpen(disk.real, path, made.real(), flags, got);
    if (code != SQLITE_OK) return code;
    if (is_kept && !was_there) made.platter->under_way.push_back({Change::What::make, 0, {}});
    made.pMethods = methods();
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int is_durable) {
    auto& disk = *static_cast<Impl*>(vfs);
    if (const int code = disk.ask(Act::remove, path); code != SQLITE_OK) return code;
    auto& platter = disk.platter(path);
    const int code = disk.real->xDelete(disk.real, path, is_durable);
    if (code == SQLITE_OK) platter.under_way.push_back({Change::What::remove, 0, {}});
    if (code == SQLITE_OK && is_durable != 0) platter.sync();
    return code;
  }

  static int read(sqlite3_file* file, void* to, int n, sqlite3_int64 at) {
    if (const int code = ours(file).ask(Act::read); code != SQLITE_OK) return code;
    return its(file)->pMethods->xRead(its(file), to, n, at);
  }
  static int write(sqlite3_file* file, const void* from, int n, sqlite3_int64 at) {
    const int answer = ours(file).ask(Act::write);
    if (answer == SQLITE_FULL) n /= 2;
    if (answer != SQLITE_OK && answer != SQLITE_FULL) return answer;
    const int code = its(file)->pMethods->xWrite(its(file), from, n, at);
    if (code == SQLITE_OK && ours(file).platter != nullptr)
      ours(file).platter->under_way.push_back(
          {Change::What::write, static_cast<std::size_t>(at),
           std::string(static_cast<const char*>(from), static_cast<std::size_t>(n))});
    return code == SQLITE_OK ? answer : code;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = ours(file).ask(Act::truncate); code != SQLITE_OK) return code;
    const int code = its(file)->pMethods->xTruncate(its(file), size);
    if (code == SQLITE_OK && ours(file).platter != nullptr)
      ours(file).platter->under_way.push_back(
          {Change::What::truncate, static_cast<std::size_t>(size), {}});
    return code;
  }
  /// The real one would only take its time.
  static int sync(sqlite3_file* file, int) {
    const int code = ours(file).ask(Act::sync);
    if (code == SQLITE_OK && ours(file).platter != nullptr) ours(file).platter->sync();
    return code;
  }
  static int map(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
    if (const int code = ours(file).ask(Act::map); code != SQLITE_OK) return code;
    return its(file)->pMethods->xShmMap(its(file), page, size, extend, to);
  }

  /// Version 2: no memory-mapped reads, which would pass by.
  static const sqlite3_io_methods* methods() {
    using F = sqlite3_file*;
    static const sqlite3_io_methods all{
        2,
        [](F f) { return its(f)->pMethods->xClose(its(f)); },
        read,
        write,
        truncate,
        sync,
        [](F f, sqlite3_int64* size) { return its(f)->pMethods->xFileSize(its(f), size); },
        [](F f, int level) { return its(f)->pMethods->xLock(its(f), level); },
        [](F f, int level) { return its(f)->pMethods->xUnlock(its(f), level); },
        [](F f, int* held) { return its(f)->pMethods->xCheckReservedLock(its(f), held); },
        [](F f, int what, void* with) {
          return its(f)->pMethods->xFileControl(its(f), what, with);
        },
        [](F f) { return its(f)->pMethods->xSectorSize(its(f)); },
        [](F f) { return its(f)->pMethods->xDeviceCharacteristics(its(f)); },
        map,
        [](F f, int at, int n, int flags) {
          return its(f)->pMethods->xShmLock(its(f), at, n, flags);
        },
        [](F f) { its(f)->pMethods->xShmBarrier(its(f)); },
        [](F f, int is_removed) { return its(f)->pMethods->xShmUnmap(its(f), is_removed); },
        nullptr,
        nullptr};
    return &all;
  }

  sqlite3_vfs* real;
  Judge judge;
  std::map<std::string, Platter> platters;
};

const char* Disk::name(Act act) {
  static constexpr const char* kNames[] = {"open",     "read",   "write", "sync",
                                           "truncate", "remove", "map"};
  return kNames[static_cast<int>(act)];
}

Disk::Disk() : impl_(std::make_unique<Impl>()) {}
Disk::~Disk() = default;
void Disk::judge(Judge judge) { impl_->judge = std::move(judge); }

void Disk::cut_power(const std::filesystem::path& database, const std::filesystem::path& to,
                     Unsynced spared, std::uint64_t seed) const {
  std::mt19937_64 random(seed);
  for (const char* suffix : {"", "-wal", "-journal"}) {
    std::filesystem::remove(to.string() + suffix);
    const auto known = impl_->platters.find(database.string() + suffix);
    const auto left = known != impl_->platters.end() ? known->second.after_cut(spared, random)
                                                     : content(database.string() + suffix);
    if (left) std::ofstream(to.string() + suffix, std::ios::binary) << *left;
  }
  std::filesystem::remove(to.string() + "-shm");
}

}  // namespace csatdb::support
