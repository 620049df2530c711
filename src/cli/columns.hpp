#pragma once

#include <string>
#include <vector>

namespace csatdb::cli {

/// Rows as lines of aligned columns, two blanks apart; the last column is not padded. For listings
/// meant for people.
std::string columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace csatdb::cli
