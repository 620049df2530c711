#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>

#include "faults/story.hpp"
#include "faults/trial.hpp"
#include "support/batches.hpp"
#include "support/disk.hpp"

using namespace csatdb;
using faults::errands;
using faults::integrity;
using faults::Trial;
using support::Disk;
namespace fs = std::filesystem;

namespace {

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

/// How often an errand asks the disk for each thing.
std::map<Disk::Act, int> calls(Trial& trial, std::size_t errand) {
  std::map<Disk::Act, int> counts;
  trial.lay(errand);
  Disk disk;
  disk.judge([&](const Disk::Call& call) {
    ++counts[call.act];
    return SQLITE_OK;
  });
  REQUIRE(trial.run(errand).code == 0);
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
  const auto struck = trial.run(errand);
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
    const auto again = trial.run(errand);
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
