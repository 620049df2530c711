#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace csatdb::cli {

/// What a process exit code tells a script. `--help`, the README and the man page print this table.
struct Exit {
  int code;
  std::string_view meaning;
};

/// All exit codes, ascending.
std::span<const Exit> exits();
/// The meaning of a fault's exit code.
std::string_view meaning(base::Fault fault);

}  // namespace csatdb::cli
