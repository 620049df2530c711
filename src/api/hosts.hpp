#pragma once

#include <string>
#include <string_view>

namespace csatdb::api {

/// Where an organisation's API and its token service answer.
struct Hosts {
  std::string
      api;  ///< base of every target, without a trailing "/", e.g. "https://api.mypurecloud.ie"
  std::string token_url;  ///< e.g. "https://login.mypurecloud.ie/oauth/token"
};

/// From a base URL: `https://api.DOMAIN` implies `https://login.DOMAIN/oauth/token`, any other one
/// serves `/oauth/token` itself. Throws Fault::usage for what is no plain URL, and for plain http
/// anywhere but on loopback.
Hosts hosts_of_url(std::string_view base_url);

/// From an AWS region in either spelling ("me-central-1", "me_central_1") or a domain
/// ("mypurecloud.ie"), which need not be one that csatdb knows: new regions appear between
/// releases. Throws Fault::usage for anything else.
Hosts hosts_of_region(std::string_view name);

}  // namespace csatdb::api
