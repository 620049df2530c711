#include "cli/prompt.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <istream>
#include <optional>
#include <ostream>

#include "base/error.hpp"
#include "base/stop.hpp"

namespace csatdb::cli {
namespace {

/// Keeps the terminal from showing what is typed, until it is destroyed.
class Silence {
 public:
  explicit Silence(bool wanted) : active_(wanted && tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (active_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool active_;
};

/// The next line; nothing at the end of the input.
std::optional<std::string> read_line(Process& process) {
  std::string line;
  if (!std::getline(process.in, line)) {
    if (base::stop::requested()) throw base::Error(base::Fault::interrupted, "interrupted");
    return std::nullopt;
  }
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

[[noreturn]] void refuse(const std::string& flag) {
  throw base::Error(base::Fault::usage, fmt::format("nothing answers the question: give {}", flag));
}

}  // namespace

std::string prompt(Process& process, const std::string& question, const std::string& otherwise,
                   const std::string& flag) {
  process.err << question << (otherwise.empty() ? "" : fmt::format(" [{}]", otherwise)) << ": "
              << std::flush;
  const auto line = read_line(process);
  if (line && !line->empty()) return *line;
  if (otherwise.empty()) refuse(flag);
  return otherwise;
}

std::string prompt_secret(Process& process, const std::string& question, const std::string& flag) {
  process.err << question << ": " << std::flush;
  std::optional<std::string> line;
  {
    const Silence silence(process.terminal.in);
    line = read_line(process);
  }
  if (process.terminal.in) process.err << '\n';
  if (!line || line->empty()) refuse(flag);
  return *line;
}

bool prompt_yes(Process& process, const std::string& question, bool otherwise) {
  process.err << question << (otherwise ? " [Y/n]: " : " [y/N]: ") << std::flush;
  const auto line = read_line(process);
  if (!line || line->empty()) return otherwise;
  return line->front() == 'y' || line->front() == 'Y';
}

}  // namespace csatdb::cli
