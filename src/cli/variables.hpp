#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/process.hpp"
#include "cli/setting.hpp"

namespace csatdb::cli {

/// What the environment says. Unset and empty variables say nothing.
Layer environment_layer(const Process& process);

/// What `.env` in the current folder says; other programs' variables in it are passed over. Throws
/// Fault::usage if it sets one of ours and another user owns it or can get at it, because such a
/// file could choose where requests go.
Layer dotenv_layer(const Process& process);

/// The assignments of a `.env` text: NAME=VALUE lines, with "export " before, quotes around the
/// value or a # comment after it where wanted; nothing is expanded. Lines of any other form are
/// passed over.
std::map<std::string, std::string> parse_dotenv(std::string_view text);

}  // namespace csatdb::cli
