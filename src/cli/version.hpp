#pragma once

#include <string>

namespace csatdb::cli {

/// "csatdb 0.1.0", and below it, if asked for, the version of each library in use.
std::string version_text(bool with_libraries);

}  // namespace csatdb::cli
