#include <doctest/doctest.h>

#include "postgres/server.hpp"

namespace csatdb::tests {

Server* Server::shared() {
  static const auto where = binaries();
  if (!where) {
    MESSAGE("skipped: PostgreSQL is not installed (scripts/test installs postgresql-15)");
    return nullptr;
  }
  static Server server(*where);
  return &server;
}

}  // namespace csatdb::tests
