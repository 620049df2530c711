#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "support/small_warehouse.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/logical.hpp"

namespace csatdb::tests {
namespace {

std::string logical(const std::string& path) {
  std::ostringstream out;
  warehouse::write_logical(warehouse::Reader(path), out);
  return out.str();
}

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  std::size_t found = 0;
  for (std::string line; std::getline(lines, line);) found += line.find(part) != line.npos ? 1 : 0;
  return found;
}

}  // namespace

TEST_SUITE("warehouse") {
  TEST_CASE("reading changes nothing in the file and leaves nothing beside it") {
    const support::TempFolder folder;
    const auto path = (folder / "a.db").string();
    auto all = deliveries();
    deliver(path, all);
    const auto names = [&] {
      std::set<std::string> found;
      for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        found.insert(entry.path().filename().string());
      return found;
    };
    const auto bytes = [&] {
      std::ifstream in(path, std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      return text.str();
    };
    const auto names_before = names();
    const auto before = bytes();
    CHECK(names_before.count("a.db-wal") == 0);
    {
      const warehouse::Reader reader(path);
      const warehouse::Reader another(path);
      CHECK(!reader.run("SELECT count(*) FROM conversations").empty());
      CHECK_THROWS(reader.run("DELETE FROM conversations"));
    }
    CHECK(names() == names_before);
    CHECK(bytes() == before);
    // What a program left that was killed stays for who writes: the log is not folded in.
    const auto log = [&](const std::string& suffix) { return folder / ("b.db" + suffix); };
    {
      SQLite::Database writer(path, SQLite::OPEN_READWRITE);
      writer.exec("PRAGMA wal_autocheckpoint = 0; UPDATE conversations SET version = version + 1");
      for (const std::string suffix : {"", "-wal"})
        std::filesystem::copy_file(path + suffix, log(suffix));
    }
    const auto size = std::filesystem::file_size(log("-wal"));
    REQUIRE(size > 0);
    const auto version = "SELECT max(version) FROM conversations";
    CHECK(warehouse::Reader(log("").string()).run(version)[0].rows ==
          warehouse::Reader(path).run(version)[0].rows);
    CHECK(std::filesystem::file_size(log("-wal")) == size);
  }

  TEST_CASE("equal content gives equal bytes, in whatever order it came") {
    const support::TempFolder folder;
    auto all = deliveries();
    deliver((folder / "a.db").string(), all);
    const auto text = logical((folder / "a.db").string());
    CHECK(lines_with(text, "fact_surveys ") == 3);
    CHECK(lines_with(text, "participants conversation_id=\"c2\" participant_no=2") == 1);
    CHECK(lines_with(text, "user_id=\"a2\" team_id=\"t1\"") == 1);
    CHECK(lines_with(text, "_key=") == 0);
    CHECK(lines_with(text, "sync_") == 0);
    CHECK(lines_with(text, "dangling ") == 0);
    for (int round = 0; round < 3; ++round) {
      if (round == 0) std::ranges::reverse(all);
      std::rotate(all.begin(), all.begin() + 4, all.end());
      const auto other = (folder / ("b" + std::to_string(round))).string();
      deliver(other, all);
      CHECK(logical(other) == text);
    }
  }

  TEST_CASE("one cell that differs gives other bytes, whichever table it is of") {
    const support::TempFolder folder;
    const auto path = (folder / "a.db").string();
    deliver(path, deliveries());
    auto before = logical(path);
    for (const char* change :
         {"UPDATE divisions SET description = '' WHERE division_id = 'd1'",
          "UPDATE divisions SET gone_ms = 1 WHERE division_id = 'd1'",
          "UPDATE segments SET ended_ms = ended_ms + 1 WHERE segment_no = 1",
          "UPDATE surveys SET agent_key = NULL WHERE survey_id = 's1'",
          "UPDATE survey_answers SET nps_score = 8 WHERE survey_key = 1",
          "UPDATE dates SET hours = 23 WHERE local_date = '2024-03-31'",
          "UPDATE interactions SET agent_key = 99 WHERE conversation_key = 1"}) {
      CAPTURE(change);
      SQLite::Database(path, SQLite::OPEN_READWRITE).exec(change);
      const auto after = logical(path);
      CHECK(after != before);
      before = after;
    }
    CHECK(lines_with(before, "dangling table=interactions parent=users rows=1") == 1);
  }

  TEST_CASE("what only says how the content came changes no byte") {
    const support::TempFolder folder;
    const auto path = (folder / "a.db").string();
    deliver(path, deliveries());
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("UPDATE divisions SET gone_ms = 1");
    const auto before = logical(path);
    SQLite::Database(path, SQLite::OPEN_READWRITE)
        .exec(
            "UPDATE surveys SET version = 99, payload_hash = x'00';"
            "UPDATE divisions SET gone_ms = gone_ms + 1;"
            "INSERT INTO sync_meta VALUES ('a', 'b')");
    CHECK(logical(path) == before);
  }
}

}  // namespace csatdb::tests
