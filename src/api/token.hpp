#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/message.hpp"

namespace csatdb::api {

/// The OAuth client that csatdb acts as.
struct Credentials {
  std::string id;
  std::string secret;
};

/// The access token's life as a value: nothing here sends or waits. Times are `Clock::ticks`.
class Token {
 public:
  enum class State {
    missing,  ///< there is none, or the service refused it: nothing can be sent
    fresh,
    ageing,   ///< it works, and it is time to fetch the next one
    expired,  ///< nothing can be sent
  };

  void accept(std::string value, base::Millis lifetime, base::Millis now);

  /// The service refused the token of this generation. A token fetched since then stays: of many
  /// requests refused together, the first drops the token and the others find the next one.
  void refused(int generation);

  State state(base::Millis now) const;
  const std::string& value() const { return value_; }
  /// Counts the tokens accepted so far; a request remembers the one it was sent with.
  int generation() const { return generation_; }

 private:
  std::string value_;
  base::Millis ageing_at_{}, expires_at_{};
  int generation_ = 0;
};

/// The request for a token (genesys-api.md 1.1), to an absolute URL.
http::Request token_request(const std::string& token_url, const Credentials& credentials);

struct Grant {
  std::string token;
  base::Millis lifetime;
};
/// What a successful answer grants; throws Fault::undecodable if it cannot be used as a token.
Grant read_grant(std::string_view body);

/// "Basic ..." of the credentials (RFC 7617).
std::string basic_authorization(const Credentials& credentials);

}  // namespace csatdb::api
