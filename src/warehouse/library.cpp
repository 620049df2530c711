#include "warehouse/library.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <xxhash.h>

namespace csatdb::warehouse {

std::vector<base::Library> libraries() {
  const unsigned hash = XXH_versionNumber();
  return {{"SQLite", sqlite3_libversion()},
          {"SQLiteCpp", SQLITECPP_VERSION},
          {"libcrypto", OpenSSL_version(OPENSSL_VERSION_STRING)},
          {"xxHash", fmt::format("{}.{}.{}", hash / 10000, hash / 100 % 100, hash % 100)}};
}

}  // namespace csatdb::warehouse
