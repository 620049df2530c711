#include "json/tree.hpp"

#include <cctype>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "json/nesting.hpp"

namespace csatdb::json {
namespace {

/// A number that no double holds.
struct TooBig {};

constexpr std::string_view kReplacement = "\\ufffd";

/// Whether the escape of half a surrogate pair begins here: D8 to DB the first, DC to DF the
/// second.
bool is_half(std::string_view text, std::string_view second_digits) {
  const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  return text.size() >= kReplacement.size() && text[1] == 'u' && (text[2] | 0x20) == 'd' &&
         second_digits.find(text[3]) != second_digits.npos && is_hex(text[4]) && is_hex(text[5]);
}

/// Half a pair, which remains where the service cut a text in the middle of a character, becomes
/// the replacement character.
void mend_halves(std::span<char> text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto* found = std::memchr(text.data() + at, '\\', text.size() - at);
    if (found == nullptr) return;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    const std::string_view rest(text.data() + at, text.size() - at);
    const bool is_first = is_half(rest, "89abAB");
    if (is_first && rest.size() > kReplacement.size() && rest[kReplacement.size()] == '\\' &&
        is_half(rest.substr(kReplacement.size()), "cdefCDEF")) {
      at += 2 * kReplacement.size();
    } else if (is_first || is_half(rest, "cdefCDEF")) {
      std::memcpy(text.data() + at, kReplacement.data(), kReplacement.size());
      at += kReplacement.size();
    } else {
      at += 2;  // the escaped character is no escape's beginning
    }
  }
}

/// The document as RapidJSON builds it, but no deeper than it may be: the parser, which recurses,
/// stops with it.
class Builder {
 public:
  using Ch = char;
  explicit Builder(rapidjson::Document& tree) : tree_(tree) {}

  bool Null() { return tree_.Null(); }
  bool Bool(bool b) { return tree_.Bool(b); }
  /// RapidJSON 1.1 checks a number's grammar and leaves its value to this: of 0e111 it made
  /// whatever its memory held before, and some long fractions end its own reading with a crash.
  bool RawNumber(const char* s, rapidjson::SizeType n, bool /*copy*/) {
    const std::string_view text(s, n);
    if (const auto whole = read<std::int64_t>(text)) return tree_.Int64(*whole);
    if (const auto whole = read<std::uint64_t>(text)) return tree_.Uint64(*whole);
    if (const auto real = read<double>(text)) return tree_.Double(*real);
    if (text.find("e-") == text.npos && text.find("E-") == text.npos) throw TooBig();
    return tree_.Double(0.0);  // too small to tell from zero
  }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool String(const char* s, rapidjson::SizeType n, bool copy) { return tree_.String(s, n, copy); }
  bool Key(const char* s, rapidjson::SizeType n, bool copy) { return tree_.Key(s, n, copy); }
  bool StartObject() { return ++depth_ <= kMaxDepth && tree_.StartObject(); }
  bool StartArray() { return ++depth_ <= kMaxDepth && tree_.StartArray(); }
  bool EndObject(rapidjson::SizeType n) { return --depth_, tree_.EndObject(n); }
  bool EndArray(rapidjson::SizeType n) { return --depth_, tree_.EndArray(n); }

 private:
  template <class Number>
  static std::optional<Number> read(std::string_view text) {
    Number number{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = problem == std::errc{} && end == text.data() + text.size();
    return is_whole ? std::optional(number) : std::nullopt;
  }

  rapidjson::Document& tree_;
  int depth_ = 0;
};

/// The place of the first byte that no JSON text holds, the text's size if there is none: what is
/// no UTF-8, which RapidJSON finds slowly, and control characters, of which it passes over some
/// where it scans with SSE.
std::size_t first_foreign(std::string_view text) {
  struct Nowhere {
    void Put(char) {}
  } nowhere;
  constexpr std::uint64_t kOnes = 0x0101010101010101U, kHighBits = kOnes * 0x80;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = kHighBits;
    if (text.size() - at >= sizeof eight) std::memcpy(&eight, text.data() + at, sizeof eight);
    const std::uint64_t below_space = (eight - kOnes * ' ') & ~eight;
    if (((eight | below_space) & kHighBits) == 0) {
      at += sizeof eight;
      continue;
    }
    const char c = text[at];
    if (c >= 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t') return at;
    rapidjson::MemoryStream stream(text.data() + at, text.size() - at);
    if (!rapidjson::UTF8<>::Validate(stream, nowhere)) return at;
    at += stream.Tell();
  }
  return at;
}

template <unsigned kFlags>
rapidjson::ParseResult build(char* text, rapidjson::Document& tree) {
  rapidjson::InsituStringStream stream(text);
  rapidjson::ParseResult result;
  const auto build = [&](rapidjson::Document& made) {
    Builder builder(made);
    result =
        rapidjson::Reader()
            .Parse<kFlags | rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag>(
                stream, builder);
    return !result.IsError();
  };
  try {
    tree.Populate(build);
  } catch (const TooBig&) {
    result.Set(rapidjson::kParseErrorNumberTooBig, stream.Tell());
  }
  return result;
}

}  // namespace

rapidjson::ParseResult build_tree(std::span<char> text, Extent extent, rapidjson::Document& tree) {
  if (const auto at = first_foreign({text.data(), text.size()}); at < text.size())
    return {rapidjson::kParseErrorStringInvalidEncoding, at};
  mend_halves(text);
  return extent == Extent::whole_text ? build<rapidjson::kParseNoFlags>(text.data(), tree)
                                      : build<rapidjson::kParseStopWhenDoneFlag>(text.data(), tree);
}

}  // namespace csatdb::json
