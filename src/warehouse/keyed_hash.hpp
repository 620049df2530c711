#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;  // libcrypto's

namespace csatdb::warehouse {

/// Bytes of a privacy key.
inline constexpr std::size_t kKeyBytes = 32;

/// HMAC-SHA-256 under the warehouse's privacy key: equal texts give equal hashes, and nobody
/// without the key can tell which text a hash stands for, not even by trying all telephone numbers.
class KeyedHash {
 public:
  /// `key`: kKeyBytes secret bytes.
  explicit KeyedHash(std::string_view key);

  /// The hash's first 128 bits in hexadecimal. Texts of different kinds never give equal hashes.
  std::string of(std::string_view kind, std::string_view text) const;
  /// What tells this key from others without giving it away.
  std::string key_id() const { return of("key", ""); }

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

}  // namespace csatdb::warehouse
