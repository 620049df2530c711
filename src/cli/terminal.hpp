#pragma once

#include <map>
#include <string>

namespace csatdb::cli {

/// Which of the standard streams are a terminal, and what it can show.
struct Terminal {
  bool in = false, out = false, err = false;
  int width = 80;       ///< columns of stdout's terminal
  bool colour = false;  ///< stdout is a terminal, and NO_COLOR (no-color.org) is not set
};

/// The terminal this process runs on.
Terminal terminal(const std::map<std::string, std::string>& variables);

}  // namespace csatdb::cli
