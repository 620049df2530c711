#include "api/token.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "json/reader.hpp"

namespace csatdb::api {
namespace {

using base::Error;
using base::Fault;
using base::Millis;

/// How long before its end a token is replaced: room for the whole retry budget of the token
/// request (verdict.cpp).
constexpr Millis kRefreshAhead = std::chrono::minutes(5);

/// The life assumed where the service states none: the shortest one it can be configured to
/// (genesys-api.md 1.1).
constexpr Millis kShortestLife = std::chrono::seconds(300);

/// The longest one it can be configured to, twice over; a larger number is a defect and must not
/// overflow.
constexpr std::int64_t kLongestLifeSeconds = 2 * 172'800;

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, text.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8U | (k < n ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kDigits[bits >> (18 - 6 * k) & 0x3FU] : '=';
  }
  return out;
}

/// A token travels in a header: anything but visible ASCII would let the peer write headers of its
/// own.
bool is_header_safe(std::string_view token) {
  return !token.empty() &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

void Token::accept(std::string value, Millis lifetime, Millis now) {
  value_ = std::move(value);
  expires_at_ = now + lifetime;
  // Half of a short life is left to its successor, so that a token of 300 s is not replaced the
  // moment it arrives.
  ageing_at_ = expires_at_ - std::min(kRefreshAhead, lifetime / 2);
  ++generation_;
}

void Token::refused(int generation) {
  if (generation == generation_) value_.clear();
}

Token::State Token::state(Millis now) const {
  if (value_.empty()) return State::missing;
  if (now >= expires_at_) return State::expired;
  return now >= ageing_at_ ? State::ageing : State::fresh;
}

std::string basic_authorization(const Credentials& credentials) {
  return "Basic " + base64(credentials.id + ":" + credentials.secret);
}

http::Request token_request(const std::string& token_url, const Credentials& credentials) {
  http::Request request{http::Method::post, token_url, {}, "grant_type=client_credentials"};
  request.headers.set("Authorization", basic_authorization(credentials));
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  return request;
}

Grant read_grant(std::string_view body) {
  json::Document document;
  const auto root = document.parse(body);
  Grant grant{std::string(root["access_token"].text()), kShortestLife};
  if (!is_header_safe(grant.token)) root["access_token"].refuse("not usable as a token");
  if (const auto seconds = root["expires_in"].maybe_integer())
    grant.lifetime =
        std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 1, kLongestLifeSeconds));
  return grant;
}

}  // namespace csatdb::api
