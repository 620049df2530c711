#include "cli/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace csatdb::cli {
namespace {

/// Configuration is written by hand; anything larger is another file by mistake.
constexpr std::size_t kMostBytes = 1 << 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void refuse(const std::string& shown, int error) {
  throw base::Error(base::Fault::usage,
                    fmt::format("{} cannot be read: {}", shown, std::strerror(error)));
}

}  // namespace

std::string CheckedFile::exposure() const {
  if (foreign) return "it belongs to another user";
  if (writable) return "others can write it";
  if (readable) return "others can read it";
  return "";
}

std::optional<CheckedFile> read_checked(const std::filesystem::path& path,
                                        const std::string& shown) {
  // O_NONBLOCK: a pipe in the file's place must not hold the program up.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    refuse(shown, errno);
  }
  struct stat facts {};
  if (fstat(file.get(), &facts) != 0) refuse(shown, errno);
  if (!S_ISREG(facts.st_mode)) refuse(shown, S_ISDIR(facts.st_mode) ? EISDIR : EINVAL);

  CheckedFile checked;
  checked.foreign = facts.st_uid != geteuid() && facts.st_uid != 0;
  checked.readable = (facts.st_mode & (S_IRGRP | S_IROTH)) != 0;
  checked.writable = (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  std::array<char, 8192> buffer;
  for (;;) {
    const auto got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0) refuse(shown, errno);
    if (got == 0) return checked;
    checked.text.append(buffer.data(), static_cast<std::size_t>(got));
    if (checked.text.size() > kMostBytes) refuse(shown, EFBIG);
  }
}

bool write_private(const std::filesystem::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool kept = whole && fsync(file) == 0;
  return close(file) == 0 && kept;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return file.get() >= 0 && fsync(file.get()) == 0;
}

}  // namespace csatdb::cli
