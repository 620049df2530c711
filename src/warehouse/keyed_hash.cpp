#include "warehouse/keyed_hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>

#include "base/error.hpp"

namespace csatdb::warehouse {
namespace {

constexpr std::size_t kShownBytes = 16;  // no two of a billion texts are likely to share 128 bits

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void check(bool worked) {
  if (!worked) throw base::Error(base::Fault::internal, "libcrypto offers no HMAC-SHA-256");
}

}  // namespace

void KeyedHash::Free::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

KeyedHash::KeyedHash(std::string_view key) {
  if (key.size() != kKeyBytes)
    throw base::Error(base::Fault::internal, "a privacy key of another length");
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac(
      EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
  check(hmac != nullptr);
  context_.reset(EVP_MAC_CTX_new(hmac.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  check(context_ != nullptr &&
        EVP_MAC_init(context_.get(), bytes(key), key.size(), parameters) == 1);
}

std::string KeyedHash::of(std::string_view kind, std::string_view text) const {
  std::array<unsigned char, 32> digest{};
  std::size_t size = 0;
  auto* context = context_.get();
  constexpr std::string_view kEnd("\0", 1);
  // Without a key the context starts again with the one it has.
  check(EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
        EVP_MAC_update(context, bytes(kind), kind.size()) == 1 &&
        EVP_MAC_update(context, bytes(kEnd), kEnd.size()) == 1 &&
        EVP_MAC_update(context, bytes(text), text.size()) == 1 &&
        EVP_MAC_final(context, digest.data(), &size, digest.size()) == 1);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string shown;
  shown.reserve(2 * kShownBytes);
  for (std::size_t i = 0; i < kShownBytes; ++i) {
    shown += kDigits[digest[i] >> 4U];
    shown += kDigits[digest[i] & 15U];
  }
  return shown;
}

}  // namespace csatdb::warehouse
