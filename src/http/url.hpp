#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace csatdb::http {

/// An absolute http or https URL, cut into what decides where a request goes.
struct Url {
  std::string scheme;     ///< "https" or "http"
  std::string authority;  ///< host and, if stated, port, e.g. "127.0.0.1:8080"
  std::string host;       ///< lower case; an IPv6 address keeps its brackets
  std::string path;       ///< path and query; empty or begins with "/"
};

/// Nothing for anything but a plain absolute URL: user names, fragments, white space, control
/// characters and backslashes are refused, because programs disagree on the host of such a URL.
std::optional<Url> parse_url(std::string_view text);

/// Whether a host (as `Url::host` spells it) is this machine: localhost, 127.0.0.0/8, [::1].
bool is_loopback(std::string_view host);

/// Whether requests may go there: TLS anywhere, plain text on loopback only.
bool is_allowed(const Url& url);

}  // namespace csatdb::http
