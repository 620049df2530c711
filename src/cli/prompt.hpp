#pragma once

#include <string>

#include "cli/process.hpp"

namespace csatdb::cli {

/// Asks a question on stderr and returns the line answered on stdin, without blanks around it;
/// `otherwise` if it is empty. At the end of the input, without `otherwise`, throws Fault::usage
/// naming the flag to give instead.
std::string prompt(Process& process, const std::string& question, const std::string& otherwise,
                   const std::string& flag);

/// The same for a secret: a terminal does not show what is typed.
std::string prompt_secret(Process& process, const std::string& question, const std::string& flag);

/// A yes or no; `otherwise` on an empty line and at the end of the input.
bool prompt_yes(Process& process, const std::string& question, bool otherwise);

}  // namespace csatdb::cli
