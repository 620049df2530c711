#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace csatdb::json {

/// Builds one JSON text. Invalid UTF-8 in a text becomes U+FFFD, so that the result is always valid.
class Writer {
 public:
  enum class Style { compact, pretty };
  explicit Writer(Style style = Style::compact);
  ~Writer();

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& text(std::string_view value);
  Writer& integer(std::int64_t value);
  Writer& real(double value);  ///< null where JSON has no number for it
  Writer& boolean(bool value);
  Writer& null();
  Writer& raw(std::string_view json);  ///< a value that is JSON already

  // A member in one call.
  Writer& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).text(value); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  Writer& member(std::string_view name, int value) { return key(name).integer(value); }
  Writer& member(std::string_view name, double value) { return key(name).real(value); }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }

  /// What was written so far.
  std::string str() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::json
