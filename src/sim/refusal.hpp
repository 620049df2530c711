#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace csatdb::sim {

/// A limit the service names in its refusal.
struct NamedLimit {
  std::string key, space;
  std::int64_t value = 0;
};

/// The service says no; becomes an ErrorBody (genesys-api 1.3).
class Refusal : public std::exception {
 public:
  Refusal(int http_status, std::string error_code, std::string text)
      : status(http_status), code(std::move(error_code)), message(std::move(text)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status;
  std::string code, message;
  std::string parameter, parameter_value;  ///< one messageParams entry, if any
  std::optional<NamedLimit> limit;
  std::string retry_after;  ///< the header, if any
};

inline Refusal bad_request(std::string message) { return {400, "bad.request", std::move(message)}; }
inline Refusal not_found(std::string_view what) {
  return {404, "not.found", "The requested resource was not found: " + std::string(what)};
}

/// The ErrorBody of a refusal.
std::string error_body(const Refusal& refusal, std::string_view correlation_id);

}  // namespace csatdb::sim
