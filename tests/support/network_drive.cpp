#include "support/network_drive.hpp"

#include <dlfcn.h>
#include <sys/vfs.h>

#include <string>

namespace csatdb::support {
namespace {

std::string the_folder;
long the_type = 0;

}  // namespace

NetworkDrive::NetworkDrive(const std::filesystem::path& folder, long type) {
  the_folder = folder.string();
  the_type = type;
}
NetworkDrive::~NetworkDrive() { the_folder.clear(); }

}  // namespace csatdb::support

/// Takes the place of the system's own function for everything linked into the tests.
extern "C" int statfs(const char* path, struct statfs* info) noexcept {
  using Ask = int (*)(const char*, struct statfs*);
  static const auto real = reinterpret_cast<Ask>(dlsym(RTLD_NEXT, "statfs"));
  const int result = real(path, info);
  const auto& folder = csatdb::support::the_folder;
  if (result == 0 && !folder.empty() &&
      std::filesystem::weakly_canonical(path).string().starts_with(folder))
    info->f_type = csatdb::support::the_type;
  return result;
}
