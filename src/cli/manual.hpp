#pragma once

#include <string>

namespace csatdb::cli {

/// The manual page csatdb(1) as roff, made of the same tables as `--help`, so that the two cannot
/// disagree. The build asks for it with the hidden `__manual` and installs it.
std::string manual();

}  // namespace csatdb::cli
