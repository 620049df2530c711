#include "embed/sql_files.hpp"

#include <algorithm>
#include <vector>

#include "embed/embedded.hpp"

namespace csatdb::embed {
namespace {

std::vector<SqlFile> joined() {
  std::vector<SqlFile> files;
  for (const auto& [path, pieces] : embedded()) {
    auto& file = files.emplace_back(SqlFile{std::string(path), {}});
    for (const auto piece : pieces) file.text += piece;
  }
  std::ranges::sort(files, {}, &SqlFile::path);
  return files;
}

}  // namespace

std::string_view SqlFile::stem() const {
  std::string_view name = path;
  name.remove_prefix(name.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

std::span<const SqlFile> sql_files() {
  static const std::vector<SqlFile> files = joined();
  return files;
}

std::span<const SqlFile> sql_files(std::string_view folder) {
  const auto all = sql_files();
  const auto inside = [&](const SqlFile& file) {
    return file.path.size() > folder.size() && file.path.starts_with(folder) &&
           file.path[folder.size()] == '/';
  };
  const auto first = std::ranges::find_if(all, inside);
  const auto last = std::find_if_not(first, all.end(), inside);
  return {first, last};
}

const SqlFile* find(std::string_view path) {
  const auto all = sql_files();
  const auto at = std::ranges::lower_bound(all, path, {}, &SqlFile::path);
  return at != all.end() && at->path == path ? &*at : nullptr;
}

}  // namespace csatdb::embed
