#include "base/version.hpp"

namespace csatdb::base {

std::string_view version() { return CSATDB_VERSION; }

}  // namespace csatdb::base
