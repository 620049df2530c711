#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "cli/terminal.hpp"
#include "http/transport.hpp"

namespace csatdb::cli {

/// Everything a command line may touch outside its own memory, so that tests can hand in their own.
struct Process {
  std::map<std::string, std::string> variables;  ///< the environment
  std::filesystem::path folder;                  ///< relative paths start here
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  const base::Clock& clock;
  /// Opens the network, for at most so many requests under way at once.
  std::function<std::unique_ptr<http::Transport>(int connections)> transport;
  Terminal terminal{};

  /// An environment variable; nothing if it is unset or empty.
  std::optional<std::string> variable(const std::string& name) const;
  /// The user's home folder; nothing if $HOME is unset.
  std::optional<std::filesystem::path> home() const;
  /// A path as the user wrote it, with a leading "~/" and the current folder put in.
  std::filesystem::path resolve(const std::string& written) const;
  /// A path for messages: the home folder is spelt "~", the current one left out.
  std::string shown(const std::filesystem::path& path) const;
  /// A message in whose paths the current folder is left out.
  std::string told(std::string text) const;
};

}  // namespace csatdb::cli
