#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <xxhash.h>

#include <map>
#include <regex>
#include <set>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "faults/story.hpp"
#include "support/batches.hpp"
#include "support/older_warehouse.hpp"
#include "support/statement_door.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using faults::Story;

namespace {

/// A warehouse at every moment of the story, as an uninterrupted run leaves it.
class Uninterrupted {
 public:
  explicit Uninterrupted(sim::World& world) {
    const auto file = folder_ / "csat.db";
    for (const auto& now : Story::moments()) {
      before_.push_back(folder_ / fmt::format("before-{}", before_.size()));
      if (std::filesystem::exists(file)) faults::copy_warehouse(file, before_.back());
      const auto ending = Story(world, now).sync(file);
      REQUIRE(ending.code == 0);
      after_.push_back(faults::logical(file));
    }
  }
  /// Puts the warehouse as it was before a moment's run in that place.
  void lay(std::size_t moment, const std::filesystem::path& file) const {
    faults::copy_warehouse(before_.at(moment), file);
  }
  const std::string& after(std::size_t moment) const { return after_.at(moment); }

 private:
  support::TempFolder folder_;
  std::vector<std::filesystem::path> before_;
  std::vector<std::string> after_;
};

struct Sweep {
  explicit Sweep(const sim::Organisation& organisation = Story::organisation())
      : world(organisation) {}
  sim::World world;
  Uninterrupted whole{world};
  support::TempFolder folder;
  std::filesystem::path file = folder / "csat.db";

  void finishes(Story& story, const std::filesystem::path& cut, std::size_t moment) {
    const auto ending = story.sync(cut);
    CHECK_MESSAGE(ending.code == 0, ending.said);
    const auto got = faults::logical(cut);
    const bool is_same = got == whole.after(moment);
    CHECK_MESSAGE(is_same, faults::difference(whole.after(moment), got));
  }
};

std::uint64_t bytes_of(const std::filesystem::path& file) {
  const auto text =
      tests::file_text(file.string()) + "|" + tests::file_text(file.string() + "-wal");
  return XXH3_64bits(text.data(), text.size());
}

/// The endpoint of a request, its ids left out; a search for surveys is one of its own.
std::string kind_of(const http::Request& request) {
  static const std::regex id("[0-9a-f]{8}-[0-9a-f-]{27}");
  return fmt::format(
      "{} {}{}", http::name(request.method),
      std::regex_replace(request.target.substr(0, request.target.find('?')), id, "{}"),
      request.body.find("surveyFilters") == std::string::npos ? "" : " (surveys)");
}

/// Calls back as any statement of any connection opened from here on begins, those inside a script
/// of many included.
class EveryStatement {
 public:
  using Call = std::function<void(sqlite3*)>;
  explicit EveryStatement(Call call) {
    the_call() = std::move(call);
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch));
  }
  ~EveryStatement() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&watch));
    the_call() = nullptr;
  }
  EveryStatement(const EveryStatement&) = delete;
  EveryStatement& operator=(const EveryStatement&) = delete;

 private:
  static Call& the_call() {
    static Call call;
    return call;
  }
  static int watch(sqlite3* database, const char**, const void*) {
    return sqlite3_trace_v2(
        database, SQLITE_TRACE_STMT,
        [](unsigned, void* its_database, void*, void*) {
          if (the_call()) the_call()(static_cast<sqlite3*>(its_database));
          return 0;
        },
        database);
  }
};

std::string schema_of(const std::filesystem::path& file) {
  std::string text;
  warehouse::Reader(file.string())
      .each("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name", {},
            [&](const auto& values) {
              text += std::get<std::string>(values[0]) + ";\n";
              return true;
            });
  return text;
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("killed at any door crossing or commit, a run done again comes to the same") {
    Sweep sweep;
    int points = 0;
    int states = 0;
    for (std::size_t moment = 0; moment < Story::moments().size(); ++moment) {
      CAPTURE(moment);
      const auto& now = Story::moments()[moment];
      sweep.whole.lay(moment, sweep.file);
      Story story(sweep.world, now);
      // What a kill leaves is the file as it is at that point; most points leave the same one.
      std::set<std::uint64_t> seen;
      std::vector<std::filesystem::path> cuts;
      const auto cut_here = [&] {
        ++points;
        if (!seen.insert(bytes_of(sweep.file)).second) return;
        cuts.push_back(sweep.folder / fmt::format("cut-{}-{}", moment, cuts.size()));
        faults::copy_warehouse(sweep.file, cuts.back());
      };
      Story::Doors doors;
      doors.crossing = doors.commit = cut_here;
      REQUIRE(story.sync(sweep.file, Story::settings(), doors).code == 0);
      for (std::size_t i = 0; i < cuts.size(); ++i) {
        CAPTURE(i);
        // Every other time the service has forgotten its jobs and tokens as well.
        Story anew(sweep.world, now);
        sweep.finishes(i % 2 == 0 ? story : anew, cuts[i], moment);
      }
      states += static_cast<int>(cuts.size());
    }
    fmt::print("killed at {} crossings and commits, {} different files: nothing lost\n", points,
               states);
    CHECK(points >= 300);
    CHECK(states >= 25);
  }

  TEST_CASE("stopped cleanly at any door crossing, a run done again comes to the same") {
    Sweep sweep;
    int points = 0;
    for (std::size_t moment = 0; moment < Story::moments().size(); ++moment) {
      CAPTURE(moment);
      const auto& now = Story::moments()[moment];
      bool is_over = false;
      for (int stop_at = faults::is_thorough() ? 1 : 3; !is_over;
           stop_at += faults::is_thorough() ? 1 : 13) {
        CAPTURE(stop_at);
        sweep.whole.lay(moment, sweep.file);
        Story story(sweep.world, now);
        int crossings = 0;
        Story::Doors doors;
        doors.crossing = [&] {
          if (++crossings == stop_at) base::stop::request();
        };
        const auto ending = story.sync(sweep.file, Story::settings(), doors);
        is_over = crossings < stop_at;
        if (is_over) break;
        ++points;
        CHECK((ending.code == 130 || ending.code == 0));
        sweep.finishes(story, sweep.file, moment);
      }
    }
    fmt::print("stopped cleanly at {} crossings: nothing lost\n", points);
    CHECK(points >= (faults::is_thorough() ? 290 : 20));
  }

  TEST_CASE("stopped at any statement of a page, a run done again comes to the same") {
    auto organisation = Story::organisation();
    organisation.interactions = 30;
    Sweep sweep(organisation);
    auto settings = Story::settings();
    settings.parallel = 1;  // the statements between two answers are those of one page
    std::map<std::string, int> points;
    int tried = 0;
    for (std::size_t moment = 0; moment < Story::moments().size(); ++moment) {
      CAPTURE(moment);
      const auto& now = Story::moments()[moment];
      std::set<std::string> begun;
      std::string page;
      int statements = 0;
      int refused = 0;  // the statement refused; 0: none
      Story::Doors doors;
      doors.answered = [&](const http::Request& request) {
        const auto kind = kind_of(request);
        page = begun.insert(kind).second && !points.contains(kind) ? kind : "";
      };
      doors.waiting = [&] { page.clear(); };
      std::vector<std::pair<int, std::string>> found;
      {
        sweep.whole.lay(moment, sweep.file);
        Story story(sweep.world, now);
        support::StatementDoor door([&] {
          ++statements;
          if (!page.empty()) found.emplace_back(statements, page);
          return false;
        });
        REQUIRE(story.sync(sweep.file, settings, doors).code == 0);
      }
      const std::size_t step = faults::is_thorough() ? 1 : 37;
      for (std::size_t i = 0; i < found.size(); i += step) {
        ++tried;
        CAPTURE(found[i].first);
        CAPTURE(found[i].second);
        sweep.whole.lay(moment, sweep.file);
        Story story(sweep.world, now);
        statements = 0;
        refused = found[i].first;
        {
          support::StatementDoor door([&] { return ++statements == refused; });
          const auto ending = story.sync(sweep.file, settings);
          CHECK_MESSAGE(ending.code == 6, ending.said);
        }
        sweep.finishes(story, sweep.file, moment);
      }
      for (const auto& [number, kind] : found) ++points[kind];
    }
    int all = 0;
    for (const auto& [kind, n] : points) all += n;
    fmt::print("stopped at {} of {} statements on the first page of {} endpoints: nothing lost\n",
               tried, all, points.size());
    CHECK(points.size() >= 20);
    CHECK(all >= 1000);
  }

  TEST_CASE("stopped at any statement of the migrations, the next opening comes to the same") {
    Sweep sweep;
    const auto image = sweep.folder / "image.db";
    // Killed there.
    std::set<std::uint64_t> seen;
    std::vector<std::filesystem::path> cuts;
    int statements = 0;
    {
      const EveryStatement watch([&](sqlite3*) {
        ++statements;
        if (!seen.insert(bytes_of(image)).second) return;
        cuts.push_back(sweep.folder / fmt::format("cut-{}", cuts.size()));
        faults::copy_warehouse(image, cuts.back());
      });
      const warehouse::Warehouse fresh({image.string(), base::Millis{0}, "test"});
    }
    for (const auto& cut : cuts) {
      Story story(sweep.world, Story::moments()[0]);
      sweep.finishes(story, cut, 0);
    }
    // Refused there.
    const auto open = [](const std::filesystem::path& file) {
      try {
        const warehouse::Warehouse opened({file.string(), base::Millis{0}, "test"});
        return 0;
      } catch (const base::Error& error) {
        return base::exit_code(error.fault());
      }
    };
    const auto whole = schema_of(image);
    int refused = 0;
    for (int n = 1; n <= statements; ++n) {
      CAPTURE(n);
      const auto file = sweep.folder / fmt::format("refused-{}.db", n);
      int now = 0;
      {
        const EveryStatement watch([&](sqlite3* database) {
          if (++now == n) sqlite3_interrupt(database);
        });
        const int code = open(file);
        CHECK((code == 0 || code == 6));
        refused += code == 6 ? 1 : 0;
      }
      CHECK(open(file) == 0);
      CHECK(schema_of(file) == whole);
    }
    fmt::print("migrations: stopped at {} statements, {} of them refused: nothing lost\n",
               statements, refused);
    CHECK(statements >= 80);
    CHECK(refused >= 40);
    CHECK(cuts.size() >= 4);
  }
  TEST_CASE("a migration cut short while it kept a copy goes on") {
    support::TempFolder folder;
    const auto file = (folder / "csat.db").string();
    support::write_older_warehouse(file);
    folder.write("csat.db.before-0002.partial", "half a copy");
    folder.write("csat.db.before-0002", "the copy of a migration that failed later");
    folder.write("csat.db.before-0001", "the copy of the migration before");
    { const warehouse::Warehouse opened({file, base::Millis{0}, "test"}); }
    CHECK(schema_of(file).find("sync_scopes") != std::string::npos);
    const SQLite::Database backup((folder / "csat.db.before-0002").string());
    CHECK(backup.tableExists("divisions"));
    CHECK_FALSE(backup.tableExists("sync_scopes"));
    CHECK((std::filesystem::status(folder / "csat.db.before-0002").permissions() &
           std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK_FALSE(std::filesystem::exists(folder / "csat.db.before-0002.partial"));
    CHECK_FALSE(std::filesystem::exists(folder / "csat.db.before-0001"));
  }
}
