#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "faults/story.hpp"
#include "faults/trial.hpp"
#include "support/batches.hpp"
#include "support/disk.hpp"

using namespace csatdb;
using faults::errands;
using faults::Trial;
using support::Disk;
namespace fs = std::filesystem;

namespace {

using Unsynced = Disk::Unsynced;

constexpr int kSampled =
    6;  // calls of an errand at which the power is cut; all in the long version
constexpr int kAtATime = 40;

/// What calls change the disk: the power fails before one of them.
bool changes(const Disk::Call& call) {
  return !call.file.empty() && call.act != Disk::Act::read && call.act != Disk::Act::map;
}

/// A program that reads the warehouse and folds the log into it whenever it can, so that the log
/// begins anew in the middle of a run.
class Reader {
 public:
  explicit Reader(const std::string& file) {
    sqlite3* made = nullptr;
    sqlite3_open_v2(file.c_str(), &made, SQLITE_OPEN_READWRITE, nullptr);
    database_.reset(made);
  }
  void fold() {
    sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// Runs an errand to its end and calls `at` before each call that changes the disk.
void watch(Trial& trial, std::size_t errand, const std::function<void(const Disk&)>& at) {
  trial.lay(errand);
  Disk disk;
  disk.judge([&](const Disk::Call& call) {
    if (changes(call)) at(disk);
    return SQLITE_OK;
  });
  std::unique_ptr<Reader> reader;
  const auto result = trial.run(errand, [&] {
    if (!reader) reader = std::make_unique<Reader>(trial.file);
    reader->fold();
  });
  REQUIRE_MESSAGE(result.code == 0, result.err);
}

/// The files that a power cut leaves and that were not `seen` before.
class Cuts {
 public:
  explicit Cuts(std::set<std::uint64_t>& seen) : seen_(seen) {}
  void take(const Disk& disk, const std::string& database) {
    for (const auto spared : {Unsynced::none, Unsynced::some, Unsynced::all}) {
      const auto to = folder_ / fmt::format("cut-{}.db", all_.size());
      disk.cut_power(database, to, spared, seen_.size());
      if (seen_.insert(hash(to)).second) all_.push_back(to);
    }
  }
  const std::vector<fs::path>& all() const { return all_; }

 private:
  static std::uint64_t hash(const fs::path& file) {
    std::string text = fs::exists(file) ? "there" : "";
    for (const char* suffix : {"", "-wal", "-journal"})
      text += tests::file_text(file.string() + suffix) + "|";
    return XXH3_64bits(text.data(), text.size());
  }
  support::TempFolder folder_;
  std::vector<fs::path> all_;
  std::set<std::uint64_t>& seen_;
};

/// Puts what a power cut left in the warehouse's place, and does what its user does then.
void completes(Trial& trial, std::size_t errand, const fs::path& cut) {
  CAPTURE(cut.filename().string());
  trial.lay(errand);
  for (const char* suffix : {"", "-wal", "-journal"}) {
    fs::remove(trial.file + suffix);
    if (fs::exists(cut.string() + suffix))
      fs::copy_file(cut.string() + suffix, trial.file + suffix);
  }
  if (fs::exists(trial.file)) CHECK(faults::integrity(trial.file) == "ok");
  const auto again = trial.run(errand);
  CHECK_MESSAGE(again.code == 0, again.err);
  const auto got = faults::logical(trial.file);
  const bool is_same = got == trial.after(errand);
  CHECK_MESSAGE(is_same, faults::difference(trial.after(errand), got));
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("after a power cut the file is whole, and the next run completes") {
    Trial trial;
    int files = 0;
    int points = 0;
    for (std::size_t errand = 0; errand < errands().size(); ++errand) {
      const std::string name = errands()[errand].name;
      CAPTURE(name);
      int calls = 0;
      watch(trial, errand, [&](const Disk&) { ++calls; });
      const int step = faults::is_thorough() ? 1 : std::max(1, calls / kSampled);
      const int first = 1 + points % step;
      std::set<std::uint64_t> seen;
      // So many at a time, for they take space.
      for (int from = first; from <= calls; from += kAtATime * step) {
        Cuts cuts(seen);
        int call = 0;
        watch(trial, errand, [&](const Disk& disk) {
          ++call;
          const bool is_next = call >= from && call < from + kAtATime * step;
          if (is_next && (call - from) % step == 0) cuts.take(disk, trial.file);
        });
        for (const auto& cut : cuts.all()) completes(trial, errand, cut);
      }
      if (faults::is_thorough())
        fmt::print("{:<15} power cut at {:>4} calls: {:>4} different files\n", name, calls,
                   seen.size());
      points += (calls - first) / step + 1;
      files += static_cast<int>(seen.size());
    }
    fmt::print("power cut at {} calls, {} different files: nothing lost\n", points, files);
    CHECK(points >= 40);
    CHECK(files >= 60);
  }
}
