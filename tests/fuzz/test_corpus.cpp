#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "fuzz/target.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"

using namespace csatdb;

TEST_SUITE("fuzz") {
  TEST_CASE("whatever bytes a reader is given, it keeps what it promises") {
    for (const auto& target : fuzz::targets()) {
      const auto folder = support::in_source(fmt::format("tests/fuzz/corpus/{}", target.name));
      std::vector<std::filesystem::path> files;
      for (const auto& file : std::filesystem::directory_iterator(folder))
        files.push_back(file.path());
      std::ranges::sort(files);
      CHECK(!files.empty());
      for (const auto& file : files) {
        const auto input = tests::file_text(file.string());
        CAPTURE(target.name);
        CAPTURE(file.filename().string());
        CHECK_NOTHROW(target.run(input));
        // What was cut off on its way, too.
        CHECK_NOTHROW(target.run(std::string_view(input).substr(0, input.size() / 2)));
      }
    }
  }
}
