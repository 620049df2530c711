#include "cli/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "base/error.hpp"

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

/// The file beside `path` that becomes it; gone again unless it did.
class Draft {
 public:
  Draft(const std::filesystem::path& path, mode_t mode)
      : path_(path), draft_(path.string() + fmt::format(".{}.part", getpid())) {
    // Made by the descriptor, so that it never has more permissions than it should.
    const int file = open(draft_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0) fail(path_);
    is_there_ = true;
    close(file);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (is_there_) unlink(draft_.c_str());
  }

  void write(const std::function<void(std::ostream&)>& write) { write_into(draft_, path_, write); }
  void allow(mode_t mode) {
    if (chmod(draft_.c_str(), mode) != 0) fail(path_);
  }
  void publish() {
    const int file = open(draft_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(path_);
    const bool is_safe = fsync(file) == 0;
    close(file);
    if (!is_safe || rename(draft_.c_str(), path_.c_str()) != 0) fail(path_);
    is_there_ = false;
  }

 private:
  std::filesystem::path path_;
  std::string draft_;
  bool is_there_ = false;
};

}  // namespace

void write_file(const std::filesystem::path& path, std::filesystem::perms mode,
                const std::function<void(std::ostream&)>& write) {
  std::error_code none;
  const auto before = std::filesystem::status(path, none);
  if (std::filesystem::exists(before) && !std::filesystem::is_regular_file(before)) {
    // A pipe or a terminal is written to, not replaced.
    return write_into(path, path, write);
  }
  Draft draft(path, static_cast<mode_t>(mode));
  draft.write(write);
  if (std::filesystem::exists(before)) draft.allow(static_cast<mode_t>(before.permissions()));
  draft.publish();
}

}  // namespace csatdb::cli
