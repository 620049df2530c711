#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csatdb::sim {

/// Where a request goes: the host without its port.
struct Target {
  std::string host, path, query;
};

/// "https://host:port/path?query" or "/path?query".
Target take_apart(std::string_view text);
/// The decoded names and values of a query or a form, in order.
std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view query);
/// A content type without its parameters.
std::string media_type(std::string_view type);

}  // namespace csatdb::sim
