#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

namespace csatdb::cli {

/// Whether an output, as written, is standard output: none is named, or "-".
bool is_stdout(const std::string& written);

/// Writes a file so that readers see the old one or the whole new one, never a part: beside it
/// first, then renamed over it. A file that is replaced keeps its permissions; a new one gets
/// `mode` without what the umask takes. Throws Fault::usage if a database is there, which nothing
/// written here may replace; Fault::storage, naming the path, if it cannot be written.
void write_file(const std::filesystem::path& path, std::filesystem::perms mode,
                const std::function<void(std::ostream&)>& write);

}  // namespace csatdb::cli
