#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "embed/sql_files.hpp"
#include "support/source.hpp"

using namespace csatdb;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("the embedded SQL is the tree's SQL, byte for byte") {
    std::size_t on_disk = 0;
    for (const std::string folder : {"migrations", "queries", "schema", "src/report", "src/warehouse"}) {
      const fs::path from = csatdb::support::in_source(folder);
      if (!fs::exists(from)) continue;
      for (const auto& entry : fs::directory_iterator(from)) {
        if (entry.path().extension() != ".sql") continue;
        ++on_disk;
        const auto* file = embed::find(folder + "/" + entry.path().filename().string());
        REQUIRE(file != nullptr);
        CHECK(file->text == read(entry.path()));
        CHECK(file->stem() == entry.path().stem().string());
      }
    }
    CHECK(embed::sql_files().size() == on_disk);
  }

  TEST_CASE("a folder's files are exactly those below it, in order") {
    std::size_t counted = 0;
    for (const std::string folder : {"migrations", "queries", "schema", "src/report", "src/warehouse"}) {
      const auto files = embed::sql_files(folder);
      counted += files.size();
      CHECK(std::ranges::is_sorted(files, {}, &embed::SqlFile::path));
      for (const auto& file : files) CHECK(file.path.starts_with(folder + "/"));
    }
    CHECK(counted == embed::sql_files().size());
    CHECK(embed::sql_files("que").empty());
    CHECK(embed::find("queries/no-such-report.sql") == nullptr);
  }
}
