#include "http/url.hpp"

#include <algorithm>
#include <cctype>

namespace csatdb::http {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_host(std::string_view host) {
  constexpr std::string_view kNames = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  if (host.starts_with('[') && host.ends_with(']'))
    return host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
  return !host.empty() && host.find_first_not_of(kNames) == std::string_view::npos;
}

bool is_dotted_quad(std::string_view host) {
  return host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '\\' || c == '#') return std::nullopt;
  }
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Url url{lower(text.substr(0, colon)), {}, {}, {}};
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(colon + 3);
  const auto end = std::min(text.find_first_of("/?"), text.size());
  url.authority = lower(text.substr(0, end));
  url.path = text.substr(end);
  if (url.path.starts_with('?')) return std::nullopt;

  const auto bracket = url.authority.rfind(']');
  const auto port = url.authority.find(':', bracket == std::string::npos ? 0 : bracket);
  if (port != std::string::npos && !is_port(std::string_view(url.authority).substr(port + 1)))
    return std::nullopt;
  url.host = url.authority.substr(0, port);
  if (!is_host(url.host)) return std::nullopt;
  return url;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && is_dotted_quad(host));
}

bool is_allowed(const Url& url) { return url.scheme == "https" || is_loopback(url.host); }

}  // namespace csatdb::http
