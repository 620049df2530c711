#include "cli/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/exits.hpp"
#include "cli/nearest.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// The end of a command's help: examples, and the exit codes that it can end with.
std::string footer(const Command& command) {
  std::string text;
  if (!command.examples.empty()) {
    text += "Examples:\n";
    for (const auto& [line, what] : command.examples)
      text += fmt::format("  {}\n      {}\n", line, what);
    text += "\n";
  }
  if (!command.commands.empty()) return text;
  text += "Exit status:\n";
  std::vector<int> codes{0, base::exit_code(Fault::internal), base::exit_code(Fault::usage)};
  for (const auto fault : command.faults) codes.push_back(base::exit_code(fault));
  for (const auto& [code, meaning] : exits()) {
    if (std::ranges::find(codes, code) != codes.end())
      text += fmt::format("  {:<4} {}\n", code, meaning);
  }
  if (!command.exit_note.empty()) text += "  " + command.exit_note + "\n";
  return text;
}

std::string root_footer() {
  std::string text = "`csatdb COMMAND --help` explains a command, with examples.\n\nExit status:\n";
  for (const auto& [code, meaning] : exits()) text += fmt::format("  {:<4} {}\n", code, meaning);
  return text;
}

/// Lists commands by their summary alone, which is the first line of what their own help begins
/// with.
class Layout : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* sub) const override {
    const std::string description = sub->get_description();
    std::ostringstream line;
    CLI::detail::format_help(line, sub->get_name(), description.substr(0, description.find('\n')),
                             column_width_);
    return line.str();
  }
};

const CLI::App* deepest(const CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::vector<std::string> subcommand_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const auto* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string path_of(const CLI::App* app) {
  std::string path = app->get_name();
  while ((app = app->get_parent()) != nullptr) path = app->get_name() + " " + path;
  return path;
}

}  // namespace

CommandLine::CommandLine()
    : app_(std::make_unique<CLI::App>("Genesys Cloud surveys and interactions in one SQLite file.",
                                      "csatdb")) {
  auto& app = *app_;
  // Subcommands copy this when they are added: global flags may stand behind the command.
  app.fallthrough();
  // One command: a word behind it that is also another's name is still its word.
  app.require_subcommand(0, 1);
  const auto layout = std::make_shared<Layout>();
  layout->column_width(34);
  app.formatter(layout);
  app.set_help_flag("-h,--help", "this help");
  setting_flag(app, flags_, "--db", "database")->type_name("FILE");
  auto* profile = app.add_option("--profile", globals_.profile, "profile of the configuration");
  words_.emplace_back(profile->type_name("NAME"), [](Session& session) {
    return profile_names(session.process(), session.globals());
  });
  app.add_option("--config", globals_.config, "configuration file")->type_name("FILE");
  app.add_flag("-v,--verbose", verbosity_, "say more (twice: even more)");
  app.add_flag("-q,--quiet", quiet_, "say only what is wrong");
  one_of(app.add_option("--log-format", log_format_, "form of log lines"), {"text", "json"});
  app.add_flag("--version", version_, "version (with -v: of the libraries too)");
  for (const auto& command : commands()) add(app, command);
  app.footer(root_footer());
}

CommandLine::~CommandLine() = default;

void CommandLine::add(CLI::App& parent, const Command& command) {
  auto* app = parent.add_subcommand(command.name, command.summary);
  app->group(command.group.empty() ? "Commands" : command.group);
  if (!command.description.empty())
    app->description(command.summary + "\n\n" + command.description + "\n");
  app->footer(footer(command));
  if (command.add) runs_.emplace_back(app, command.add(*app, flags_));
  for (const auto& [name, words] : command.words) words_.emplace_back(app->get_option(name), words);
  for (const auto& below : command.commands) add(*app, below);
}

std::vector<std::string> CommandLine::words(const CLI::Option& option, Session& session) const {
  for (const auto& [known, words] : words_) {
    if (known == &option) return words(session);
  }
  // What one_of allows is written as "{a,b}" in its description.
  std::string type = option.get_type_name();
  const auto open = type.find('{');
  if (open == std::string::npos) return {};
  return split_list(type.substr(open + 1, type.find('}') - open - 1));
}

void CommandLine::parse(const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app_->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    help_ = app_->help();
    return;
  } catch (const CLI::ParseError& error) {
    check_words(app_->remaining(true));
    throw Error(Fault::usage,
                fmt::format("{}. See `{} --help`", error.what(), path_of(deepest(app_.get()))));
  }
  if (quiet_ && verbosity_ > 0)
    throw Error(Fault::usage, "-q and -v contradict each other: leave one out");
  const auto* named = deepest(app_.get());
  for (const auto& [app, run] : runs_) {
    if (app == named) run_ = run;
  }
  if (!run_ && !version_) {
    const auto names = subcommand_names(*named);
    throw Error(Fault::usage, fmt::format("`{}` needs a command: {}. See `{} --help`",
                                          path_of(named), fmt::join(names, ", "), path_of(named)));
  }
}

void CommandLine::check_words(const std::vector<std::string>& words) const {
  const auto* app = deepest(app_.get());
  for (const auto& word : words) {
    if (word == "--") continue;
    if (word.starts_with('-')) {
      const auto options = option_names(app);
      if (std::ranges::find(options, word.substr(0, word.find('='))) != options.end())
        throw Error(Fault::usage, fmt::format("{0} belongs behind the command: `{1} {0} …`. See "
                                              "`{1} --help`",
                                              word.substr(0, word.find('=')), path_of(app)));
      throw Error(Fault::usage, fmt::format("unknown option '{}'{}. See `{} --help`", word,
                                            did_you_mean(word, options), path_of(app)));
    }
    const auto names = subcommand_names(*app);
    if (!names.empty()) {
      throw Error(Fault::usage, fmt::format("unknown command '{}'{}. See `{} --help`", word,
                                            did_you_mean(word, names), path_of(app)));
    }
  }
}

base::log::Format CommandLine::log_format() const {
  return log_format_ == "json" ? base::log::Format::json : base::log::Format::text;
}

}  // namespace csatdb::cli
