#pragma once

#include <string>

#include "base/time.hpp"

namespace csatdb::warehouse {

/// The right to write a warehouse: an advisory lock on FILE.lock, released by the system however
/// the process ends. The lock file names its holder.
class Lock {
 public:
  /// Waits for at most so long; throws Fault::busy naming the holder, Fault::storage if the folder
  /// cannot be written.
  Lock(const std::string& warehouse, const std::string& command, base::Millis wait_at_most);
  ~Lock();
  Lock(const Lock&) = delete;

 private:
  int file_ = -1;
};

/// Who writes the warehouse at the moment, in words; empty if nobody does. Never keeps a run from
/// starting.
std::string holder(const std::string& warehouse);

/// Whether the path lies on a network file system, where SQLite's write-ahead log does not work.
bool on_network(const std::string& path);

}  // namespace csatdb::warehouse
