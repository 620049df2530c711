#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <map>

#include "faults/story.hpp"
#include "support/batches.hpp"
#include "support/child.hpp"
#include "support/desk.hpp"
#include "support/network_drive.hpp"
#include "support/small_warehouse.hpp"

using namespace csatdb;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;
constexpr std::size_t kPage = 8192;

using Database = SQLite::Database;
const int kWrite = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;

/// A machine whose csat.db is something else than a warehouse in order.
struct Machine : support::Desk {
  Machine() : Desk(organisation(1, 10)) { tests::deliver(file, tests::deliveries()); }

  /// The file and what SQLite keeps beside it, but for the index of a log, by name: their bytes and
  /// modes.
  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      struct stat info {};
      REQUIRE(stat(entry.path().c_str(), &info) == 0);
      const auto name = entry.path().filename().string();
      if (!name.ends_with("-shm"))
        all[name] = fmt::format("{:o} {}", info.st_mode, tests::file_text(entry.path().string()));
    }
    return all;
  }
  void replace(const std::string& bytes) const { folder.write("csat.db", bytes); }
  std::string bytes_of_file() const { return tests::file_text(file); }
  void alter(const std::string& sql) const { Database(file, kWrite).exec(sql); }
  /// Alters the file as a program does that is killed: its commits stay in the log.
  void alter_and_die(const std::string& sql) const {
    const auto other = (folder / "living.db").string();
    fs::rename(file, other);
    {
      Database living(other, kWrite);
      living.exec("PRAGMA journal_mode = WAL;" + sql);
      faults::copy_warehouse(other, file);
    }
    fs::remove(other);
  }
  void remove_all() const {
    for (const char* name : {"csat.db", "csat.db.lock"}) fs::remove(folder / name);
  }

  const std::string file = (folder / "csat.db").string();
};

struct Case {
  const char* what;
  std::function<void(Machine&)> prepare;
  const char* remedy;
  bool is_readable = false;  ///< what only reads may read it
};

constexpr auto kRestore = "restore a backup or a snapshot, or sync into a new file";
constexpr auto kNewFile = "name a new file with --db";
constexpr auto kForeign =
    "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT);"
    "INSERT INTO moz_places (url) VALUES ('https://example.org/');";
constexpr auto kNewer = "INSERT INTO sync_migrations VALUES (99, '0099_future', 'x', 0)";

const Case kCases[] = {
    {"a text file", [](Machine& m) { m.replace("date;score\n2025-05-01;5\n"); }, kRestore},
    {"a beginning overwritten",
     [](Machine& m) {
       auto bytes = m.bytes_of_file();
       bytes.replace(0, 512, std::string(512, '\0').replace(0, 4, "\x1f\x8b\x08\x08", 4));
       m.replace(bytes);
     },
     kRestore},
    {"a file cut in half",
     [](Machine& m) { m.replace(m.bytes_of_file().substr(0, m.bytes_of_file().size() / 2)); },
     kRestore},
    {"a file cut within its first page",
     [](Machine& m) { m.replace(m.bytes_of_file().substr(0, kPage / 2)); }, kRestore},
    {"a damaged first page",
     [](Machine& m) {
       auto bytes = m.bytes_of_file();
       bytes.replace(100, 900, std::string(900, '\x5a'));
       m.replace(bytes);
     },
     kRestore},
    {"a folder",
     [](Machine& m) {
       m.remove_all();
       fs::create_directory(m.file);
     },
     "name a file with --db"},
    {"another program's database",
     [](Machine& m) {
       m.remove_all();
       m.alter(std::string("PRAGMA application_id = 42;") + kForeign);
     },
     kNewFile},
    {"another program's database without an application id",
     [](Machine& m) {
       m.remove_all();
       m.alter(kForeign);
     },
     kNewFile},
    {"another program's database with a log",
     [](Machine& m) {
       m.remove_all();
       m.alter("CREATE TABLE t (x)");
       m.alter_and_die(kForeign);
     },
     kNewFile},
    {"another program's database with a log, by a link",
     [](Machine& m) {
       m.remove_all();
       m.alter("CREATE TABLE t (x)");
       m.alter_and_die(kForeign);
       fs::rename(m.file, m.folder / "places.db");
       fs::rename(m.file + "-wal", m.folder / "places.db-wal");
       fs::create_symlink("places.db", m.file);
     },
     kNewFile},
    {"a newer csatdb's", [](Machine& m) { m.alter(kNewer); }, "update csatdb"},
    {"a newer csatdb's with a log", [](Machine& m) { m.alter_and_die(kNewer); }, "update csatdb"},
    {"another schema step than the one known",
     [](Machine& m) { m.alter("UPDATE sync_migrations SET sha256 = 'edited' WHERE version = 1"); },
     "use the csatdb that wrote it"},
    {"a schema step left out",
     [](Machine& m) { m.alter("DELETE FROM sync_migrations WHERE version = 1"); }, kRestore},
    {"a schema step before the first",
     [](Machine& m) { m.alter("INSERT INTO sync_migrations VALUES (0, '0000', 'x', 0)"); },
     kRestore},
    {"a record of schema steps removed", [](Machine& m) { m.alter("DROP TABLE sync_migrations"); },
     "csatdb doctor"},
    {"a read-only file", [](Machine& m) { chmod(m.file.c_str(), 0400); }, "check the permissions",
     true},
    {"a snapshot for managers",
     [](Machine& m) {
       m.run_well({"export", "--snapshot", "m.db", "--audience", "managers"});
       m.remove_all();
       fs::rename(m.folder / "m.db", m.file);
     },
     "use the warehouse that it was made of", true},
    {"a snapshot for the public",
     [](Machine& m) {
       m.run_well({"export", "--snapshot", "p.db", "--audience", "public"});
       m.remove_all();
       fs::rename(m.folder / "p.db", m.file);
     },
     "read it with sqlite3 or a BI tool"},
};

const std::vector<std::vector<std::string>> kWriting{
    {"sync"},
    {"extract", "7a4e1c0e-0000-4000-8000-000000000001"},
    {"forget", "--conversation", "c1", "--yes"},
    {"prune", "--older-than", "1d", "--yes"},
    {"config", "timezone", "Europe/Berlin"}};
const std::vector<std::vector<std::string>> kReading{
    {"status"}, {"report", "csat-trend"}, {"search", "word"}, {"export", "--logical"}};

void refuses(Machine& machine, const std::vector<std::string>& words, const char* remedy) {
  CAPTURE(words[0]);
  const auto before = machine.content();
  const auto result = machine.run(words);
  CAPTURE(result.err);
  CHECK(result.code == 6);
  CHECK(result.err.find(remedy) != std::string::npos);
  CHECK(result.out.empty());
  const bool is_untouched = machine.content() == before;
  CHECK(is_untouched);
}

/// A command line of an ordinary user, who owns the folder: what root may do says nothing.
support::Shell::Result run_as_user(Machine& machine, const std::vector<std::string>& words) {
  const bool is_root = geteuid() == 0;
  if (is_root) {
    for (const auto& folder : {machine.folder.path(), machine.home.path()}) {
      REQUIRE(lchown(folder.c_str(), kNobody, kNobody) == 0);
      for (const auto& entry : fs::recursive_directory_iterator(folder))
        REQUIRE(lchown(entry.path().c_str(), kNobody, kNobody) == 0);
    }
  }
  return support::run_in_child(machine, words, [is_root] {
    return !is_root || (setgroups(0, nullptr) == 0 && setgid(kNobody) == 0 && setuid(kNobody) == 0);
  });
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("a file that is no warehouse in order is refused untouched, with the remedy") {
    for (const auto& one : kCases) {
      CAPTURE(std::string(one.what));
      Machine machine;
      machine.run_well({"config", "timezone", "UTC"});
      one.prepare(machine);
      fs::remove(machine.folder / "csat.db.lock");
      for (const auto& words : kWriting) refuses(machine, words, one.remedy);
      for (const auto& words : kReading) {
        if (!one.is_readable) refuses(machine, words, one.remedy);
      }
      if (one.is_readable) {
        CHECK(machine.run({"export", "--logical"}).code == 0);
      } else {
        const auto before = machine.content();
        const auto doctor = machine.run({"doctor"});
        CHECK(doctor.code == 6);
        CHECK(doctor.out.find(one.remedy) != std::string::npos);
        CHECK(machine.run({"status", "--check"}).code == 2);
        const bool is_untouched = machine.content() == before;
        CHECK(is_untouched);
      }
      if (faults::is_thorough()) fmt::print("{}: refused untouched\n", one.what);
    }
  }

  TEST_CASE("a warehouse on a network drive is refused untouched; a snapshot there is read") {
    Machine machine;
    machine.run_well({"export", "--snapshot", "bi.db"});
    fs::remove(machine.folder / "csat.db.lock");
    const auto local = machine.home / "link.db";
    fs::create_symlink(machine.file, local);
    for (const long type : {0x6969L, 0xFF534D42L, 0xFE534D42L, 0x517BL, 0x564CL, 0x5346414FL,
                            0x6B414653L, 0x73757245L, 0x00C36400L, 0x01021997L, 0x0BD00BD0L,
                            0x47504653L, 0x19830326L, 0x7461636FL, 0x01161970L, 0x786F4256L}) {
      CAPTURE(type);
      const support::NetworkDrive drive(machine.folder.path(), type);
      for (const auto& words : {kWriting[0], kWriting[2], kReading[0], kReading[1]}) {
        refuses(machine, words, "keep it on a local disk and give readers a snapshot");
        auto by_link = words;
        by_link.insert(by_link.begin(), {"--db", local.string()});
        CHECK(machine.run(by_link).code == 6);
      }
      CHECK(machine.run({"--db", "new.db", "sync"}).code == 6);
      CHECK_FALSE(fs::exists(machine.folder / "new.db"));
      CHECK(machine.run({"--db", "bi.db", "status"}).code == 0);
      CHECK(machine.run({"--db", "bi.db", "sync"}).code == 6);
    }
    CHECK_FALSE(fs::exists(local.string() + ".lock"));
    CHECK(machine.run({"status"}).code == 0);
  }

  TEST_CASE("a folder that may not be written, or a file of another user, is named as such") {
    Machine machine;
    machine.run_well({"export", "--snapshot", "bi.db"});
    CHECK(run_as_user(machine, {"status"}).code == 0);
    const auto before = machine.content();
    chmod(machine.folder.path().c_str(), 0500);
    for (const auto& words : {kWriting[0], kWriting[2], kReading[0]}) {
      const auto result = run_as_user(machine, words);
      CAPTURE(result.err);
      CHECK(result.code == 6);
      CHECK(result.err.find("permissions") != std::string::npos);
    }
    CHECK(run_as_user(machine, {"--db", "bi.db", "status"}).code == 0);
    CHECK(run_as_user(machine, {"--db", "no/such/folder.db", "sync"}).code == 6);
    chmod(machine.folder.path().c_str(), 0700);
    CHECK(machine.content() == before);
  }

  TEST_CASE("two names of one warehouse have one lock") {
    Machine machine;
    fs::create_symlink("csat.db", machine.folder / "link.db");
    const auto writer = warehouse::Warehouse({machine.file});
    const auto result = machine.run({"--db", "link.db", "sync"});
    CHECK(result.code == 8);
    CHECK_FALSE(fs::exists(machine.folder / "link.db.lock"));
  }

  TEST_CASE("a damaged page is found by what reads it, and nothing of it is believed") {
    Machine machine;
    std::int64_t root = 0;
    {
      Database database(machine.file, kWrite);
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      root = database.execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'sync_scopes'")
                 .getInt64();
    }
    auto bytes = machine.bytes_of_file();
    bytes.replace(static_cast<std::size_t>(root - 1) * kPage, kPage, std::string(kPage, '\x5a'));
    machine.replace(bytes);
    for (const auto& words : {kReading[0], kReading[1]}) refuses(machine, words, kRestore);
    for (const auto& words : {kWriting[0], kWriting[3]}) {
      const auto result = machine.run(words);
      CAPTURE(result.err);
      CHECK(result.code == 6);
      CHECK(result.err.find(kRestore) != std::string::npos);
    }
    CHECK(machine.run({"export", "--snapshot", "bi.db"}).code == 6);
    CHECK_FALSE(fs::exists(machine.folder / "bi.db"));
  }

  TEST_CASE("an older snapshot that is damaged is not replaced") {
    Machine machine;
    machine.run_well({"export", "--snapshot", "bi.db"});
    const auto copy = (machine.folder / "bi.db").string();
    machine.folder.write("bi.db", tests::file_text(copy).substr(0, 3 * kPage));
    refuses(machine, {"export", "--snapshot", "bi.db"}, "bi.db is there and cannot be read");
  }
}
