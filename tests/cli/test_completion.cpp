#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "cli/command.hpp"
#include "cli/exits.hpp"
#include "cli/setting.hpp"
#include "cli/shell.hpp"

using namespace csatdb;
using support::Shell;

namespace {

/// What a key press after these words would offer; the last one is being typed.
std::vector<std::string> offered(Shell& shell, std::vector<std::string> words) {
  words.insert(words.begin(), {"__complete", "--"});
  const auto result = shell.run(words);
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  std::vector<std::string> lines;
  std::istringstream text(result.out);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

using List = std::vector<std::string>;

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("commands, options and values complete where they may stand") {
    Shell shell;
    shell.home.write(".config/csatdb/config.toml", "[profiles.emea]\n[profiles.apac]\n");
    shell.home.write(".gc/config.toml", "[DEFAULT]\nclient_credentials=\"i\"\n");
    CHECK(has(offered(shell, {""}), "config"));
    CHECK(has(offered(shell, {}), "config"));
    CHECK(offered(shell, {"conf"}) == List{"config"});
    CHECK(offered(shell, {"completion", "z"}) == List{"zsh"});
    CHECK(offered(shell, {"completion", ""}) == List{"bash", "zsh", "fish"});
    CHECK(offered(shell, {"completion", "bash", ""}).empty());
    CHECK(offered(shell, {"config", "show", "--js"}) == List{"--json"});
    CHECK(has(offered(shell, {"config", "show", "--"}), "--profile"));
    CHECK(offered(shell, {"--log-format", ""}) == List{"text", "json"});
    CHECK(offered(shell, {"--log-format=j"}) == List{"--log-format=json"});
    CHECK(offered(shell, {"config", "--log-format", "t"}) == List{"text"});
    CHECK(offered(shell, {"--profile", ""}) == List{"apac", "emea", "DEFAULT"});
    CHECK(offered(shell, {"-v", "--db", "x", "config", "s"}) == List{"show"});
    CHECK(offered(shell, {"--db", ""}).empty());
    CHECK(offered(shell, {"nonsense", "--nonsense", ""}) == offered(shell, {""}));
  }

  TEST_CASE("a broken configuration prints nothing into the line being typed") {
    Shell shell;
    shell.home.write(".config/csatdb/config.toml", "[profiles\n");
    CHECK(offered(shell, {"--profile", ""}).empty());
  }

  TEST_CASE("the manual page names every command, setting and exit code") {
    Shell shell;
    const auto page = shell.run({"__manual"}).out;
    CHECK(page.starts_with(".TH CSATDB 1"));
    for (const auto& command : cli::commands())
      CHECK(page.find(".SS " + command.name) != std::string::npos);
    for (const auto& setting : cli::settings())
      CHECK(page.find("\n\\fB" + std::string(setting.key) + "\\fR\n") != std::string::npos);
    for (const auto& [code, meaning] : cli::exits())
      CHECK(page.find("\n\\fB" + std::to_string(code) + "\\fR\n") != std::string::npos);
    CHECK(page.find("\n'") == std::string::npos);
  }

  TEST_CASE("each shell gets a function of its own") {
    Shell shell;
    for (const std::string name : {"bash", "zsh", "fish"}) {
      const auto result = shell.run({"completion", name});
      CHECK(result.code == 0);
      CHECK(result.out.find("csatdb __complete --") != std::string::npos);
    }
    CHECK(shell.run({"completion"}).code == 2);
  }
}
