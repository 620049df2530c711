#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace csatdb::cli {

Terminal terminal(const std::map<std::string, std::string>& variables) {
  Terminal found;
  found.in = isatty(STDIN_FILENO) == 1;
  found.out = isatty(STDOUT_FILENO) == 1;
  found.err = isatty(STDERR_FILENO) == 1;
  winsize size{};
  if (found.out && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    found.width = size.ws_col;
  const auto set = [&](const char* name) {
    const auto at = variables.find(name);
    return at != variables.end() && !at->second.empty();
  };
  const auto term = variables.find("TERM");
  found.colour =
      found.out && !set("NO_COLOR") && (term == variables.end() || term->second != "dumb");
  return found;
}

}  // namespace csatdb::cli
