#include "cli/output_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "warehouse/draft.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// As errno says it, where it does.
[[noreturn]] void fail(const std::filesystem::path& path) {
  throw Error(Fault::storage,
              fmt::format("{} could not be written ({}): name a place that may be written and has "
                          "some space",
                          path.string(), errno != 0 ? std::strerror(errno) : "disk full?"));
}

/// Writes what becomes `path` into a file that is there.
void write_into(const std::filesystem::path& file, const std::filesystem::path& path,
                const std::function<void(std::ostream&)>& write) {
  errno = 0;
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  if (stream) write(stream);
  stream.close();
  if (!stream) fail(path);
}

/// What a new file may be: `mode` without what the umask takes.
std::filesystem::perms allowed(std::filesystem::perms mode) {
  const mode_t taken = umask(0);  // there is no way to read it alone
  umask(taken);
  return mode & ~static_cast<std::filesystem::perms>(taken);
}

/// Whether a file is an SQLite database, by its first bytes.
bool is_database(const std::filesystem::path& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::string head(kMagic.size(), ' ');
  std::ifstream file(path, std::ios::binary);
  return file.read(head.data(), static_cast<std::streamsize>(head.size())) && head == kMagic;
}

}  // namespace

bool is_stdout(const std::string& written) { return written.empty() || written == "-"; }

void write_file(const std::filesystem::path& path, std::filesystem::perms mode,
                const std::function<void(std::ostream&)>& write) {
  std::error_code none;
  const auto before = std::filesystem::status(path, none);
  if (std::filesystem::exists(before) && !std::filesystem::is_regular_file(before)) {
    // A pipe or a terminal is written to, not replaced.
    return write_into(path, path, write);
  }
  if (is_database(path))
    throw Error(Fault::usage,
                fmt::format("{} is a database, perhaps the warehouse, and is not overwritten: name "
                            "another file",
                            path.string()));
  warehouse::Draft draft(path, path.string() + ".XXXXXX");
  write_into(draft.path(), path, write);
  draft.publish(std::filesystem::exists(before) ? before.permissions() : allowed(mode));
}

}  // namespace csatdb::cli
