#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csatdb::json {

/// Fills `to` with at most `room` bytes and says how many; 0 at the end.
using Source = std::function<std::size_t(char* to, std::size_t room)>;

/// An object found in a stream, not yet parsed.
struct StreamElement {
  struct Member {
    std::string_view name;
    std::string_view text;  ///< its value if that is a text without escapes
  };
  std::string text;
  std::string path;             ///< in its top-level value, e.g. "$.conversations[3]"
  std::size_t offset = 0;       ///< of its first byte in the stream
  std::size_t line = 0;         ///< of its first byte, from 1
  std::vector<Member> members;  ///< its own, of whatever kind; views of `text`

  const Member* find(std::string_view name) const;
};

/// Cuts JSON that comes in pieces into the objects it holds, so that a text of any length takes the
/// memory of one object: values one after the other (NDJSON too), arrays of objects, and pages,
/// objects with one of the members `arrays`, whose elements then count in their place. Checks
/// nesting, strings and separators; parsing an element checks the rest. Throws Fault::undecodable
/// with line and byte.
class Stream {
 public:
  /// An object of more than `most_bytes` is refused.
  Stream(Source source, std::span<const std::string_view> arrays, std::size_t most_bytes);
  /// The next object; nothing at the end.
  std::optional<StreamElement> next();

 private:
  /// An array whose elements are being handed out, and whether it is a page's member.
  struct Frame {
    std::string path;
    bool is_of_page;
    std::size_t index = 0;
  };
  struct Span {
    std::size_t begin, end;
  };

  bool fill();
  int peek();  ///< the next byte that is no white space; -1 at the end
  char need(const char* what);
  void expect(char c);
  Span string();
  void skip();
  void skip_nested();
  std::optional<StreamElement> value(std::string path);
  std::optional<StreamElement> object(std::string path);
  bool at_next_element();
  void leave_page();
  bool is_in_page() const;
  std::size_t line_at(std::size_t place);
  [[noreturn]] void refuse(const std::string& problem);

  Source source_;
  std::span<const std::string_view> arrays_;
  std::size_t most_bytes_;
  std::string buffer_;
  std::size_t at_ = 0;                  // the next byte, in the buffer
  std::size_t gone_ = 0;                // bytes before the buffer
  std::optional<std::size_t> held_;     // the buffer is kept from here on
  std::size_t counted_ = 0, line_ = 1;  // lines up to a place in the buffer
  std::vector<Frame> frames_;
  bool is_first_ = true;
};

}  // namespace csatdb::json
