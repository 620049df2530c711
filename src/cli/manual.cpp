#include "cli/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "base/version.hpp"
#include "cli/command_line.hpp"
#include "cli/exits.hpp"

namespace csatdb::cli {
namespace {

/// Text as roff prints it verbatim: no escapes, no requests at a line's beginning, real hyphens.
std::string roff(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = i == 0 || text[i - 1] == '\n';
    if (begins && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    if (text[i] == '\\')
      out += "\\e";
    else if (text[i] == '-')
      out += "\\-";
    else
      out += text[i];
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }

/// A term and what it means, hanging.
std::string item(const std::string& term, std::string_view meaning) {
  return ".TP\n" + term + "\n" + roff(meaning) + "\n";
}

std::string option_item(const CLI::Option& option) {
  const bool positional = option.get_positional();
  std::string term = bold(option.get_name(positional, !positional));
  if (!positional && option.get_items_expected_max() > 0) {
    std::string type = option.get_type_name();
    const auto choices = type.find(":{");
    if (choices != std::string::npos) type = type.substr(choices + 1);
    term += " \\fI" + roff(type) + "\\fR";
  }
  return item(term, option.get_description());
}

std::string options_of(const CLI::App& app) {
  std::string text;
  for (const auto* option : app.get_options()) {
    if (!option->get_group().empty() && !option->check_name("--help")) text += option_item(*option);
  }
  return text;
}

std::string commands_of(const std::vector<Command>& all, const CLI::App& parent,
                        const std::string& path) {
  std::string text;
  for (const auto& command : all) {
    const auto found = parent.get_subcommands(
        [&](const CLI::App* app) { return app->get_name() == command.name; });
    const std::string name = path + " " + command.name;
    if (command.add) {
      text += ".SS " + roff(name.substr(1)) + "\n" + roff(command.summary) + ".\n";
      if (!command.description.empty()) text += roff(command.description) + "\n";
      text += options_of(*found.front());
      if (!command.examples.empty()) text += ".PP\nExamples:\n";
      for (const auto& example : command.examples) text += item(bold(example.line), example.what);
    }
    text += commands_of(command.commands, *found.front(), name);
  }
  return text;
}

std::string settings_text() {
  std::string text;
  for (const auto& setting : settings()) {
    std::string meaning(setting.meaning);
    if (!setting.fallback.empty()) meaning += fmt::format(" (default: {})", setting.fallback);
    std::string names;
    for (const auto variable : setting.variables) {
      if (!variable.empty()) names += (names.empty() ? "" : ", ") + std::string(variable);
    }
    if (!names.empty()) meaning += ". In the environment: " + names;
    text += item(bold(setting.key), meaning);
  }
  return text;
}

constexpr auto kConfiguration =
    "Flags win over environment variables, these over .env in the current folder, that over the\n"
    "configuration file with its [profiles.NAME] tables, that over the official CLI's\n"
    "~/.gc/config.toml, that over the defaults. Client id, secret and region or base URL come "
    "from\n"
    "one place. A secret is never a command line argument; a file that holds one must belong to "
    "its\n"
    "user alone.";

}  // namespace

std::string manual() {
  const CommandLine line;
  std::string text =
      fmt::format(".TH CSATDB 1 \"\" \"csatdb {}\" \"User Commands\"\n", base::version());
  text += ".SH NAME\ncsatdb \\- Genesys Cloud surveys and interactions in one SQLite file\n";
  text += ".SH SYNOPSIS\n.B csatdb\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR\n";
  text += ".SH OPTIONS\n" + options_of(line.app());
  text += ".SH COMMANDS\n" + commands_of(commands(), line.app(), "");
  text += ".SH CONFIGURATION\n" + roff(kConfiguration) + "\n" + settings_text();
  text += ".SH FILES\n";
  text += item(bold("csat.db"), "the warehouse, in the current folder unless another is named");
  text += item(bold("~/.config/csatdb/config.toml"), "the configuration ($XDG_CONFIG_HOME counts)");
  text += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exits()) text += item(bold(fmt::format("{}", code)), meaning);
  text += ".PP\n" + bold("csatdb status --check") +
          " alone speaks the monitors' language: 0 ok, 1 warning, 2 critical.\n";
  return text;
}

}  // namespace csatdb::cli
