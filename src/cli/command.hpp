#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/session.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace csatdb::cli {

/// Runs a parsed command and returns the exit code; what ends it early is a base::Error.
using Run = std::function<int(Session&)>;

/// Words to offer where an option or positional is completed.
using Words = std::function<std::vector<std::string>(Session&)>;

struct Example {
  std::string line;  ///< as typed; `--help` shows it and a test parses it
  std::string what;
};

/// A command of the tree: what `--help` says of it, its flags, and what runs it. One file under
/// commands/ each.
struct Command {
  std::string name;
  std::string group;  ///< the heading it stands under in `csatdb --help`
  std::string summary;
  std::string description;  ///< more than the summary says; may be empty
  std::vector<Example> examples;
  std::vector<base::Fault> faults;  ///< the ways it can end, beside 0, internal and usage
  std::string exit_note;            ///< when exit codes mean something else than usual
  /// Adds flags and positionals; what it returns runs the command once they are parsed. `flags`
  /// takes settings.
  std::function<Run(CLI::App&, Layer& flags)> add;
  std::vector<std::pair<std::string, Words>> words;  ///< by option or positional, e.g. "--queue"
  std::vector<Command> commands;  ///< the commands below it; then it has no `add`
};

/// Every command, in the order of `csatdb --help`.
const std::vector<Command>& commands();

/// Restricts an option to these words: another one is refused with the nearest, and completion
/// offers them.
CLI::Option* one_of(CLI::Option* option, std::vector<std::string> words);

/// Restricts an option to whole numbers from `least` on.
CLI::Option* whole_from(CLI::Option* option, std::int64_t least);

/// Adds a flag that sets a setting, with the setting's own meaning as its help unless another is
/// given.
CLI::Option* setting_flag(CLI::App& app, Layer& flags, const std::string& name,
                          std::string_view key, const std::string& help = "");

}  // namespace csatdb::cli
