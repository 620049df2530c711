#pragma once

#include <filesystem>
#include <string>

namespace csatdb::warehouse {

/// A file in the making, beside the file that it becomes: readable by its owner alone, and gone
/// again, with a database's journal, unless it is published.
class Draft {
 public:
  /// Makes it empty. A `name` that ends in XXXXXX is made one that no other draft has; under any
  /// other name the draft of a process that was killed is replaced. Throws Fault::storage.
  Draft(std::filesystem::path target, std::string name);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& path() const { return path_; }

  /// Takes the target's place, in one step and durably. Throws Fault::storage.
  void publish(std::filesystem::perms mode);

 private:
  std::filesystem::path target_;
  std::string path_;
};

}  // namespace csatdb::warehouse
