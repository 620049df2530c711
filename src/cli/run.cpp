#include "cli/run.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <exception>
#include <ostream>
#include <string_view>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/command_line.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/version.hpp"
#include "json/writer.hpp"

namespace csatdb::cli {
namespace {

using base::Fault;

/// Whether a program reads what this command line prints, also where it could not be parsed.
bool wants_json(const std::vector<std::string>& arguments) {
  std::string_view before;
  for (const std::string_view word : arguments) {
    if (word == "--") return false;
    if (word == "--json" || word == "--format=json" || word == "--log-format=json") return true;
    if (word == "json" && (before == "--format" || before == "--log-format")) return true;
    before = word;
  }
  return false;
}

int tell(Fault fault, const std::string& what, bool as_json, const Process& process) {
  auto& err = process.err;
  const int code = base::exit_code(fault);
  const std::string text = base::log::redacted(process.told(what));
  if (as_json) {
    json::Writer error;
    error.begin_object().key("error").begin_object();
    error.member("fault", base::name(fault)).member("code", code).member("message", text);
    err << error.end_object().end_object().str() << '\n';
  } else {
    err << "csatdb: " << text << '\n';
  }
  return code;
}

base::log::Level level(int verbosity) {
  if (verbosity < 0) return base::log::Level::warning;
  return verbosity == 0 ? base::log::Level::info : base::log::Level::debug;
}

/// Whether output that failed is a pipe which nobody reads any more. It is asked once more, for
/// errno may be of what came after.
bool is_reader_gone(std::ostream& out) {
  out.clear();
  errno = 0;
  out.put('\n').flush();
  return !out && errno == EPIPE;
}

/// Does what the command line asks for.
int obey(const CommandLine& line, Process& process) {
  if (!line.help().empty()) {
    process.out << line.help();
    return 0;
  }
  if (line.wants_version()) {
    process.out << version_text(line.verbosity() > 0);
    return 0;
  }
  Session session(process, line.globals(), line.flags());
  return line.run()(session);
}

int parse_and_run(const std::vector<std::string>& arguments, Process& process) {
  CommandLine line;
  line.parse(arguments);
  base::log::configure(level(line.verbosity()), line.log_format());
  const int code = obey(line, process);
  process.out.flush();
  // Whoever reads the other end of a pipe (head, a pager) may have had enough: no fault of ours.
  if (!process.out && !is_reader_gone(process.out))
    throw base::Error(Fault::storage,
                      "the output could not be written: free some space where it goes, and run "
                      "again");
  return code;
}

}  // namespace

int run(const std::vector<std::string>& arguments, Process& process) {
  if (!arguments.empty() && arguments.front() == "__complete") {
    complete({arguments.begin() + 1, arguments.end()}, process);
    return 0;
  }
  if (arguments == std::vector<std::string>{"__manual"}) {
    process.out << manual();
    return 0;
  }
  const bool as_json = wants_json(arguments);
  try {
    return parse_and_run(arguments, process);
  } catch (const base::Error& error) {
    return tell(error.fault(), error.what(), as_json, process);
  } catch (const std::exception& error) {
    return tell(Fault::internal,
                fmt::format("internal error: {}; please report it with the command line and the "
                            "output of `csatdb --version -v`",
                            error.what()),
                as_json, process);
  }
}

}  // namespace csatdb::cli
