#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "warehouse/query.hpp"

namespace csatdb::cli {

/// Writes records one after the other as json (an array), ndjson, csv or table; a table is written
/// when it is whole.
class RecordOutput {
 public:
  virtual ~RecordOutput() = default;
  virtual void row(const std::vector<warehouse::Value>& values) = 0;
  virtual void finish() {}
};

std::unique_ptr<RecordOutput> record_output(std::ostream& out, const std::string& format,
                                            bool is_csv_safe, const Terminal& terminal,
                                            std::vector<warehouse::Column> columns);

}  // namespace csatdb::cli
