#include <fmt/format.h>

#include <cstring>

#include "base/error.hpp"
#include "json/nesting.hpp"
#include "json/reader.hpp"

namespace csatdb::json {
namespace {

using base::Error;
using base::Fault;

/// Walks a JSON text by its brackets, strings and separators.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  [[noreturn]] void refuse(std::string_view problem) const {
    throw Error(Fault::undecodable, fmt::format("$: malformed JSON at byte {}: {}", at_, problem));
  }
  char peek() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
    if (at_ == text_.size()) refuse("it ends too early");
    return text_[at_];
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(fmt::format("'{}' is expected", c));
  }
  void expect_end() {
    for (; at_ < text_.size(); ++at_) {
      if (std::strchr(" \n\t\r", text_[at_]) == nullptr) refuse("more than one value");
    }
  }

  /// The inside of a string, escapes as they stand.
  std::string_view string() {
    expect('"');
    const std::size_t begin = at_;
    for (;;) {
      const auto* quote =
          static_cast<const char*>(std::memchr(text_.data() + at_, '"', text_.size() - at_));
      if (quote == nullptr) {
        at_ = text_.size();
        refuse("a text without end");
      }
      at_ = static_cast<std::size_t>(quote - text_.data());
      std::size_t slashes = 0;
      while (at_ - slashes > begin && text_[at_ - slashes - 1] == '\\') ++slashes;
      ++at_;
      if (slashes % 2 == 0) return text_.substr(begin, at_ - 1 - begin);
    }
  }

  /// Passes over a value of any kind.
  void skip() {
    const char c = peek();
    if (c == '"') {
      string();
    } else if (c == '{' || c == '[') {
      skip_nested();
    } else {
      skip_scalar();
    }
  }

 private:
  void skip_scalar() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::strchr(",]} \n\t\r", text_[at_]) == nullptr) ++at_;
    if (at_ == begin) refuse("a value is expected");
  }
  void skip_nested() {
    Nesting nesting;
    do {
      if (at_ == text_.size()) refuse("it ends too early");
      const char c = text_[at_];
      if (c == '"') {
        string();
        continue;
      }
      nesting.pass(c, [&](std::string_view problem) { refuse(problem); });
      ++at_;
    } while (nesting.is_inside());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Passes over one element and notes its direct member `id_member`.
Page::Element element(Walker& walk, std::string_view id_member) {
  Page::Element found{};
  const char kind = walk.peek();
  found.begin = walk.at();
  if (kind != '{') {
    walk.skip();
  } else {
    walk.expect('{');
    if (!walk.take('}')) {
      do {
        walk.peek();
        const auto name = walk.string();
        walk.expect(':');
        if (name == id_member && walk.peek() == '"') {
          const auto text = walk.string();
          if (found.id.empty() && text.find('\\') == std::string_view::npos) found.id = text;
        } else {
          walk.skip();
        }
      } while (walk.take(','));
      walk.expect('}');
    }
  }
  found.end = walk.at();
  return found;
}

void elements(Walker& walk, std::string_view id_member, Page& page) {
  walk.expect('[');
  if (walk.take(']')) return;
  do {
    page.elements.push_back(element(walk, id_member));
  } while (walk.take(','));
  walk.expect(']');
}

}  // namespace

Page split(std::string_view body, std::string_view array, std::string_view id_member) {
  Page page;
  Walker walk(body);
  if (array.empty()) {
    page.envelope = "{}";
    if (walk.peek() == 'n') {
      walk.skip();  // null: no elements
    } else {
      elements(walk, id_member, page);
    }
    walk.expect_end();
    return page;
  }
  walk.expect('{');
  page.envelope.assign(1, '{');
  if (!walk.take('}')) {
    do {
      walk.peek();
      const std::size_t begin = walk.at();
      const auto name = walk.string();
      walk.expect(':');
      if (name == array && walk.peek() == '[') {
        elements(walk, id_member, page);
      } else {
        walk.skip();
        if (page.envelope.size() > 1) page.envelope += ',';
        page.envelope += body.substr(begin, walk.at() - begin);
      }
    } while (walk.take(','));
    walk.expect('}');
  }
  page.envelope += '}';
  walk.expect_end();
  return page;
}

}  // namespace csatdb::json
