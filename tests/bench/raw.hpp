#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/child.hpp"

namespace csatdb::bench {

/// The rows of a finished warehouse, in memory, in the order in which a load writes them: a
/// conversation and all it owns, then the next. The bound that no writer over the C API passes.
class RawRows {
 public:
  /// Reads every table that a sync fills from the warehouse at `path`.
  explicit RawRows(const std::string& path);

  /// Inserts them into a new file of the same schema with prepared statements of the C API, a
  /// transaction for every thousand conversations, with the loader's pragmas.
  Cost insert_into(const std::string& path) const;

 private:
  struct Batch {
    std::string sql;  ///< of the insert
    int columns = 0;
    std::string values;  ///< packed: kind, then the value
    std::int64_t count = 0;
  };
  static void pack(std::string& values, void* statement, int columns);
  void read(const std::string& path, const std::string& table, const std::string& key);

  std::string schema_;
  std::vector<std::vector<Batch>> groups_;  ///< by thousand conversations
};

}  // namespace csatdb::bench
