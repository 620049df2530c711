#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <set>

#include "support/batches.hpp"
#include "support/child.hpp"
#include "support/desk.hpp"

using namespace csatdb;
namespace fs = std::filesystem;

namespace {

/// What the index of the warehouse's log needs, and no output fits into.
constexpr rlim_t kSpace = 40'000;

struct Machine : support::Desk {
  Machine() : Desk(organisation(3, 600)) { run_well({"-q", "sync", "--since", "3d"}); }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      names.insert(fs::relative(entry.path(), folder.path()).string());
    return names;
  }
};

/// A command line whose standard output is a full disk.
support::Shell::Result run_onto_full_disk(Machine& machine, const std::vector<std::string>& words) {
  return machine.in_process([&](cli::Process& process) {
    std::ofstream full("/dev/full");
    auto* const kept = process.out.rdbuf(full.rdbuf());
    const int code = cli::run(words, process);
    process.out.rdbuf(kept);
    return code;
  });
}

/// A command line for which every file ends at so many bytes, as on a disk with so much space left.
support::Shell::Result run_with_space(Machine& machine, const std::vector<std::string>& words,
                                      rlim_t bytes) {
  return support::run_in_child(machine, words, [bytes] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
  });
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("output onto a full disk ends with 6 and says what to do") {
    Machine machine;
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"export", "fact_interactions"},
             {"export", "fact_interactions", "--gzip"},
             {"export", "fact_interactions", "--format", "ndjson"},
             {"export", "--logical"},
             {"report", "csat-trend"},
             {"report", "csat-trend", "--format", "json"},
             {"search", "a"},
             {"status"},
             {"schema"},
             {"config", "show"},
             {"sync"},
             {"--help"},
             {"--version"}}) {
      CAPTURE(words[0]);
      const auto result = run_onto_full_disk(machine, words);
      CHECK(result.code == 6);
      CHECK(has(result.err, "free some space"));
    }
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"export", "fact_interactions", "--output"},
                                               {"export", "--logical", "--gzip", "--output"},
                                               {"report", "csat-trend", "--output"},
                                               {"dashboard", "-o"}}) {
      CAPTURE(words[0]);
      auto onto = words;
      onto.emplace_back("/dev/full");
      const auto result = machine.run(onto);
      CHECK(result.code == 6);
      CHECK(has(result.err, "/dev/full could not be written"));
      CHECK(has(result.err, "some space"));
    }
  }

  TEST_CASE("a file that did not fit leaves the older one, and nothing half-written") {
    Machine machine;
    machine.run_well({"export", "--snapshot", "bi.db"});
    machine.folder.write("out/fact_interactions.csv", "what was there");
    machine.folder.write("old", "what was there");
    const auto snapshot = tests::file_text((machine.folder / "bi.db").string());
    const auto before = machine.files();
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"export", "fact_interactions", "--output", "old"},
             {"export", "fact_interactions", "--gzip", "--output", "old"},
             {"export", "--logical", "--output", "old"},
             {"export", "fact_interactions", "fact_agent_legs", "--output", "out/"},
             {"dashboard", "-o", "old"},
             {"export", "--snapshot", "bi.db"},
             {"export", "--snapshot", "new.db", "--audience", "managers"}}) {
      CAPTURE(words[1]);
      const auto result = run_with_space(machine, words, kSpace);
      CAPTURE(result.err);
      CHECK(result.code == 6);
      CHECK(machine.files() == before);
    }
    CHECK(tests::file_text((machine.folder / "old").string()) == "what was there");
    machine.folder.write("config.toml", "# mine\n");
    const auto with_config = machine.files();
    const auto init =
        run_with_space(machine,
                       {"--config", "config.toml", "init", "--force", "--offline", "--base-url",
                        "http://127.0.0.1:1", "--client-id", "demo", "--secret-command", "echo x",
                        "--timezone", "UTC", "--privacy", "standard"},
                       64);
    CAPTURE(init.err);
    CHECK(init.code == 6);
    CHECK(has(init.err, "config.toml cannot be written"));
    CHECK(machine.files() == with_config);
    CHECK(tests::file_text((machine.folder / "config.toml").string()) == "# mine\n");
    const bool is_old_snapshot = tests::file_text((machine.folder / "bi.db").string()) == snapshot;
    CHECK(is_old_snapshot);
  }
}
