#include <doctest/doctest.h>

#include "base/error.hpp"
#include "cli/options.hpp"
#include "cli/shell.hpp"
#include "cli/variables.hpp"

using namespace csatdb;
using support::Shell;

namespace {

/// The options of a machine; `flags` are settings given on the command line.
cli::Options options(Shell& shell, std::map<std::string, std::string> flags = {},
                     cli::Globals globals = {}) {
  cli::Options read;
  shell.in_process([&](cli::Process& process) {
    cli::Layer layer{cli::Source::flag, "the command line", {}};
    for (const auto& [key, text] : flags) put(layer, *cli::find_setting(key), text, "--" + key);
    read = read_options(process, globals, layer);
    return 0;
  });
  return read;
}

/// The message that reading the options ends with; empty if it succeeds.
std::string refusal(Shell& shell, std::map<std::string, std::string> flags = {},
                    cli::Globals globals = {}) {
  try {
    options(shell, std::move(flags), std::move(globals));
  } catch (const base::Error& error) {
    CHECK(error.fault() == base::Fault::usage);
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr auto kToml = ".config/csatdb/config.toml";

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a stronger layer wins, and each value says where it came from") {
    struct Row {
      const char *flag, *variable, *dotenv, *profile, *top;
      const char *value, *origin;
    };
    const std::vector<Row> rows{
        {"1", "2", "3", "4", "5", "1", "--parallel"},
        {nullptr, "2", "3", "4", "5", "2", "CSATDB_PARALLEL"},
        {nullptr, nullptr, "3", "4", "5", "3", "CSATDB_PARALLEL in .env"},
        {nullptr, nullptr, nullptr, "4", "5", "4", "~/.config/csatdb/config.toml:3:1"},
        {nullptr, nullptr, nullptr, nullptr, "5", "5", "~/.config/csatdb/config.toml:1:1"},
        {nullptr, nullptr, nullptr, nullptr, nullptr, "8", "default"},
        {nullptr, "", "3", "4", "5", "3", "CSATDB_PARALLEL in .env"},
    };
    for (const auto& row : rows) {
      Shell shell;
      const auto line = [](const char* name, const char* value) {
        return value == nullptr ? std::string("\n") : std::string(name) + value + "\n";
      };
      if (row.variable != nullptr) shell.variables["CSATDB_PARALLEL"] = row.variable;
      if (row.dotenv != nullptr) shell.folder.write(".env", line("CSATDB_PARALLEL=", row.dotenv));
      shell.home.write(kToml, line("parallel = ", row.top) + "[profiles.emea]\n" +
                                  line("parallel = ", row.profile));
      std::map<std::string, std::string> flags;
      if (row.flag != nullptr) flags["parallel"] = row.flag;
      const auto read = options(shell, flags, {"emea", {}});
      CAPTURE(row.origin);
      CHECK(std::to_string(read.parallel.value) == row.value);
      CHECK(read.parallel.origin == row.origin);
      CHECK(read.parallel.is_default() == (std::string(row.origin) == "default"));
    }
  }

  TEST_CASE("every setting of the environment is read under each of its names") {
    for (const auto& setting : cli::settings()) {
      for (const auto name : setting.variables) {
        if (name.empty()) continue;
        Shell shell;
        shell.variables[std::string(name)] = "0.5";
        const auto result = shell.in_process([&](cli::Process& process) {
          const auto layer = environment_layer(process);
          REQUIRE(layer.has(setting.key));
          CHECK(layer.find(setting.key)->origin == name);
          CHECK(layer.entries.size() == 1);
          return 0;
        });
        CHECK(result.code == 0);
      }
    }
  }

  TEST_CASE("values arrive in their types") {
    Shell shell;
    shell.home.write(kToml, R"(
timezone = "Europe/Berlin"
privacy = "strict"
retention = "2y"
since = "2026-01-31"
horizon = "30d"
attributes = ["reason", "a, b"]
only = "users"
budget = 1
rate = 0
database = "~/data/csat.db"
)");
    const auto read = options(shell);
    CHECK(read.timezone.value == "Europe/Berlin");
    CHECK(read.privacy.value == "strict");
    CHECK(read.retention.value == base::parse_duration("2y"));
    CHECK(!read.since.value.ago);
    CHECK(read.since.value.date == "2026-01-31");
    CHECK(read.horizon.value == *base::parse_duration("30d"));
    CHECK(read.attributes.value == std::vector<std::string>{"reason", "a, b"});
    CHECK(read.only.value == std::vector<std::string>{"users"});
    CHECK(read.budget.value == 1.0);
    CHECK(read.rate.value == 0.0);
    CHECK(read.database.value == shell.home / "data/csat.db");

    shell.variables["CSATDB_ONLY"] = "users, queues,,";
    CHECK(options(shell).only.value == std::vector<std::string>{"users", "queues"});
  }

  TEST_CASE("without any configuration the documented defaults hold") {
    Shell shell;
    const auto read = options(shell);
    CHECK(read.database.value == shell.folder / "csat.db");
    CHECK(!read.timezone.value);
    CHECK(read.privacy.value == "standard");
    CHECK(!read.retention.value);
    CHECK(read.since.value.ago == base::parse_duration("90d"));
    CHECK(read.horizon.value == *base::parse_duration("120d"));
    CHECK(read.budget.value == 0.8);
    CHECK(read.rate.value == 300.0);
  }

  TEST_CASE("a value that cannot be used is refused under the name of its origin") {
    struct Row {
      const char *variable, *text, *complaint;
    };
    const std::vector<Row> rows{
        {"CSATDB_BUDGET", "1.5", "budget (CSATDB_BUDGET): 1.5 is not between"},
        {"CSATDB_BUDGET", "0.8x", "'0.8x' is not a number"},
        {"CSATDB_BUDGET", "nan", "'nan' is not a number"},
        {"CSATDB_RATE", "-1", "is not between"},
        {"CSATDB_PARALLEL", "0", "is not between"},
        {"CSATDB_RETENTION", "2 years", "write 15m, 26h, 90d or 2y"},
        {"CSATDB_HORIZON", "0d", "is no length of time"},
        {"CSATDB_SINCE", "31.01.2026", "neither an age such as 90d nor a date"},
        {"CSATDB_SINCE", "2026-02-30", "neither an age such as 90d nor a date"},
        {"CSATDB_PRIVACY", "strickt", "did you mean 'strict'?"},
        {"CSATDB_TIMEZONE", "Europe/Bärlin", "timezone (CSATDB_TIMEZONE): time zone"},
        {"CSATDB_SINCE", "99999y", "neither an age such as 90d nor a date"},
    };
    for (const auto& row : rows) {
      Shell shell;
      shell.variables[row.variable] = row.text;
      const auto message = refusal(shell);
      CAPTURE(message);
      CHECK(contains(message, row.complaint));
    }
    Shell shell;
    CHECK(contains(refusal(shell, {{"database", ""}}), "database (--database): it is empty"));
  }

  TEST_CASE("TOML that csatdb does not know is refused with line and column") {
    struct Row {
      const char *text, *complaint;
    };
    const std::vector<Row> rows{
        {"\ntimezon = \"UTC\"",
         "config.toml:2:1: unknown key 'timezon' (did you mean 'timezone'?)"},
        {"[profiles.emea]\n  parralel = 3", "config.toml:2:3: unknown key 'parralel'"},
        {"[profile.emea]\nparallel = 3", "unknown key 'profile' (did you mean 'profiles'?)"},
        {"parallel = \"3\"", "config.toml:1:12: 'parallel' must be a number"},
        {"timezone = 3", "config.toml:1:12: 'timezone' must be a text in quotes"},
        {"only = [1]", "'only' must be a text in quotes"},
        {"timezone = ", "config.toml:1:"},
        {"a = 1\na = 2", "config.toml:2:5: Error while parsing"},
        {"[[measures]]\nname = \"cast\"\nquestion = \"q\"", "did you mean 'csat'?"},
        {"[[measures]]\nname = \"csat\"", "needs a question_context_id"},
        {"[[measures]]\nname = \"csat\"\nquestions = \"q\"", "did you mean 'question'?"},
        {"[measures]\nname = \"csat\"", "write [[measures]]"},
        {"profiles = 3", "unknown key 'profiles'"},
    };
    for (const auto& row : rows) {
      Shell shell;
      shell.home.write(kToml, row.text);
      const auto message = refusal(shell);
      CAPTURE(row.text);
      CAPTURE(message);
      CHECK(contains(message, row.complaint));
    }
  }

  TEST_CASE("measures are read, a profile's instead of the others") {
    Shell shell;
    shell.home.write(kToml, R"([[measures]]
name = "csat"
form_context_id = "f1"
question_context_id = "q1"
positive = ["Good", 5]
scale = "1-5"
[profiles.emea]
[[profiles.emea.measures]]
name = "fcr"
question = "Was your question answered?"
)");
    const auto top = options(shell).measures;
    REQUIRE(top.size() == 1);
    CHECK(top[0].name == "csat");
    CHECK(top[0].form_context_id == "f1");
    CHECK(top[0].question_context_id == "q1");
    CHECK(top[0].positive == std::vector<std::string>{"Good", "5"});
    CHECK(top[0].scale == "1-5");
    const auto emea = options(shell, {}, {"emea", {}}).measures;
    REQUIRE(emea.size() == 1);
    CHECK(emea[0].name == "fcr");
    CHECK(emea[0].question == "Was your question answered?");
  }

  TEST_CASE("a profile that nobody defines is refused with the nearest one") {
    Shell shell;
    shell.home.write(kToml, "[profiles.production]\nparallel = 3\n");
    CHECK(contains(refusal(shell, {}, {"prodution", {}}), "did you mean 'production'?"));
    CHECK(refusal(shell, {}, {"production", {}}).empty());
    shell.home.write(".gc/config.toml", "[emea]\nclient_credentials=\"i\"\nclient_secret=\"s\"\n");
    CHECK(refusal(shell, {}, {"EMEA", {}}).empty());
  }

  TEST_CASE("the configuration file is the one named, else the one in XDG_CONFIG_HOME") {
    Shell shell;
    shell.home.write(kToml, "parallel = 2");
    shell.home.write("xdg/csatdb/config.toml", "parallel = 3");
    shell.folder.write("mine.toml", "parallel = 4");
    CHECK(options(shell).parallel.value == 2);
    shell.variables["XDG_CONFIG_HOME"] = (shell.home / "xdg").string();
    CHECK(options(shell).parallel.value == 3);
    CHECK(options(shell, {}, {{}, "mine.toml"}).parallel.value == 4);
    CHECK(options(shell, {}, {{}, "mine.toml"}).parallel.origin == "mine.toml:1:1");
    CHECK(contains(refusal(shell, {}, {{}, "absent.toml"}), "absent.toml: there is no such file"));
    shell.variables = {};
    CHECK(options(shell).parallel.value == 8);
  }

  TEST_CASE(".env is read as shells and tools write it") {
    const auto read = cli::parse_dotenv(
        "# a comment\n"
        "A=plain\r\n"
        "export B = spaced   # and a comment\n"
        "C=\"two words # no comment\" # comment\n"
        "D='single $HOME \\n'\n"
        "E=\"line\\nbreak \\\"quoted\\\"\"\n"
        "F=\n"
        "no assignment\n"
        "1 bad name=2\n"
        "G=a=b#c\n"
        "A=last wins");
    const std::map<std::string, std::string> expected{{"A", "last wins"},
                                                      {"B", "spaced"},
                                                      {"C", "two words # no comment"},
                                                      {"D", "single $HOME \\n"},
                                                      {"E", "line\nbreak \"quoted\""},
                                                      {"F", ""},
                                                      {"G", "a=b#c"}};
    CHECK(read == expected);
  }

  TEST_CASE(".env that others can get at is refused as soon as it sets one of ours") {
    Shell shell;
    shell.folder.write(".env", "NODE_ENV=production\n", 0644);
    CHECK(refusal(shell).empty());
    for (const mode_t mode : {0644U, 0640U, 0620U, 0602U}) {
      shell.folder.write(".env", "CSATDB_PARALLEL=3\n", mode);
      CHECK(contains(refusal(shell), "chmod 600 .env"));
    }
    shell.folder.write(".env", "CSATDB_PARALLEL=3\n", 0600);
    CHECK(refusal(shell).empty());
  }

  TEST_CASE("a configuration file that others can write, or read a secret in, is refused") {
    Shell shell;
    shell.home.write(kToml, "parallel = 3\n", 0644);
    CHECK(refusal(shell).empty());
    shell.home.write(kToml, "parallel = 3\n", 0664);
    CHECK(contains(refusal(shell), "others can write it"));
    shell.home.write(kToml, "client_secret = \"s3cret\"\n", 0640);
    CHECK(contains(refusal(shell), "others can read it"));
    shell.home.write(kToml, "[profiles.other]\nclient_secret = \"s3cret\"\n", 0640);
    CHECK(contains(refusal(shell), "others can read it"));
    shell.home.write(kToml, "client_secret = \"s3cret\"\n", 0600);
    CHECK(refusal(shell).empty());
  }
}
