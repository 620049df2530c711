#include "sim/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/answers.hpp"
#include "sim/refusal.hpp"
#include "sim/request.hpp"

namespace csatdb::sim {
namespace {

struct Status {
  std::string_view what;
  int status;
  std::string_view code, message;
};

constexpr std::string_view kBusy =
    "Rate limit exceeded the maximum. Retry the request in [2] seconds";

constexpr Status kStatuses[] = {
    {"429_seconds", 429, "too.many.requests.retry.after", "Rate limit exceeded the maximum"},
    {"429_date", 429, "too.many.requests.retry.after", "Rate limit exceeded the maximum"},
    {"429_message", 429, "too.many.requests.retry.after", kBusy},
    {"429_hours", 429, "too.many.requests.retry.after", "The daily quota is used up"},
    {"500", 500, "internal.server.error", "An unexpected error occurred"},
    {"502_html", 502, "", ""},
    {"503", 503, "service.unavailable", "The service is unavailable"},
    {"504", 504, "request.timeout", "The request timed out"},
    {"408", 408, "request.timeout", "The request timed out"},
    {"400_limit", 400, "bad.request", "The page size must not exceed 100"},
    {"400", 400, "bad.request", "The request is not understood"},
    {"401", 401, "bad.credentials", "Invalid login credentials."},
    {"403", 403, "missing.permissions", "Unable to perform the requested action."},
    {"404", 404, "not.found", "The requested resource was not found"},
    {"redirect", 302, "", ""},
};

const Status* status_of(std::string_view what) {
  const auto* found = std::find_if(std::begin(kStatuses), std::end(kStatuses),
                                   [&](const Status& s) { return s.what == what; });
  return found == std::end(kStatuses) ? nullptr : found;
}

void set_body(http::Response& response, std::string body, std::string_view type) {
  http::Headers headers;
  for (const auto& [name, value] : response.headers) {
    if (name != "Content-Encoding" && name != "Content-Type") headers.set(name, value);
  }
  headers.set("Content-Type", type);
  response.headers = std::move(headers);
  response.body = std::move(body);
}

http::Response refusal_of(const Status& s, http::Response response, base::Instant now) {
  response.status = s.status;
  Refusal refusal(s.status, std::string(s.code), std::string(s.message));
  if (s.what == "400_limit") refusal.limit = NamedLimit{"analytics.page.size", "analytics", 100};
  if (s.what == "403") refusal.parameter_value = "some:permission:view";
  if (s.what == "502_html") {
    set_body(response, "<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html");
  } else if (s.what == "redirect") {
    set_body(response, "", "text/html");
    response.headers.set("Location", "https://elsewhere.invalid/api/v2/users");
  } else {
    set_body(response, error_body(refusal, "00000000-0000-4000-8000-000000000000"),
             "application/json");
  }
  if (s.what == "429_seconds") response.headers.set("Retry-After", "3");
  if (s.what == "429_hours") response.headers.set("Retry-After", "14400");
  if (s.what == "429_date")
    response.headers.set("Retry-After", base::to_http_date(now + base::Millis{3000}));
  return response;
}

/// A few hundred kilobytes that unpack to 300 MB.
const std::string& bomb() {
  static const std::string packed =
      http::gzip("{\"entities\":[\"" + std::string(300U << 20U, ' ') + "\"]}", 1);
  return packed;
}

/// No answer of the simulator is larger.
constexpr std::size_t kReadable = 256U << 20U;

/// The value of `"name":` in a body, without quotes: where it begins and ends.
std::pair<std::size_t, std::size_t> member(const std::string& body, std::string_view name) {
  const auto at = body.rfind("\"" + std::string(name) + "\":");
  if (at == std::string::npos) return {0, 0};
  auto begin = at + name.size() + 3;
  const bool quoted = body[begin] == '"';
  if (quoted) ++begin;
  return {begin, body.find_first_of(quoted ? "\"" : ",}", begin)};
}

void replace(std::string& body, std::string_view name, std::string_view value) {
  const auto [begin, end] = member(body, name);
  if (end > begin) body.replace(begin, end - begin, value);
}

int number(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : -1;
}

/// What pages by a cursor, and where its answers name the next.
struct Cursor {
  std::string_view path, parameter, member;
};
constexpr Cursor kCursors[] = {{"/results", "cursor=", "cursor"},
                               {"/api/v2/teams", "after=", "nextUri"}};
/// The cursors of pages that a whole answer has not: "more-1", "more-2", …
constexpr std::string_view kMore = "more-";

/// The value of a parameter in a target, as it stands there: where it begins and ends.
std::pair<std::size_t, std::size_t> parameter(std::string_view target, std::string_view name) {
  const auto at = target.find(name);
  if (at == std::string_view::npos) return {target.size(), target.size()};
  return {at + name.size(), std::min(target.find('&', at), target.size())};
}

/// Names a further page where the listing pages by a cursor: the same cursor again, or one more.
void name_another(std::string_view what, const std::string& target, std::string& body) {
  for (const auto& [path, name, member] : kCursors) {
    if (target.find(path) == std::string::npos) continue;
    const auto [begin, end] = parameter(target, name);
    std::string cursor = http::percent_decode(target.substr(begin, end - begin));
    const bool is_more = cursor.starts_with(kMore);
    if (what == "endless_pages")
      cursor = fmt::format("{}{}", kMore, is_more ? number(cursor.substr(kMore.size())) + 1 : 1);
    else if (cursor.empty())
      cursor = fmt::format("{}1", kMore);
    const auto value = member == "cursor" ? cursor : fmt::format("{}?{}{}", path, name, cursor);
    replace(body, member, value);
    if (body.find(value) == std::string::npos && body.ends_with('}')) {
      body.pop_back();
      body += fmt::format("{}\"{}\":\"{}\"}}", body == "{" ? "" : ",", member, value);
    }
  }
}

/// An answer that promises another page.
std::string forever(std::string_view what, const http::Request& request, std::string body) {
  name_another(what, request.target, body);
  replace(body, "totalHits", "1000000000");
  replace(body, "pageCount", "1000000");
  return body;
}

/// The request's path as the service spells it, its variable segments as "{}".
std::string_view endpoint_of(const http::Request& request) {
  std::vector<std::string> parts;
  bool is_other_method = false;
  const auto* found =
      find_endpoint(request.method, take_apart(request.target).path, parts, is_other_method);
  return found == nullptr ? std::string_view() : found->path;
}

}  // namespace

const std::vector<std::string_view>& mishaps() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> names;
    for (const auto& s : kStatuses) names.push_back(s.what);
    for (const auto* what :
         {"reset_before", "reset_within", "truncated", "slow", "endless", "malformed", "wrong_type",
          "wrong_encoding", "unknown_encoding", "bomb", "deep", "empty", "bad_utf8", "bad_tls",
          "repeated_cursor", "endless_pages"})
      names.emplace_back(what);
    return names;
  }();
  return all;
}

bool replaces(std::string_view what) { return status_of(what) != nullptr; }

std::optional<Fault> Fault::parse(std::string_view text) {
  Fault fault;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto pair = text.substr(0, comma);
    text.remove_prefix(std::min(text.size(), comma + 1));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto name = pair.substr(0, equals);
    const auto value = pair.substr(equals + 1);
    if (name == "what")
      fault.what = value;
    else if (name == "path")
      fault.path = value;
    else if (name == "endpoint")
      fault.endpoint = value;
    else if (name == "method")
      fault.method = value;
    else if (name == "from")
      fault.from = number(value);
    else if (name == "times")
      fault.times = number(value);
    else
      return std::nullopt;
  }
  const auto& known = mishaps();
  if (std::find(known.begin(), known.end(), fault.what) == known.end() || fault.from < 1 ||
      fault.times < 0)
    return std::nullopt;
  return fault;
}

std::optional<std::string> Faults::strike(const http::Request& request) {
  std::optional<std::string> struck;
  for (auto& fault : faults_) {
    if (request.target.find(fault.path) == std::string::npos) continue;
    if (!fault.endpoint.empty() && fault.endpoint != endpoint_of(request)) continue;
    if (!fault.method.empty() && fault.method != http::name(request.method)) continue;
    ++fault.met;
    const bool due =
        fault.met >= fault.from && (fault.times == 0 || fault.met < fault.from + fault.times);
    if (due && !struck) struck = fault.what;
  }
  return struck;
}

http::Request bent(std::string_view what, http::Request request) {
  if (what != "endless_pages" && what != "repeated_cursor") return request;
  for (const auto& [path, name, member] : kCursors) {
    const auto [begin, end] = parameter(request.target, name);
    if (request.target.compare(begin, kMore.size(), kMore) == 0)
      request.target.erase(begin - name.size() - 1, end - begin + name.size() + 1);
  }
  if (what != "endless_pages") return request;
  for (auto* text : {&request.target, &request.body}) {
    const auto name = text->find("pageNumber");
    if (name == std::string::npos) continue;
    const auto digits = text->find_first_of("0123456789", name);
    if (digits == std::string::npos) continue;
    const auto end = std::min(text->find_first_not_of("0123456789", digits), text->size());
    text->replace(digits, end - digits, "1");
  }
  return request;
}

Reply spoil(std::string_view what, const http::Request& request, http::Response response,
            base::Instant now) {
  if (const auto* status = status_of(what)) return {refusal_of(*status, std::move(response), now)};
  if (what == "reset_before") return {std::move(response), Wire::reset_before};
  if (what == "reset_within") return {std::move(response), Wire::reset_within};
  if (what == "endless") return {std::move(response), Wire::endless};
  if (what == "slow") return {std::move(response), Wire::slow};
  if (what == "bad_tls") return {std::move(response), Wire::bad_tls};
  if (what == "truncated") {
    response.body.resize(response.body.size() / 2);
  } else if (what == "malformed") {
    set_body(response, "{\"entities\":[{\"id\":}]", "application/json");
  } else if (what == "wrong_type") {
    set_body(response,
             "{\"entities\":42,\"conversations\":42,\"results\":42,\"id\":42,\"jobId\":42,"
             "\"state\":42,\"access_token\":42,\"dataAvailabilityDate\":42}",
             "application/json");
  } else if (what == "wrong_encoding") {
    set_body(response, "{\"entities\":[]}", "application/json");
    response.headers.set("Content-Encoding", "gzip");
  } else if (what == "unknown_encoding") {
    response.headers = {};
    response.headers.set("Content-Encoding", "br");
  } else if (what == "bomb") {
    set_body(response, bomb(), "application/json");
    response.headers.set("Content-Encoding", "gzip");
  } else if (what == "deep") {
    set_body(response, std::string(200000, '[') + std::string(200000, ']'), "application/json");
  } else if (what == "empty") {
    set_body(response, "", "application/json");
  } else if (what == "bad_utf8") {
    set_body(response, "{\"entities\":[{\"id\":\"\xC3\x28\xFF\"}]}", "application/json");
  } else if (what == "repeated_cursor" || what == "endless_pages") {
    set_body(response, forever(what, request, http::inflate(response, kReadable)),
             "application/json");
  }
  return {std::move(response)};
}

}  // namespace csatdb::sim
