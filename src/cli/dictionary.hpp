#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csatdb::cli {

/// A column of a table or view, as schema/ describes it.
struct ColumnEntry {
  std::string name;
  std::string type;        ///< as declared; of a view's column empty
  std::string references;  ///< the table whose key it holds; empty: none
  std::string comment;  ///< of a view's column that is passed through: that of the table's column
};

/// A table or view.
struct Relation {
  std::string kind;  ///< "table" or "view"
  std::string name;
  std::string comment;
  std::vector<ColumnEntry> columns;
};

/// Reads the data dictionary out of SQL that follows the form of schema/: a comment above each
/// CREATE, one column a line, its meaning behind "--" at the line's end. A view's column without a
/// comment takes the one of a column of the same name in a table read before. Statements of other
/// kinds are passed over.
std::vector<Relation> read_dictionary(std::string_view sql);

/// The dictionary of the embedded schema, tables before views.
std::vector<Relation> dictionary();

std::string dictionary_markdown(const std::vector<Relation>& relations);
std::string dictionary_json(const std::vector<Relation>& relations);

}  // namespace csatdb::cli
