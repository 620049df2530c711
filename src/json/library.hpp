#pragma once

#include <vector>

#include "base/library.hpp"

namespace csatdb::json {

/// What this room is built on.
std::vector<base::Library> libraries();

}  // namespace csatdb::json
