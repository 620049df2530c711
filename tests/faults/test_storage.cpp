#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/shell.hpp"
#include "faults/story.hpp"
#include "support/batches.hpp"
#include "support/disk.hpp"
#include "support/older_warehouse.hpp"

using namespace csatdb;
using faults::Story;
using support::Disk;
namespace fs = std::filesystem;

namespace {

/// A command line, what it finds in its folder, and when it is run.
struct Errand {
  const char* name;
  std::size_t moment;  ///< of the story
  std::vector<std::string> words;
  bool is_older = false;  ///< the warehouse is that of an earlier csatdb
};

/// Each goes on where the one before left the folder, but for the last.
const std::vector<Errand>& errands() {
  static const std::vector<Errand> all{
      {"first sync", 0, {"sync", "--since", "10d"}},
      {"later sync", 1, {"sync"}},
      {"snapshot", 1, {"export", "--snapshot", "bi.db"}},
      {"sync by search", 2, {"sync"}},
      {"new snapshot", 2, {"sync", "--snapshot", "bi.db"}},
      {"zone", 2, {"config", "timezone", "Europe/Berlin"}},
      {"forget", 2, {"forget", "--ids", "ids.txt", "--yes"}},
      {"prune", 2, {"prune", "--older-than", "8d", "--yes"}},
      {"migration", 0, {"sync", "--since", "10d"}, true},
  };
  return all;
}

/// A fault of the disk: what fails, how, and whether it stays so.
struct Mishap {
  Disk::Act act;
  int code;
  bool is_lasting;
  const char* name;
};

constexpr Mishap kMishaps[] = {
    {Disk::Act::open, SQLITE_CANTOPEN, false, "open fails"},
    {Disk::Act::open, SQLITE_CANTOPEN, true, "no more opens"},
    {Disk::Act::read, SQLITE_IOERR_READ, false, "read fails"},
    {Disk::Act::write, SQLITE_IOERR_WRITE, false, "write fails"},
    {Disk::Act::write, SQLITE_FULL, true, "disk full"},
    {Disk::Act::write, SQLITE_READONLY, true, "read-only"},
    {Disk::Act::sync, SQLITE_IOERR_FSYNC, false, "sync fails"},
    {Disk::Act::sync, SQLITE_IOERR_FSYNC, true, "no more syncs"},
    {Disk::Act::truncate, SQLITE_IOERR_TRUNCATE, false, "truncate fails"},
    {Disk::Act::remove, SQLITE_IOERR_DELETE, false, "remove fails"},
    {Disk::Act::map, SQLITE_IOERR_SHMMAP, false, "map fails"},
    {Disk::Act::map, SQLITE_IOERR_SHMMAP, true, "no more maps"},
};

constexpr int kSampled = 3;  // calls that are tried of each kind; all in the long version

/// What a message says to do.
bool has_remedy(const std::string& text) {
  static const char* const kRemedies[] = {"free space and run again", "check it and run again",
                                          "check the permissions"};
  return std::ranges::any_of(
      kRemedies, [&](const char* remedy) { return text.find(remedy) != std::string::npos; });
}

/// A user's folder that is laid out again for each trial.
class Trial {
 public:
  Trial() {
    shell.variables["GENESYS_ENV_URL"] = "https://api.mypurecloud.com";
    shell.variables["GENESYS_CLIENT_ID"] = "demo";
    shell.variables["GENESYS_CLIENT_SECRET"] = "demo-secret";
    shell.variables["CSATDB_RATE"] = "0";
    for (const auto& errand : errands()) {
      if (errand.is_older) {
        clear();
        support::write_older_warehouse(file);
      }
      before_.push_back(kept_ / fmt::format("before-{}", before_.size()));
      fs::copy(shell.folder.path(), before_.back());
      const auto result = run(errand);
      REQUIRE_MESSAGE(result.code == 0, result.err);
      after_.push_back(faults::logical(file));
      names_.push_back(files());
      if (after_.size() == 1) choose_ids();
    }
  }

  support::Shell::Result run(const Errand& errand) {
    Story story(world_, Story::moments()[errand.moment]);
    shell.time = &story.clock;
    shell.transport = [&](int) {
      return std::make_unique<sim::InProcess>(story.service, story.clock);
    };
    auto words = errand.words;
    words.insert(words.begin(), "-q");
    return shell.run(words);
  }
  /// Puts the folder as it was before an errand.
  void lay(std::size_t errand) {
    clear();
    fs::copy(before_[errand], shell.folder.path());
  }
  const std::string& after(std::size_t errand) const { return after_[errand]; }
  const std::set<std::string>& files_after(std::size_t errand) const { return names_[errand]; }
  /// What is in the folder, but for a log that could not be folded into its file, and a copy of an
  /// empty one whose schema was cut short.
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(shell.folder.path())) {
      const auto name = entry.path().filename().string();
      if (name != "csat.db-wal" && name != "csat.db-shm" && name != "csat.db.before-0002")
        names.insert(name);
    }
    return names;
  }

  support::Shell shell;
  const std::string file = (shell.folder / "csat.db").string();
  const std::string snapshot = (shell.folder / "bi.db").string();

 private:
  void clear() {
    for (const auto& entry : fs::directory_iterator(shell.folder.path())) fs::remove(entry.path());
  }
  /// Every third conversation is to be forgotten.
  void choose_ids() {
    std::string ids;
    SQLite::Database database(file, SQLite::OPEN_READONLY);
    SQLite::Statement rows(database,
                           "SELECT conversation_id FROM conversations WHERE started_ms IS NOT NULL "
                           "AND conversation_key % 3 = 0");
    while (rows.executeStep()) ids += rows.getColumn(0).getString() + "\n";
    shell.folder.write("ids.txt", ids);
  }

  static sim::Organisation organisation() {
    auto o = Story::organisation();
    o.interactions = 24;
    return o;
  }
  sim::World world_{organisation()};
  support::TempFolder kept_;
  std::vector<fs::path> before_;
  std::vector<std::string> after_;
  std::vector<std::set<std::string>> names_;
};

std::string integrity(const std::string& file) {
  try {
    return SQLite::Database(file, SQLite::OPEN_READWRITE)
        .execAndGet("PRAGMA integrity_check")
        .getString();
  } catch (const SQLite::Exception& error) {
    return error.what();
  }
}

/// How often an errand asks the disk for each thing.
std::map<Disk::Act, int> calls(Trial& trial, std::size_t errand) {
  std::map<Disk::Act, int> counts;
  trial.lay(errand);
  Disk disk;
  disk.judge([&](const Disk::Call& call) {
    ++counts[call.act];
    return SQLITE_OK;
  });
  REQUIRE(trial.run(errands()[errand]).code == 0);
  return counts;
}

/// Runs an errand whose n-th call fails, and what its user does then. Whether the fault stopped it.
bool strike(Trial& trial, std::size_t errand, const Mishap& mishap, int n) {
  trial.lay(errand);
  const auto old_snapshot = tests::file_text(trial.snapshot);
  Disk disk;
  int count = 0;
  disk.judge([&](const Disk::Call& call) {
    if (call.act != mishap.act) return SQLITE_OK;
    ++count;
    return count == n || (mishap.is_lasting && count > n) ? mishap.code : SQLITE_OK;
  });
  const auto struck = trial.run(errands()[errand]);
  disk.judge({});
  CAPTURE(struck.err);
  CAPTURE(struck.code);
  const bool is_stopped = struck.code != 0;
  if (is_stopped) {
    CHECK(struck.code == 6);
    CHECK(has_remedy(struck.err));
    const bool is_old_snapshot = tests::file_text(trial.snapshot) == old_snapshot;
    CHECK(is_old_snapshot);
  }
  if (fs::exists(trial.file)) CHECK(integrity(trial.file) == "ok");
  const auto read = trial.shell.run({"export", "--logical"});
  CAPTURE(read.err);
  if (is_stopped) {
    CHECK((read.code == 0 || read.err.find("run `csatdb sync`") != std::string::npos));
    const auto again = trial.run(errands()[errand]);
    CHECK_MESSAGE(again.code == 0, again.err);
  }
  const auto got = faults::logical(trial.file);
  const bool is_same = got == trial.after(errand);
  CHECK_MESSAGE(is_same, faults::difference(trial.after(errand), got));
  CHECK(fmt::to_string(fmt::join(trial.files(), " ")) ==
        fmt::to_string(fmt::join(trial.files_after(errand), " ")));
  return is_stopped;
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("whatever the disk refuses, the file stays whole and the next run completes") {
    Trial trial;
    int points = 0;
    int stops = 0;
    int all = 0;
    for (std::size_t errand = 0; errand < errands().size(); ++errand) {
      CAPTURE(std::string(errands()[errand].name));
      if (faults::is_thorough()) fmt::print("{}\n", errands()[errand].name);
      auto counts = calls(trial, errand);
      for (const auto& mishap : kMishaps) {
        CAPTURE(std::string(mishap.name));
        const int step = faults::is_thorough() ? 1 : std::max(1, counts[mishap.act] / kSampled);
        // Other calls of each errand and mishap.
        const int first = 1 + (all + points) % step;
        int tried = 0;
        int stopped = 0;
        for (int n = first; n <= counts[mishap.act]; n += step) {
          CAPTURE(n);
          ++tried;
          stopped += strike(trial, errand, mishap, n) ? 1 : 0;
        }
        if (faults::is_thorough())
          fmt::print("  {:<14} at {:>4} calls: {:>4} times exit 6, {:>4} times no harm\n",
                     mishap.name, tried, stopped, tried - stopped);
        all += counts[mishap.act];
        points += tried;
        stops += stopped;
      }
    }
    fmt::print("the disk failed at {} of {} calls, {} of them stopped the run: nothing lost\n",
               points, all, stops);
    CHECK(points >= 200);
    CHECK(stops >= 100);
  }
}
