#pragma once

#include <string>
#include <vector>

#include "cli/process.hpp"

namespace csatdb::cli {

/// Answers the hidden `__complete [--] WORD…`, which the shells' functions call: prints what the
/// last word may become, one candidate a line. Prints nothing where files, or nothing at all, may
/// follow. Never fails.
void complete(std::vector<std::string> words, Process& process);

/// The function to load into a shell (bash, zsh or fish).
std::string completion_script(const std::string& shell);

}  // namespace csatdb::cli
