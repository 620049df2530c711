#pragma once

#include <string>
#include <vector>

#include "http/message.hpp"

namespace csatdb::api {

/// The service's own words about an error (genesys-api.md 1.3), read defensively: a gateway's error
/// need not be JSON. All texts are the peer's: shortened, and without control characters.
struct ServiceError {
  std::string code, message, correlation_id;
  std::string limit;  ///< "key = value" of the limit that was hit
  std::vector<std::string>
      permissions;  ///< that are missing, e.g. "analytics:conversationDetail:view"
};
ServiceError service_error(const http::Response& response);

/// One line for logs and error messages, e.g. "403 missing.permissions: You are missing …
/// (correlation id …)".
std::string describe_error(const http::Response& response);

}  // namespace csatdb::api
