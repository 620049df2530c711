#pragma once

#include <span>
#include <string>
#include <string_view>

namespace csatdb::embed {

/// A file of migrations/, queries/, schema/ or of a room as it was when the binary was built.
struct SqlFile {
  std::string path;  ///< from the root of the tree, e.g. "queries/csat-trend.sql"
  std::string text;

  /// The file's name without folder and suffix, e.g. "csat-trend".
  std::string_view stem() const;
};

/// Every embedded file, sorted by path.
std::span<const SqlFile> sql_files();
/// The files of one folder (e.g. "queries"), sorted by name.
std::span<const SqlFile> sql_files(std::string_view folder);
/// The file at this path; null if there is none.
const SqlFile* find(std::string_view path);

}  // namespace csatdb::embed
