#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace csatdb::sim {

/// Appends JSON to a string. It trusts its caller to nest well and to pass valid UTF-8, as the
/// world does: a page of conversations is a megabyte, and many of them are asked for.
class Text {
 public:
  explicit Text(std::string& out) : out_(out) {}
  std::string& out() { return out_; }

  Text& open() { return token('{'); }
  Text& close() {
    out_ += '}';
    return *this;
  }
  Text& open_list() { return token('['); }
  Text& close_list() {
    out_ += ']';
    return *this;
  }
  Text& key(std::string_view name);

  Text& text(std::string_view value);
  /// A text that needs no escaping.
  Text& plain(std::string_view value);
  Text& integer(std::int64_t value);
  Text& real(double value);
  Text& boolean(bool value);
  /// As the service writes instants: three decimals, but in about one of 600 none, one or six.
  Text& instant(base::Instant value);

  Text& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Text& member(std::string_view name, const char* value) { return key(name).text(value); }
  Text& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  Text& member(std::string_view name, int value) { return key(name).integer(value); }
  Text& member(std::string_view name, double value) { return key(name).real(value); }
  Text& member(std::string_view name, bool value) { return key(name).boolean(value); }
  Text& member(std::string_view name, base::Instant value) { return key(name).instant(value); }
  /// Nothing at all if the text is empty, as the service omits what it does not know.
  Text& maybe(std::string_view name, std::string_view value) {
    return value.empty() ? *this : member(name, value);
  }

 private:
  void separate() {
    if (out_.empty()) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
  }
  Text& token(char c) {
    separate();
    out_ += c;
    return *this;
  }

  std::string& out_;
};

}  // namespace csatdb::sim
