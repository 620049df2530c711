#include "support/source.hpp"

namespace csatdb::support {

std::string in_source(const std::string& path) {
  return path.empty() ? CSATDB_SOURCE_DIR : CSATDB_SOURCE_DIR "/" + path;
}

}  // namespace csatdb::support
