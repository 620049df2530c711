#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::support {

/// A user's machine for command lines: an environment, a home and a current folder, nothing of the
/// real ones.
class Shell {
 public:
  struct Result {
    int code;
    std::string out, err;
  };

  std::map<std::string, std::string> variables;
  TempFolder home, folder;
  std::string typed;  ///< what stands on stdin
  FakeClock clock;
  const base::Clock* time = &clock;  ///< what command lines see
  std::function<std::unique_ptr<http::Transport>(int)> transport;

  Shell() { variables["HOME"] = home.path().string(); }

  Result run(const std::vector<std::string>& arguments) {
    return in_process([&](cli::Process& process) { return cli::run(arguments, process); });
  }

  /// Calls `body(process)`, which returns an exit code.
  template <class Body>
  Result in_process(Body body) {
    std::istringstream in(typed);
    std::ostringstream out, err;
    cli::Process process{variables, folder.path(), in, out, err, *time, transport, {}};
    const int code = body(process);
    return {code, out.str(), err.str()};
  }
};

/// Splits a line as a shell would, as far as examples go: blanks separate, quotes join.
inline std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      inside = true;
    } else if (c == ' ') {
      if (inside) words.push_back(word);
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) words.push_back(word);
  return words;
}

}  // namespace csatdb::support
