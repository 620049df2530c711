#include "api/service_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/error.hpp"
#include "base/log.hpp"
#include "json/reader.hpp"

namespace csatdb::api {
namespace {

/// The longest part of a peer's text that a message repeats, in bytes.
constexpr std::size_t kMostText = 300;

/// The text on one line, shortened at a character's edge, without secrets.
std::string harmless(std::string_view text) {
  std::string out = base::log::redacted(std::string(text));
  if (out.size() > kMostText) {
    std::size_t end = kMostText;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
    out.resize(end);
    out += "…";
  }
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
  }
  return out;
}

std::string text_of(const json::Value& value) {
  return value.kind() == json::Kind::text ? harmless(value.text()) : std::string();
}

bool is_permission(std::string_view word) {
  const auto is_letter = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == ':' || c == '*';
  };
  return std::count(word.begin(), word.end(), ':') == 2 && word.front() != ':' &&
         word.back() != ':' && std::all_of(word.begin(), word.end(), is_letter);
}

/// Permissions are spelled domain:entity:action, whatever stands around them.
void collect_permissions(std::string_view text, std::vector<std::string>& into) {
  constexpr std::string_view kBetween = " ,;[]()\"'.";
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kBetween), text.size());
    const std::string word(text.substr(0, end));
    if (!word.empty() && is_permission(word) &&
        std::find(into.begin(), into.end(), word) == into.end())
      into.push_back(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void read_api_error(const json::Value& root, ServiceError& error) {
  error.code = text_of(root["code"]);
  error.message = text_of(root["message"]);
  if (error.correlation_id.empty()) error.correlation_id = text_of(root["contextId"]);
  if (const auto limit = root["limit"]; limit.kind() == json::Kind::object) {
    error.limit = text_of(limit["key"]);
    if (const auto value = limit["value"]; value.kind() == json::Kind::number)
      error.limit += " = " + value.dump();
  }
  collect_permissions(error.message, error.permissions);
  if (const auto params = root["messageParams"]; params.kind() == json::Kind::object)
    for (const auto& [name, value] : params.members())
      collect_permissions(text_of(value), error.permissions);
}

/// The token service has a shape of its own (genesys-api.md 1.1).
void read_token_error(const json::Value& root, ServiceError& error) {
  error.code = text_of(root["error"]);
  error.message = text_of(root["error_description"]);
  if (error.message.empty()) error.message = text_of(root["description"]);
}

}  // namespace

ServiceError service_error(const http::Response& response) {
  ServiceError error;
  if (const auto id = response.headers.get("ININ-Correlation-Id"))
    error.correlation_id = harmless(*id);
  try {
    json::Document document;
    const auto root = document.parse(response.body);
    if (root.kind() != json::Kind::object) return error;
    root["error"].kind() == json::Kind::text ? read_token_error(root, error)
                                             : read_api_error(root, error);
  } catch (const base::Error&) {
    // An HTML page of a gateway, or nothing: the status is all there is to tell.
  }
  return error;
}

std::string describe_error(const http::Response& response) {
  if (response.failure != http::Failure::none)
    return response.detail.empty() ? std::string(http::name(response.failure))
                                   : harmless(response.detail);
  const ServiceError error = service_error(response);
  std::string text = fmt::format("{}", response.status);
  if (!error.code.empty()) text += " " + error.code;
  if (!error.message.empty()) text += ": " + error.message;
  std::string notes;
  const auto note = [&notes](std::string_view name, const std::string& value) {
    if (!value.empty()) notes += fmt::format("{}{} {}", notes.empty() ? "" : ", ", name, value);
  };
  if (error.message.empty())
    note("permission", fmt::format("{}", fmt::join(error.permissions, " ")));
  note("limit", error.limit);
  note("correlation id", error.correlation_id);
  return notes.empty() ? text : fmt::format("{} ({})", text, notes);
}

}  // namespace csatdb::api
