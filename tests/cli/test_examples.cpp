#include <algorithm>

#include "cli/command.hpp"
#include "cli/site.hpp"
#include "http/message.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using support::Site;

namespace {

/// What an example needs that the others do not; the first that its line begins with counts.
struct Special {
  std::string line;
  std::string typed = {};        ///< on stdin
  std::vector<int> codes = {0};  ///< how it may end: the simulator's organisation has gaps to show
  const char* lacks = nullptr;   ///< what this machine has not got, so that it is not run
};

const std::string kPage = R"({"conversations": []})";

const std::vector<Special>& specials() {
  static const std::vector<Special> all{
      {.line = "csatdb init --region eu-west-1",
       .lacks = "a password store with a secret of a real organisation"},
      {.line = "csatdb init", .typed = "UTC\nstandard\nn\n"},
      {.line = "csatdb import -", .typed = kPage},
      {.line = "csatdb extract -", .typed = "6e1f1c2a-3b6d-4c56-9a3e-0d5b9f0a1c77\n"},
      {.line = "csatdb doctor", .codes = {0, 3}},
      {.line = "csatdb reconcile", .codes = {0, 3}},
      {.line = "csatdb sync --watch", .lacks = "an end; the suite faults ends it by a signal"},
      {.line = "csatdb publish", .lacks = "a PostgreSQL server; the suite postgres has one"},
  };
  return all;
}

/// The files that examples name.
void put_files(Site& site) {
  site.folder.write("job-results-page.json", kPage);
  site.folder.write("pages/day-1.ndjson.gz", http::gzip(kPage + "\n"));
  site.folder.write("surveys.json", "[]");
  site.folder.write("calls.csv", "conversation_id\n6e1f1c2a-3b6d-4c56-9a3e-0d5b9f0a1c77\n");
}

template <class Visit>
void each_example(const std::vector<cli::Command>& commands, Visit visit) {
  for (const auto& command : commands) {
    for (const auto& example : command.examples) visit(example.line);
    each_example(command.commands, visit);
  }
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("every example of the help runs as printed, against the simulator") {
    Site site;
    put_files(site);
    std::size_t tried = 0;
    each_example(cli::commands(), [&](const std::string& line) {
      const auto found = std::ranges::find_if(
          specials(), [&](const Special& each) { return line.starts_with(each.line); });
      const auto special = found == specials().end() ? Special{} : *found;
      if (special.lacks != nullptr) return;
      site.typed = special.typed;
      auto words = support::words_of(line);
      words.erase(words.begin());
      const auto result = site.run(words);
      CAPTURE(line);
      CAPTURE(result.code);
      CAPTURE(result.err);
      CHECK(std::ranges::find(special.codes, result.code) != special.codes.end());
      ++tried;
    });
    CHECK(tried >= 20);
  }

  TEST_CASE("every query of the README runs as printed") {
    Site site;
    site.sync();
    const warehouse::Reader reader(site.path());
    const auto readme = tests::file_text(support::in_source("README.md"));
    const std::string begin = "```sql\n";
    std::size_t tried = 0;
    for (auto at = readme.find(begin); at != std::string::npos; at = readme.find(begin, at + 1)) {
      const auto from = at + begin.size();
      CHECK_NOTHROW(reader.run(readme.substr(from, readme.find("```", from) - from)));
      ++tried;
    }
    CHECK(tried >= 1);
  }
}
