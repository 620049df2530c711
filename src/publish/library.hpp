#pragma once

#include <vector>

#include "base/library.hpp"

namespace csatdb::publish {

/// What this room is built on.
std::vector<base::Library> libraries();

}  // namespace csatdb::publish
