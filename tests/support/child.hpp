#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/shell.hpp"

namespace csatdb::support {

/// Runs a command line in a process of its own, where `prepare` first does what could not be taken
/// back here; what it prints on stdout is not told.
Shell::Result run_in_child(Shell& shell, const std::vector<std::string>& words,
                           const std::function<bool()>& prepare);

}  // namespace csatdb::support
