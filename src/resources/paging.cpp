#include "resources/paging.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"

namespace csatdb::resources {
namespace {

using base::Error;
using base::Fault;

constexpr int kMaxPages =
    10'000;  // no organisation has so many entities; a listing that goes on is broken

/// What an error answer says, in one short line; a gateway's error need not be JSON.
std::string words(const http::Response& got) {
  try {
    json::Document document;
    const json::Value body = document.parse(got.body);
    return fmt::format("{} {}: {:.200}", got.status, body["code"].text_or("no code"),
                       body["message"].text_or("no message"));
  } catch (const Error&) {
    return fmt::format("{} without a readable message", got.status);
  }
}

/// The target with one parameter set to another value, or added.
std::string with_parameter(std::string_view target, std::string_view name, std::string_view value) {
  const std::string encoded = http::percent_encode(value);
  for (const char before : {'?', '&'}) {
    const std::string key = fmt::format("{}{}=", before, name);
    const auto at = target.find(key);
    if (at == std::string_view::npos) continue;
    const auto begin = at + key.size();
    const auto end = std::min(target.find('&', begin), target.size());
    return fmt::format("{}{}{}", target.substr(0, begin), encoded, target.substr(end));
  }
  const char mark = target.find('?') == std::string_view::npos ? '?' : '&';
  return fmt::format("{}{}{}={}", target, mark, name, encoded);
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

http::Request get(std::string_view path, int page_size, std::string_view query,
                  std::string_view rest) {
  return {
      http::Method::get,
      fmt::format("{}?pageSize={}{}{}{}", path, page_size, rest, query.empty() ? "" : "&", query),
      {},
      {}};
}

[[noreturn]] void refuse(std::string_view name, std::string_view problem) {
  throw Error(Fault::undecodable, fmt::format("{}: {}", name, problem));
}

}  // namespace

void require_success(std::string_view name, std::string_view permission,
                     const http::Response& got) {
  if (got.status >= 200 && got.status < 300) return;
  if (got.status == 403) {
    throw Error(Fault::denied,
                fmt::format("{}: the service refuses ({}); give the OAuth client's role {}", name,
                            words(got), permission.empty() ? "access to it" : permission));
  }
  refuse(name, fmt::format("the service answers {}", words(got)));
}

void require_success(const Resource& resource, const http::Response& got) {
  require_success(resource.name, resource.permission, got);
}

json::Page cut(const http::Response& got, std::string_view array, std::string_view id_member) {
  json::Page page = json::split(got.body, array, id_member);
  if (array.empty()) return page;
  // What stands there but is no array stays beside the elements, or the array if its name has
  // escapes.
  json::Document document;
  const json::Value beside = document.parse(page.envelope)[array];
  if (!beside.elements().empty()) beside.refuse("a list whose name is written with escapes");
  return page;
}

Step page_of(const Resource& resource, const http::Response& got) {
  require_success(resource, got);
  Step step;
  step.page = cut(got, resource.array, resource.table->json_id);
  return step;
}

std::string query_value(std::string_view target, std::string_view name) {
  auto rest = target.substr(std::min(target.find('?'), target.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name)
      return http::percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    rest.remove_prefix(end);
  }
  return {};
}

http::Request first_page(std::string_view path, int page_size, std::string_view query) {
  return get(path, page_size, query, "&pageNumber=1");
}

Step next_page(const Resource& resource, const http::Request& sent, const http::Response& got) {
  Step step = page_of(resource, got);
  json::Document document;
  const json::Value beside = document.parse(step.page.envelope);
  const auto asked = number(query_value(sent.target, "pageNumber"));
  const auto size = number(query_value(sent.target, "pageSize"));
  if (!asked || !size)
    refuse(resource.name, "the request to resume names no page: it is begun again");
  const auto came = beside["pageNumber"].integer_or(*asked);
  if (came != *asked)
    refuse(resource.name, fmt::format("page {} was asked for, page {} came", *asked, came));
  step.total = beside["total"].maybe_integer();

  const auto count = static_cast<std::int64_t>(step.page.elements.size());
  const auto pages = beside["pageCount"].maybe_integer();
  if (count == 0 || (pages ? *asked >= *pages : count < *size)) return step;
  if (*asked >= kMaxPages) refuse(resource.name, fmt::format("no end after {} pages", kMaxPages));
  step.next = sent;
  step.next->target = with_parameter(sent.target, "pageNumber", std::to_string(*asked + 1));
  return step;
}

http::Request first_cursor_page(std::string_view path, int page_size, std::string_view query) {
  return get(path, page_size, query, "");
}

Step next_cursor_page(const Resource& resource, const http::Request& sent,
                      const http::Response& got) {
  Step step = page_of(resource, got);
  json::Document document;
  const json::Value beside = document.parse(step.page.envelope);
  const auto link = beside["nextUri"].text_or("");
  const std::string after = query_value(link, "after");
  if (link.empty() || step.page.elements.empty()) return step;
  if (after.empty()) refuse(resource.name, "the link to the next page names no cursor");
  if (after == query_value(sent.target, "after"))
    refuse(resource.name, "the link to the next page names the page itself");
  step.next = sent;
  step.next->target = with_parameter(sent.target, "after", after);
  return step;
}

}  // namespace csatdb::resources
