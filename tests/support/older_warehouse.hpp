#pragma once

#include <string>

namespace csatdb::support {

/// Writes the warehouse of a csatdb that knew the first migration alone.
void write_older_warehouse(const std::string& file);

}  // namespace csatdb::support
