#include "faults/trial.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "faults/story.hpp"
#include "support/older_warehouse.hpp"

namespace csatdb::faults {
namespace fs = std::filesystem;
namespace {

sim::Organisation organisation() {
  auto o = Story::organisation();
  o.interactions = 24;
  return o;
}

/// The in-process wire, told of every wait.
class Watched final : public http::Transport {
 public:
  Watched(Story& story, const std::function<void()>& waiting)
      : inner_(story.service, story.clock), waiting_(waiting) {}
  void start(http::Ticket ticket, http::Request request) override {
    inner_.start(ticket, std::move(request));
  }
  std::vector<http::Answer> wait(base::Millis at_most) override {
    if (waiting_) waiting_();
    return inner_.wait(at_most);
  }

 private:
  sim::InProcess inner_;
  const std::function<void()>& waiting_;
};

}  // namespace

const std::vector<Errand>& errands() {
  static const std::vector<Errand> all{
      {"first sync", 0, {"sync", "--since", "10d"}},
      {"later sync", 1, {"sync"}},
      {"snapshot", 1, {"export", "--snapshot", "bi.db"}},
      {"sync by search", 2, {"sync"}},
      {"new snapshot", 2, {"sync", "--snapshot", "bi.db"}},
      {"extract", 2, {"extract", "--ids", "ids.txt"}},
      {"report", 2, {"report", "csat-trend"}},
      {"status", 2, {"status", "--json"}},
      {"zone", 2, {"config", "timezone", "Europe/Berlin"}},
      {"forget", 2, {"forget", "--ids", "ids.txt", "--yes"}},
      {"prune", 2, {"prune", "--older-than", "8d", "--yes"}},
      {"migration", 0, {"sync", "--since", "10d"}, true},
  };
  return all;
}

Trial::Trial() : world_(organisation()) {
  shell.variables["GENESYS_ENV_URL"] = "https://api.mypurecloud.com";
  shell.variables["GENESYS_CLIENT_ID"] = "demo";
  shell.variables["GENESYS_CLIENT_SECRET"] = "demo-secret";
  shell.variables["CSATDB_RATE"] = "0";
  for (std::size_t i = 0; i < errands().size(); ++i) {
    if (errands()[i].is_older) {
      clear();
      support::write_older_warehouse(file);
    }
    before_.push_back(kept_ / fmt::format("before-{}", i));
    fs::copy(shell.folder.path(), before_.back());
    const auto result = run(i);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    after_.push_back(logical(file));
    names_.push_back(files());
    if (i == 0) choose_ids();
  }
}

void Trial::lay(std::size_t errand) {
  clear();
  fs::copy(before_[errand], shell.folder.path());
}

support::Shell::Result Trial::run(std::size_t errand, const std::function<void()>& waiting) {
  Story story(world_, Story::moments()[errands()[errand].moment]);
  shell.time = &story.clock;
  shell.transport = [&](int) { return std::make_unique<Watched>(story, waiting); };
  auto words = errands()[errand].words;
  words.insert(words.begin(), "-q");
  return shell.run(words);
}

std::set<std::string> Trial::files() const {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(shell.folder.path())) {
    const auto name = entry.path().filename().string();
    if (name != "csat.db-wal" && name != "csat.db-shm" && name != "csat.db.before-0002")
      names.insert(name);
  }
  return names;
}

void Trial::clear() {
  for (const auto& entry : fs::directory_iterator(shell.folder.path())) fs::remove(entry.path());
}

/// Every third conversation is to be forgotten.
void Trial::choose_ids() {
  std::string ids;
  SQLite::Database database(file, SQLite::OPEN_READONLY);
  SQLite::Statement rows(database,
                         "SELECT conversation_id FROM conversations WHERE started_ms IS NOT NULL "
                         "AND conversation_key % 3 = 0");
  while (rows.executeStep()) ids += rows.getColumn(0).getString() + "\n";
  shell.folder.write("ids.txt", ids);
}

std::string integrity(const std::string& file) {
  try {
    return SQLite::Database(file, SQLite::OPEN_READWRITE)
        .execAndGet("PRAGMA integrity_check")
        .getString();
  } catch (const SQLite::Exception& error) {
    return error.what();
  }
}

}  // namespace csatdb::faults
