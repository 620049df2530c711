#include "warehouse/draft.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace csatdb::warehouse {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& target, const char* what) {
  throw base::Error(base::Fault::storage,
                    fmt::format("{} cannot be {} ({}): check that its folder is there and may be "
                                "written, and the space on its disk",
                                target.string(), what, std::strerror(errno)));
}

void make_durable(const fs::path& path, const fs::path& target) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_safe = file >= 0 && fsync(file) == 0;
  if (file >= 0) close(file);
  if (!is_safe) fail(target, "made durable");
}

}  // namespace

Draft::Draft(fs::path target, std::string name)
    : target_(std::move(target)), path_(std::move(name)) {
  int file = -1;
  if (path_.ends_with("XXXXXX")) {
    file = mkostemp(path_.data(), O_CLOEXEC);
  } else {
    unlink(path_.c_str());
    file = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  }
  if (file < 0) fail(target_, "written");
  close(file);
}

Draft::~Draft() {
  unlink(path_.c_str());
  unlink((path_ + "-journal").c_str());
}

void Draft::publish(fs::perms mode) {
  if (chmod(path_.c_str(), static_cast<mode_t>(mode)) != 0) fail(target_, "given its mode");
  make_durable(path_, target_);
  if (rename(path_.c_str(), target_.c_str()) != 0) fail(target_, "replaced");
  make_durable(fs::absolute(target_).parent_path(), target_);
}

}  // namespace csatdb::warehouse
