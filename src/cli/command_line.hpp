#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "cli/command.hpp"

namespace csatdb::cli {

/// The tree of commands as a parser, and what a command line said to it.
class CommandLine {
 public:
  CommandLine();
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// Reads the arguments (without the program's name). Throws Fault::usage for what it does not
  /// know, with the nearest word that it does. Call once.
  void parse(const std::vector<std::string>& arguments);

  /// The help that was asked for; empty if none was.
  const std::string& help() const { return help_; }
  bool wants_version() const { return version_; }
  int verbosity() const { return quiet_ ? -1 : verbosity_; }
  base::log::Format log_format() const;
  const Globals& globals() const { return globals_; }
  const Layer& flags() const { return flags_; }
  /// What the named command does; empty if none was named.
  const Run& run() const { return run_; }

  /// The words to offer for an option or positional; empty if nothing is known of it.
  std::vector<std::string> words(const CLI::Option& option, Session& session) const;
  /// The parser itself, for completion to walk.
  const CLI::App& app() const { return *app_; }

 private:
  void add(CLI::App& parent, const Command& command);
  void check_words(const std::vector<std::string>& words) const;

  std::unique_ptr<CLI::App> app_;
  std::vector<std::pair<CLI::App*, Run>> runs_;
  std::vector<std::pair<CLI::Option*, Words>> words_;
  std::string help_;
  bool version_ = false;
  bool quiet_ = false;
  int verbosity_ = 0;
  std::string log_format_ = "text";
  Globals globals_;
  Layer flags_{Source::flag, "the command line", {}};
  Run run_;
};

}  // namespace csatdb::cli
