#pragma once

#include <vector>

#include "base/library.hpp"

namespace csatdb::http {

/// What this room is built on.
std::vector<base::Library> libraries();

}  // namespace csatdb::http
