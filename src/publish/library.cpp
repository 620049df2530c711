#include "publish/library.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

namespace csatdb::publish {

std::vector<base::Library> libraries() {
  return {{"libpq", fmt::format("{}.{}", PQlibVersion() / 10000, PQlibVersion() % 10000)}};
}

}  // namespace csatdb::publish
