#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/config_file.hpp"
#include "cli/options.hpp"
#include "cli/proposal.hpp"
#include "cli/shell.hpp"
#include "sim/in_process.hpp"
#include "sim/service.hpp"

using namespace csatdb;
using support::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A machine beside a simulated organisation.
struct Site : Shell {
  explicit Site(sim::Options options = {})
      : world(organisation()), service_clock(kNow), service(world, service_clock, options) {
    transport = [this](int) { return std::make_unique<sim::InProcess>(service, service_clock); };
    variables["GENESYS_ENV_URL"] = "http://127.0.0.1:1";
  }

  static sim::Organisation organisation() {
    sim::Organisation small;
    small.first_day = base::day_of(kNow) - std::chrono::days(3);
    small.days = 3;
    small.interactions = 60;
    return small;
  }

  std::string config() const {
    std::ostringstream text;
    text << std::ifstream(home / ".config/csatdb/config.toml").rdbuf();
    return text.str();
  }

  static constexpr base::Instant kNow{base::Millis{1748757600000}};  // 2025-06-01T06:00:00Z
  sim::World world;
  sim::FakeClock service_clock;
  sim::Service service;
};

const std::vector<std::string> kAll{"init",
                                    "--base-url",
                                    "http://127.0.0.1:1",
                                    "--client-id",
                                    "demo",
                                    "--secret-command",
                                    "echo demo-secret",
                                    "--timezone",
                                    "Europe/Berlin",
                                    "--privacy",
                                    "standard"};

std::vector<std::string> with(std::vector<std::string> words, std::vector<std::string> more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

cli::Question question(std::string type, std::string text, std::vector<std::int64_t> values) {
  cli::Question made{"Form", "form", "question", std::move(text), std::move(type), {}};
  for (const auto value : values) made.options.push_back({std::to_string(value), value});
  return made;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("init asks for what is missing, tests it, and writes a file for its user alone") {
    Site site;
    site.variables["GENESYSCLOUD_OAUTHCLIENT_ID"] = "demo";
    site.typed = "demo-secret\nEurope/Berlin\n\n";
    const auto result = site.run({"init"});
    CHECK(result.err.find("demo-secret") == std::string::npos);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(contains(result.out, "Organisation: "));
    CHECK(contains(result.out, "quality:survey:view"));
    CHECK(!contains(result.out, "missing"));
    CHECK(contains(result.out, "Wrote ~/.config/csatdb/config.toml"));
    struct stat facts {};
    REQUIRE(stat((site.home / ".config/csatdb/config.toml").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);

    // What was written is what is read, without the environment.
    site.variables.erase("GENESYSCLOUD_OAUTHCLIENT_ID");
    site.variables.erase("GENESYS_ENV_URL");
    site.in_process([](cli::Process& process) {
      const auto options = read_options(process, {}, {cli::Source::flag, "flags", {}});
      const auto who = identity(process, options.layers);
      CHECK(who.client_id.items.front() == "demo");
      CHECK(secret(process, who) == "demo-secret");
      CHECK(who.host.items.front() == "http://127.0.0.1:1");
      CHECK(options.timezone.value == "Europe/Berlin");
      CHECK(options.privacy.value == "standard");
      CHECK(options.since.is_default());
      CHECK(options.measures.empty());
      return 0;
    });
  }

  TEST_CASE("init proposes the measures of the forms, and maps them when told to") {
    Site site;
    auto result = site.run(kAll);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(contains(result.out, "How satisfied are you with the service?"));
    CHECK(contains(site.config(), "# [[measures]]\n# name = \"csat\""));
    result = site.run(with(kAll, {"--force", "--measures"}));
    REQUIRE_MESSAGE(result.code == 0, result.err);
    site.variables.erase("GENESYS_ENV_URL");
    site.in_process([](cli::Process& process) {
      const auto options = read_options(process, {}, {cli::Source::flag, "flags", {}});
      CHECK(options.measures.size() >= 2);
      for (const auto& measure : options.measures) CHECK(!measure.positive.empty());
      return 0;
    });
  }

  TEST_CASE("init names the permissions that are missing, and writes all the same") {
    sim::Options options;
    options.missing_permissions = {"quality:survey:view", "quality:surveyForm:view"};
    Site site(options);
    const auto result = site.run(kAll);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const auto line = [&](const std::string& start) {
      const auto at = result.out.find("\n" + start + " ");
      return result.out.substr(at + 1, result.out.find('\n', at + 1) - at - 1);
    };
    CHECK(line("surveys").ends_with("missing"));
    CHECK(contains(line("surveys"), "quality:survey:view"));
    CHECK(line("survey_forms").ends_with("missing"));
    CHECK(line("queues").ends_with("found"));
    CHECK(contains(result.out, "Give the client's role what is missing"));
    CHECK(!site.config().empty());
  }

  TEST_CASE("credentials that are refused write nothing") {
    sim::Options options;
    options.client_secret = "another";
    Site site(options);
    const auto result = site.run(kAll);
    CHECK(result.code == 4);
    CHECK(site.config().empty());
    CHECK(site.run(with(kAll, {"--offline"})).code == 0);
    CHECK(!site.config().empty());
  }

  TEST_CASE("an existing configuration is not overwritten unasked; a profile joins it") {
    Site site;
    site.home.write(".config/csatdb/config.toml", "# mine\nparallel = 3\n");
    auto result = site.run(kAll);
    CHECK(result.code == 2);
    CAPTURE(result.err);
    CHECK(contains(result.err, "--profile NAME, or replace it with --force"));
    CHECK(site.config() == "# mine\nparallel = 3\n");

    result = site.run(with(kAll, {"--profile", "emea", "--measures"}));
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(site.config().starts_with("# mine\nparallel = 3\n"));
    CHECK(contains(site.config(), "[profiles.\"emea\"]"));
    CHECK(site.run(with(kAll, {"--profile", "emea"})).code == 2);
    site.variables.erase("GENESYS_ENV_URL");
    site.in_process([](cli::Process& process) {
      const auto options = read_options(process, {"emea", {}}, {cli::Source::flag, "flags", {}});
      CHECK(options.parallel.value == 3);
      CHECK(identity(process, options.layers).client_id.items.front() == "demo");
      CHECK(!options.measures.empty());
      return 0;
    });
    CHECK(site.run(with(kAll, {"--force"})).code == 0);
    CHECK(!contains(site.config(), "# mine"));
  }

  TEST_CASE("without a terminal and without an answer init says which flag to give") {
    Site site;
    CHECK(contains(site.run({"init"}).err, "give --client-id"));
    site.variables.erase("GENESYS_ENV_URL");
    site.typed = "\ndemo\n";
    const auto result = site.run({"init"});
    CHECK(result.code == 2);
    CAPTURE(result.err);
    CHECK(contains(result.err, "give --secret-file or --secret-command"));
    auto words = kAll;
    words[words.size() - 3] = "Mars/Olympus";
    CHECK(contains(site.run(words).err, "'Mars/Olympus' is unknown"));
  }

  TEST_CASE("keeping everything in the clear needs a confirmation") {
    Site site;
    auto words = kAll;
    words.back() = "none";
    CHECK(contains(site.run(words).err, "confirm with --yes"));
    CHECK(site.run(with(words, {"--yes"})).code == 0);
  }

  TEST_CASE("a proposal takes the best of a scale as positive") {
    const auto csat =
        cli::propose(question("multipleChoiceQuestion", "How SATISFIED are you?", {1, 2, 3, 4, 5}));
    REQUIRE(csat);
    CHECK(csat->name == "csat");
    CHECK(csat->positive == std::vector<std::string>{"5", "4"});
    CHECK(csat->scale == "1-5");
    CHECK(csat->question.empty());
    const auto fcr =
        cli::propose(question("multipleChoiceQuestion", "Wurde Ihr Anliegen gelöst?", {0, 1}));
    REQUIRE(fcr);
    CHECK(fcr->name == "fcr");
    CHECK(fcr->positive == std::vector<std::string>{"1"});
    CHECK(!cli::propose(question("freeTextQuestion", "Are you satisfied?", {})));
    CHECK(!cli::propose(question("multipleChoiceQuestion", "What colour?", {1, 2})));
    CHECK(!cli::propose(question("multipleChoiceQuestion", "Satisfied?", {1, 1})));
  }

  TEST_CASE("texts survive being written as TOML") {
    for (const std::string text : {"plain", "quote \" and \\", "line\nbreak\ttab", "Zürich ☃"}) {
      cli::Measure measure;
      measure.name = "csat";
      measure.question = text;
      measure.positive = {text};
      Shell shell;
      shell.folder.write("c.toml", measure_toml(measure, "[[measures]]"));
      shell.in_process([&](cli::Process& process) {
        const auto read = read_config(process, "c.toml", {}).measures;
        REQUIRE(read.size() == 1);
        CHECK(read[0].question == text);
        CHECK(read[0].positive == std::vector<std::string>{text});
        return 0;
      });
    }
  }

  TEST_CASE("who has yet to say who they are gets no warehouse and no key") {
    Shell shell;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"sync"}, {"extract", "6e1f1c2a-3b6d-4c56-9a3e-0d5b9f0a1c77"}}) {
      const auto result = shell.run(words);
      CHECK(result.code == 2);
      CHECK(contains(result.err, "csatdb: no OAuth client is configured: run `csatdb init`"));
    }
    CHECK(std::filesystem::is_empty(shell.folder.path()));
    CHECK(std::filesystem::is_empty(shell.home.path()));
  }

  TEST_CASE("the next step that init names reads what it wrote") {
    Site site;
    const auto next = [&](std::vector<std::string> more) {
      std::vector<std::string> words{
          "init",      "--offline", "--client-id",      "demo",  "--timezone", "UTC",
          "--privacy", "standard",  "--secret-command", "echo x"};
      words.insert(words.end(), more.begin(), more.end());
      const auto out = site.run(words).out;
      return out.substr(out.rfind("Next: "));
    };
    CHECK(next({}) == "Next: csatdb sync\n");
    CHECK(next({"--profile", "emea"}) == "Next: csatdb --profile emea sync\n");
    CHECK(next({"--config", "own.toml"}) == "Next: csatdb --config own.toml sync\n");
  }

  TEST_CASE("what init is told and cannot use is named by its flag, not by a file yet to come") {
    Site site;
    const auto told = [&](std::vector<std::string> words) {
      words.insert(words.begin(),
                   {"init", "--client-id", "demo", "--timezone", "UTC", "--privacy", "standard"});
      const auto result = site.run(words);
      CHECK(result.code == 2);
      return result.err;
    };
    CHECK(
        contains(told({"--secret-command", "false"}), "secret_command at --secret-command failed"));
    CHECK(contains(told({"--secret-file", "none"}), "--secret-file: there is no file none"));
    CHECK(contains(told({"--secret-file", "."}), "cannot be read: Is a directory"));
    CHECK(contains(told({"--region", "eu-west-9", "--secret-command", "echo x"}),
                   "region (--region): "));
  }
}
