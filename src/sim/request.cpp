#include "sim/request.hpp"

#include <algorithm>

#include "http/message.hpp"

namespace csatdb::sim {

Target take_apart(std::string_view text) {
  Target target;
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
    const auto slash = std::min(text.find('/'), text.size());
    const auto host = text.substr(0, slash);
    target.host = host.substr(0, host.find(':'));
    text.remove_prefix(slash);
  }
  const auto mark = std::min(text.find('?'), text.size());
  target.path = text.substr(0, mark);
  if (mark < text.size()) target.query = text.substr(mark + 1);
  return target;
}

std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto amp = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, amp);
    query.remove_prefix(std::min(query.size(), amp + 1));
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    pairs.emplace_back(http::percent_decode(pair.substr(0, equals)), http::percent_decode(value));
  }
  return pairs;
}

std::string media_type(std::string_view type) {
  std::string text(type.substr(0, type.find(';')));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace csatdb::sim
