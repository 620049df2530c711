#pragma once

#include <string>
#include <vector>

#include "cli/process.hpp"

namespace csatdb::cli {

/// Runs one command line (without the program's name) and returns the process exit code. Never
/// throws: what ends a command early is told on stderr, as JSON where the command's output would
/// have been.
int run(const std::vector<std::string>& arguments, Process& process);

}  // namespace csatdb::cli
