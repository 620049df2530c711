#include "json/writer.hpp"

#include <cmath>
#include <variant>

#include "json/rapid.hpp"

namespace csatdb::json {
namespace {

/// Replaces what is not UTF-8 by U+FFFD.
std::string valid_utf8(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    bool good = length > 0 && i + length <= text.size();
    for (std::size_t k = 1; good && k < length; ++k)
      good = (static_cast<unsigned char>(text[i + k]) & 0xC0U) == 0x80U;
    if (good && length == 3) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      good = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0);
    }
    if (good && length == 4) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      good = !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90);
    }
    out += good ? text.substr(i, length) : std::string_view("\xEF\xBF\xBD");
    i += good ? length : 1;
  }
  return out;
}

using Compact = rapidjson::Writer<Buffer>;
using Pretty = rapidjson::PrettyWriter<Buffer>;

}  // namespace

struct Writer::Impl {
  Buffer buffer;
  std::variant<Compact, Pretty> writer;

  explicit Impl(Style style) : writer(std::in_place_type<Compact>, buffer) {
    if (style == Style::pretty) {
      writer.emplace<Pretty>(buffer);
      std::get<Pretty>(writer).SetIndent(' ', 2);
    }
  }
  template <class Call>
  void with(Call call) {
    std::visit(call, writer);
  }
};

Writer::Writer(Style style) : impl_(std::make_unique<Impl>(style)) {}
Writer::~Writer() = default;

Writer& Writer::begin_object() {
  impl_->with([](auto& w) { w.StartObject(); });
  return *this;
}
Writer& Writer::end_object() {
  impl_->with([](auto& w) { w.EndObject(); });
  return *this;
}
Writer& Writer::begin_array() {
  impl_->with([](auto& w) { w.StartArray(); });
  return *this;
}
Writer& Writer::end_array() {
  impl_->with([](auto& w) { w.EndArray(); });
  return *this;
}
Writer& Writer::key(std::string_view name) {
  const auto valid = valid_utf8(name);
  impl_->with([&](auto& w) {
    w.Key(valid.data(), static_cast<rapidjson::SizeType>(valid.size()), true);
  });
  return *this;
}
Writer& Writer::text(std::string_view value) {
  const auto valid = valid_utf8(value);
  impl_->with([&](auto& w) {
    w.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()), true);
  });
  return *this;
}
Writer& Writer::integer(std::int64_t value) {
  impl_->with([&](auto& w) { w.Int64(value); });
  return *this;
}
Writer& Writer::real(double value) {
  if (!std::isfinite(value)) return null();
  impl_->with([&](auto& w) { w.Double(value); });
  return *this;
}
Writer& Writer::boolean(bool value) {
  impl_->with([&](auto& w) { w.Bool(value); });
  return *this;
}
Writer& Writer::null() {
  impl_->with([](auto& w) { w.Null(); });
  return *this;
}
Writer& Writer::raw(std::string_view json) {
  impl_->with([&](auto& w) { w.RawValue(json.data(), json.size(), rapidjson::kObjectType); });
  return *this;
}

std::string Writer::str() const { return {impl_->buffer.GetString(), impl_->buffer.GetSize()}; }

}  // namespace csatdb::json
