#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "cli/exits.hpp"
#include "cli/shell.hpp"
#include "json/reader.hpp"
#include "support/source.hpp"

using namespace csatdb;
using support::Shell;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Calls `visit(path, command)` for every command that does something, e.g. {"config", "show"}.
template <class Visit>
void each_command(const std::vector<cli::Command>& commands, std::vector<std::string> path,
                  Visit visit) {
  for (const auto& command : commands) {
    path.push_back(command.name);
    if (command.add) visit(path, command);
    each_command(command.commands, path, visit);
    path.pop_back();
  }
}

constexpr std::array kFaults{
    base::Fault::internal,    base::Fault::usage,       base::Fault::gaps,
    base::Fault::denied,      base::Fault::unavailable, base::Fault::storage,
    base::Fault::undecodable, base::Fault::busy,        base::Fault::interrupted};

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("fault, exit code, help and README agree") {
    std::ostringstream readme;
    readme << std::ifstream(support::in_source("README.md")).rdbuf();
    Shell shell;
    const std::string help = shell.run({"--help"}).out;
    for (const auto& [code, meaning] : cli::exits()) {
      CHECK(contains(help, fmt::format("\n  {:<4} {}\n", code, meaning)));
      CHECK(contains(readme.str(), fmt::format("\n| {} | {} |\n", code, meaning)));
    }
    CHECK(cli::exits().size() == kFaults.size() + 1);
    for (const auto fault : kFaults) CHECK(!cli::meaning(fault).empty());
    CHECK(base::exit_code(base::Fault::busy) == 8);
    CHECK(base::exit_code(base::Fault::interrupted) == 130);
  }

  TEST_CASE("every command's help has examples and its exit codes") {
    each_command(cli::commands(), {},
                 [](std::vector<std::string> path, const cli::Command& command) {
                   path.push_back("--help");
                   Shell shell;
                   const auto result = shell.run(path);
                   CAPTURE(command.name);
                   CHECK(result.code == 0);
                   CHECK(contains(result.out, command.summary));
                   CHECK(contains(result.out, "\nExamples:\n"));
                   CHECK(contains(result.out, "\nExit status:\n"));
                   for (const auto fault : command.faults)
                     CHECK(contains(result.out, fmt::format("\n  {:<4} ", base::exit_code(fault))));
                 });
  }

  TEST_CASE("every example of the help parses, and runs its own command") {
    std::size_t tried = 0;
    each_command(cli::commands(), {}, [&](const auto& path, const cli::Command& command) {
      for (const auto& example : command.examples) {
        const auto& line = example.line;
        CAPTURE(line);
        auto words = support::words_of(line);
        REQUIRE(words.size() > path.size());
        CHECK(words.front() == "csatdb");
        words.erase(words.begin());
        for (const auto& name : path) CHECK(contains(line, name));
        cli::CommandLine parsed;
        CHECK_NOTHROW(parsed.parse(words));
        CHECK(static_cast<bool>(parsed.run()));
        CHECK(!example.what.empty());
        ++tried;
      }
    });
    CHECK(tried >= 5);
  }

  TEST_CASE("what is mistyped is refused with what was probably meant") {
    struct Row {
      std::vector<std::string> words;
      const char* answer;
    };
    const std::vector<Row> rows{
        {{}, "needs a command"},
        {{"cofnig"}, "unknown command 'cofnig' (did you mean 'config'?)"},
        {{"config"}, "`csatdb config` needs a command: show"},
        {{"config", "shwo"}, "(did you mean 'show'?)"},
        {{"config", "show", "--jsno"}, "unknown option '--jsno' (did you mean '--json'?)"},
        {{"config", "show", "--pofile", "x"}, "(did you mean '--profile'?)"},
        {{"config", "show", "extra"}, "extra"},
        {{"--db"}, "--db"},
        {{"completion", "bsh"}, "(did you mean 'bash'?)"},
        {{"report", "csat-tren"}, "(did you mean 'csat-trend'?)"},
        {{"schema", "fact_survey"}, "(did you mean 'fact_surveys'?)"},
        {{"sync", "--only", "convrsations"}, "(did you mean 'conversations'?)"},
        {{"--log-format", "xml", "config", "show"}, "'xml' is not one of {text,json}"},
        {{"-q", "-v", "config", "show"}, "contradict"},
        {{"--budget", "1", "sync"}, "--budget belongs behind the command: `csatdb sync --budget"},
        {{"--format=csv", "report", "csat-by"}, "behind the command: `csatdb report --format"},
        {{"export", "users", "--since-run", "0"}, "'0' is no whole number from 1 on"},
        {{"status", "--check", "--max-gaps", "-1"}, "'-1' is no whole number from 0 on"},
        {{"sync", "--keep-raw", "--no-keep-raw"}, "excludes"},
        {{"sync", "--snapshot-mode", "0644"}, "requires --snapshot"},
        {{"sync", "--snapshot", "bi.db", "--snapshot-mode", "9"}, "'9' is no mode"},
        {{"publish", "--to", ""}, "--to: it is empty"},
        {{"report", "--output", "reports.txt"}, "--output needs a report"},
        {{"report", "csat-by", "--explain", "--output", "csat.md"}, "leave --output out"},
        {{"sync", "status"}, "not expected: status"},
        {{"config", "show", "timezone"}, "not expected: timezone"},
        {{"report", "status"}, "there is no report 'status'"},
        {{"forget", "--ids", "."}, "--ids: . cannot be read"},
    };
    for (const auto& row : rows) {
      Shell shell;
      const auto result = shell.run(row.words);
      CAPTURE(result.err);
      CHECK(result.code == 2);
      CHECK(result.err.starts_with("csatdb: "));
      CHECK(contains(result.err, row.answer));
      CHECK(result.out.empty());
    }
  }

  TEST_CASE("a command's name is a word like others where another command takes words") {
    Shell shell;
    CHECK(shell.run({"schema", "measures"}).out.starts_with("## measures (table)"));
    CHECK(shell.run({"import", "export"}).err.starts_with("csatdb: export cannot be read"));
  }

  TEST_CASE("an error names a file as its user did, without the folder that all are in") {
    Shell shell;
    const std::vector<std::vector<std::string>> lines{{"report", "csat-by"},
                                                      {"status", "--check"},
                                                      {"export", "users"},
                                                      {"prune", "--older-than", "2y"}};
    for (auto words : lines) {
      words.insert(words.begin(), {"--db", "here/no.db"});
      const auto result = shell.run(words);
      CAPTURE(result.err);
      CHECK(result.code == 2);
      CHECK(contains(result.out + result.err, "there is no warehouse here/no.db:"));
    }
    const auto elsewhere = (shell.home / "no.db").string();
    CHECK(contains(shell.run({"--db", elsewhere, "export", "users"}).err, elsewhere + ":"));
  }

  TEST_CASE("global options may stand before and behind the command") {
    for (const auto& words : {std::vector<std::string>{"--db", "a.db", "config", "show"},
                              std::vector<std::string>{"config", "--db", "a.db", "show"},
                              {"config", "show", "--db=a.db"}}) {
      Shell shell;
      const auto result = shell.run(words);
      CHECK(result.code == 0);
      CHECK(contains(result.out, "a.db"));
      CHECK(contains(result.out, "--db"));
    }
  }

  TEST_CASE("an error is told in JSON to whoever reads JSON") {
    Shell shell;
    shell.variables["CSATDB_RATE"] = "fast";
    for (const auto& words : {std::vector<std::string>{"config", "show", "--json"},
                              {"--log-format", "json", "config", "show"},
                              {"config", "show", "--log-format=json"}}) {
      const auto result = shell.run(words);
      CHECK(result.code == 2);
      json::Document document;
      const auto error = document.parse(result.err)["error"];
      CHECK(error["fault"].text() == "usage");
      CHECK(error["code"].integer() == 2);
      CHECK(contains(std::string(error["message"].text()), "CSATDB_RATE"));
    }
  }

  TEST_CASE("config show names every setting and its origin, and masks every secret") {
    Shell shell;
    shell.home.write(
        ".config/csatdb/config.toml",
        "client_id = \"an-id\"\nclient_secret = \"hush-hush\"\nregion = \"eu-west-1\"\n"
        "attributes = [\"a\", \"b\"]\n");
    const auto table = shell.run({"config", "show"});
    CHECK(table.code == 0);
    for (const auto& setting : cli::settings()) {
      if (setting.key == "base_url" || setting.key.starts_with("secret_")) continue;
      CHECK(contains(table.out, std::string(setting.key)));
    }
    CHECK(contains(table.out, "an-id"));
    CHECK(contains(table.out, "***"));
    CHECK(contains(table.out, "a, b"));
    CHECK(!contains(table.out + table.err, "hush-hush"));

    const auto as_json = shell.run({"config", "show", "--json"});
    json::Document document;
    bool found = false;
    for (const auto& row : document.parse(as_json.out).elements()) {
      if (row["key"].text() != "region") continue;
      found = true;
      CHECK(row["value"].text() == "eu-west-1");
      CHECK(row["origin"].text() == "~/.config/csatdb/config.toml:3:1");
    }
    CHECK(found);

    shell.variables["GENESYSCLOUD_REGION"] = "eu-west-2";
    const auto mixed = shell.run({"config", "show"});
    CHECK(mixed.code == 2);
    CHECK(contains(mixed.out, "GENESYSCLOUD_REGION"));
    CHECK(contains(mixed.err, "must come from one place"));
  }

  TEST_CASE("the version is told, with -v that of every library") {
    Shell shell;
    const auto brief = shell.run({"--version"});
    CHECK(brief.code == 0);
    CHECK(brief.out.starts_with("csatdb "));
    const auto full = shell.run({"--version", "-v"}).out;
    CHECK(full.starts_with(brief.out));
    for (const char* name :
         {"fmt", "spdlog", "libcurl", "libdeflate", "OpenSSL", "RapidJSON", "SQLite", "SQLiteCpp",
          "libcrypto", "xxHash", "libpq", "CLI11", "toml++"})
      CHECK(contains(full, std::string("\n") + name + " "));
  }

  TEST_CASE("output that cannot be written is an error") {
    Shell shell;
    const auto result = shell.in_process([](cli::Process& process) {
      process.out.setstate(std::ios::failbit);
      errno = ENOSPC;
      return cli::run({"config", "show"}, process);
    });
    CHECK(result.code == 6);
  }

  TEST_CASE("a watch without a pause between its rounds is refused") {
    Shell shell;
    const auto result = shell.run({"sync", "--watch", "1s"});
    CHECK(result.code == 2);
    CHECK(contains(result.err, "--watch 1s"));
  }
}
