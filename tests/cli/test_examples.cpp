#include <algorithm>
#include <set>

#include "cli/command.hpp"
#include "cli/site.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using support::Site;

namespace {

/// An example that this machine has not got everything for: how it begins, and what it lacks.
struct Absent {
  const char* line;
  const char* lacks;
};
constexpr Absent kAbsent[] = {
    {"csatdb init --region eu-west-1", "a password store with a secret of a real organisation"},
};

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
    site.typed = "UTC\nstandard\nn\n";  // what `init` asks for
    std::set<std::string> absent;
    std::size_t tried = 0;
    each_example(cli::commands(), [&](const std::string& line) {
      const auto* lacking = std::ranges::find_if(
          kAbsent, [&](const Absent& each) { return line.starts_with(each.line); });
      if (lacking != std::end(kAbsent)) {
        absent.insert(lacking->line);
        return;
      }
      auto words = support::words_of(line);
      words.erase(words.begin());
      const auto result = site.run(words);
      CAPTURE(line);
      CAPTURE(result.err);
      CHECK(result.code == 0);
      ++tried;
    });
    CHECK(tried >= 20);
    CHECK(absent.size() == std::size(kAbsent));
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
