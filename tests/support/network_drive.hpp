#pragma once

#include <filesystem>

namespace csatdb::support {

/// While it lives, the system says that a folder and all in it lie on a file system of this type
/// (statfs(2) magic number).
class NetworkDrive {
 public:
  NetworkDrive(const std::filesystem::path& folder, long type);
  ~NetworkDrive();
  NetworkDrive(const NetworkDrive&) = delete;
  NetworkDrive& operator=(const NetworkDrive&) = delete;
};

}  // namespace csatdb::support
