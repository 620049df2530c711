#include "api/hosts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/error.hpp"
#include "http/url.hpp"

namespace csatdb::api {
namespace {

using base::Error;
using base::Fault;

/// AWS region and domain (genesys-api.md 1.2).
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kRegions{{
    {"us-east-1", "mypurecloud.com"},
    {"us-east-2", "use2.us-gov-pure.cloud"},
    {"us-west-2", "usw2.pure.cloud"},
    {"ca-central-1", "cac1.pure.cloud"},
    {"mx-central-1", "mxc1.pure.cloud"},
    {"sa-east-1", "sae1.pure.cloud"},
    {"eu-west-1", "mypurecloud.ie"},
    {"eu-west-2", "euw2.pure.cloud"},
    {"eu-central-1", "mypurecloud.de"},
    {"eu-central-2", "euc2.pure.cloud"},
    {"eusc-de-east-1", "edee1.eusc-pure.cloud"},
    {"me-central-1", "mec1.pure.cloud"},
    {"ap-south-1", "aps1.pure.cloud"},
    {"ap-southeast-1", "apse1.pure.cloud"},
    {"ap-southeast-2", "mypurecloud.com.au"},
    {"ap-northeast-1", "mypurecloud.jp"},
    {"ap-northeast-2", "apne2.pure.cloud"},
    {"ap-northeast-3", "apne3.pure.cloud"},
}};

std::string plain_name(std::string_view name) {
  std::string plain(name);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](unsigned char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(c));
  });
  return plain;
}

}  // namespace

Hosts hosts_of_url(std::string_view base_url) {
  const auto url = http::parse_url(base_url);
  if (!url || url->path.find('?') != std::string::npos)
    throw Error(Fault::usage,
                "the base URL is no plain http(s) address: write it like "
                "https://api.mypurecloud.ie");
  if (!http::is_allowed(*url))
    throw Error(Fault::usage,
                fmt::format("plain http is accepted for this machine only: use https://{}",
                            url->authority));
  std::string base = fmt::format("{}://{}{}", url->scheme, url->authority, url->path);
  while (base.ends_with('/')) base.pop_back();

  const bool at_root = url->path.empty() || url->path == "/";
  if (url->scheme == "https" && url->host.starts_with("api.") && url->host == url->authority &&
      at_root)
    return {base, fmt::format("https://login.{}/oauth/token", url->host.substr(4))};
  return {base, base + "/oauth/token"};
}

Hosts hosts_of_region(std::string_view name) {
  const std::string plain = plain_name(name);
  for (const auto& [region, domain] : kRegions) {
    if (plain == region || plain == domain)
      return hosts_of_url(fmt::format("https://api.{}", domain));
  }
  const auto url = http::parse_url(fmt::format("https://api.{}", plain));
  if (!url || plain.find('.') == std::string::npos || url->authority != url->host ||
      !url->path.empty())
    throw Error(Fault::usage,
                fmt::format("region '{}' is unknown: give the AWS name (eu-west-1) or the domain "
                            "(mypurecloud.ie) of your organisation",
                            plain.substr(0, 60)));
  return hosts_of_url(fmt::format("https://api.{}", plain));
}

}  // namespace csatdb::api
