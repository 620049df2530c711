#include "warehouse/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/stop.hpp"

namespace csatdb::warehouse {
namespace {

using base::Error;
using base::Fault;

// statfs(2) magic numbers of file systems that other hosts write too, without memory shared with
// them. FUSE's is not among them: most of what it stands for is local.
constexpr std::array<unsigned long, 16> kNetworkFileSystems{
    0x6969UL,      // NFS
    0xFF534D42UL,  // CIFS
    0xFE534D42UL,  // SMB2
    0x517BUL,      // SMB
    0x564CUL,      // NCP
    0x5346414FUL,  // AFS
    0x6B414653UL,  // AFS of the kernel
    0x73757245UL,  // Coda
    0x00C36400UL,  // Ceph
    0x01021997UL,  // 9p
    0x0BD00BD0UL,  // Lustre
    0x47504653UL,  // GPFS
    0x19830326UL,  // BeeGFS
    0x7461636FUL,  // OCFS2
    0x01161970UL,  // GFS2
    0x786F4256UL,  // folders of a VirtualBox host
};

constexpr base::Millis kBetweenTries{200};

/// Beside the file itself, whatever links lead to it.
std::string beside(const std::string& warehouse) {
  std::error_code none;
  const auto path = std::filesystem::weakly_canonical(warehouse, none);
  return (none ? warehouse : path.string()) + ".lock";
}

/// What the lock file says of its holder.
std::string named_in(int file) {
  std::array<char, 256> text{};
  const auto n = pread(file, text.data(), text.size() - 1, 0);
  return n > 0 ? text.data() : "unknown";
}

}  // namespace

Lock::Lock(const std::string& warehouse, const std::string& command, base::Millis wait_at_most) {
  const auto path = beside(warehouse);
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0)
    throw Error(Fault::storage,
                fmt::format("the folder of the warehouse cannot be written ({}): check that it "
                            "exists and its permissions",
                            std::strerror(errno)));
  const base::SystemClock clock;
  // Twice at least: whoever only looks for the holder has the lock for an instant.
  const auto give_up = clock.ticks() + std::max(wait_at_most, kBetweenTries);
  while (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    if (clock.ticks() >= give_up || base::stop::requested()) {
      const auto holder = named_in(file_);
      close(file_);
      file_ = -1;
      throw Error(
          Fault::busy,
          fmt::format("another run holds the warehouse ({}): wait for it with --wait-lock 10m",
                      holder));
    }
    usleep(static_cast<useconds_t>(std::chrono::microseconds(kBetweenTries).count()));
  }
  const std::string holder = fmt::format("process {}, '{}', since {}", getpid(), command,
                                         base::to_sql(clock.now()) + " UTC");
  if (ftruncate(file_, 0) != 0 ||
      pwrite(file_, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
    // A lock that does not name its holder is still a lock.
  }
}

Lock::~Lock() {
  if (file_ >= 0) close(file_);
}

std::string holder(const std::string& warehouse) {
  const int file = open(beside(warehouse).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  const bool is_held = flock(file, LOCK_SH | LOCK_NB) != 0;
  const auto name = is_held ? named_in(file) : std::string();
  close(file);
  return name;
}

bool on_network(const std::string& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  struct statfs info {};
  // The file itself, for it may be a link to elsewhere.
  if (statfs(path.c_str(), &info) != 0 && statfs(folder.c_str(), &info) != 0) return false;
  const auto type = static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFUL;
  for (const auto network : kNetworkFileSystems) {
    if (type == network) return true;
  }
  return false;
}

}  // namespace csatdb::warehouse
