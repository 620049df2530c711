#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "warehouse/query.hpp"

namespace csatdb::report {

/// How rows are written for other programs.
enum class RowFormat {
  csv,  ///< RFC 4180, UTF-8; NULL is nothing, an empty text is ""; control characters are U+FFFD
  csv_safe,  ///< the same, harmless to spreadsheets and terminals: see `csv_field`
  ndjson,    ///< an object a line; BOOLEAN columns are true and false, JSON columns what they hold
};

/// Writes rows one by one, as they are stored: nothing is kept of a row once it is written.
class RowWriter {
 public:
  RowWriter(std::ostream& out, RowFormat format, std::vector<warehouse::Column> columns);

  /// The names of the columns; nothing where each row names them.
  void head();
  void row(const std::vector<warehouse::Value>& values);

 private:
  void csv(const std::vector<warehouse::Value>& values);
  void ndjson(const std::vector<warehouse::Value>& values);

  std::ostream& out_;
  RowFormat format_;
  std::vector<warehouse::Column> columns_;
  std::string line_;
};

/// The query for all rows of a table or view. Bytes read as their hexadecimal digits. With
/// `changed_after`, only rows that changed since that state of the change counter, `:version`.
std::string rows_of(const std::vector<warehouse::Column>& columns, const std::string& relation,
                    const std::string& changed_after);

}  // namespace csatdb::report
