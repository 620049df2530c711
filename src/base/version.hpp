#pragma once

#include <string_view>

namespace csatdb::base {

/// csatdb's own version, e.g. "0.1.0".
std::string_view version();

}  // namespace csatdb::base
