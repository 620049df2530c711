#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace csatdb::json {

class Document;

enum class Kind { absent, null, boolean, number, text, array, object };  // nothing first

/// A place in a parsed document; valid while its Document lives. An absent member is a value too:
/// asking it for content throws. Every such error is Fault::undecodable and names the JSON path,
/// e.g. "$.conversations[3].conversationStart: number where an instant is expected".
class Value {
 public:
  Kind kind() const;
  bool present() const { return kind() > Kind::null; }

  Value operator[](std::string_view member) const;  ///< absent if there is none; throws on a non-object
  std::vector<Value> elements() const;              ///< empty if absent or null; throws on a non-array
  struct Member;
  std::vector<Member> members() const;              ///< empty if absent or null; throws on a non-object
  class Walk;
  Walk walk_elements() const;                       ///< the same without a list in memory
  Walk walk_members() const;

  std::string_view text() const;      ///< valid as long as the parsed buffer
  std::int64_t integer() const;       ///< a number without fraction that fits 64 bits
  double real() const;
  bool boolean() const;
  base::Instant instant() const;

  std::string_view text_or(std::string_view fallback) const;
  std::int64_t integer_or(std::int64_t fallback) const;
  bool boolean_or(bool fallback) const;
  std::optional<std::int64_t> maybe_integer() const;
  std::optional<double> maybe_real() const;
  std::optional<base::Instant> maybe_instant() const;

  /// The value as compact JSON text.
  std::string dump() const;
  /// Where this value stands, e.g. "$.participants[2].sessions[0]".
  std::string path() const;
  /// Throws a Refusal "PATH: PROBLEM".
  [[noreturn]] void refuse(std::string_view problem) const;

 private:
  friend class Document;
  Value(const Document* document, const void* node, const void* holder, std::string_view name)
      : document_(document), node_(node), holder_(holder), name_(name) {}
  [[noreturn]] void refuse_kind(std::string_view wanted) const;

  const Document* document_;
  const void* node_;          // null: absent
  const void* holder_;        // of an absent member: the object that lacks it
  std::string_view name_;     // of an absent member
};

struct Value::Member {
  std::string_view name;
  Value value;
};

/// Visits the elements of an array or the members of an object in order:
/// `for (auto walk = value.walk_members(); walk.next();) use(walk.name(), walk.value());`
class Value::Walk {
 public:
  bool next();                    ///< steps to the first, then to the next; false past the last
  std::string_view name() const;  ///< of a member
  Value value() const;

 private:
  friend class Value;
  Walk(const Document* document, const void* holder, bool is_object);
  const Document* document_;
  const void* holder_;
  bool is_object_;
  std::size_t count_ = 0;
  std::size_t next_ = 0;  // one past the current one
};

/// A text or value that is not what is expected, and where it stands.
class Refusal : public base::Error {
 public:
  Refusal(const std::string& message, std::size_t at)
      : Error(base::Fault::undecodable, message), at_(at) {}
  /// Of the value's first byte, or of its member's name, in the whole body.
  std::size_t at() const { return at_; }

 private:
  std::size_t at_;
};

/// Parses one JSON text at a time and reuses its memory for the next. Refuses invalid UTF-8, numbers out of range, and
/// nesting past 64 levels.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;

  /// Parses the JSON value at `text`, which takes up its first `size` bytes, writing unescaped
  /// strings over it, and returns the root; `text` must outlive the values. The byte after the
  /// value must be readable (a comma, a bracket or the terminator). `where` is the path of that
  /// value in the whole body and `offset` its first byte's place there, for errors.
  Value parse_in_place(char* text, std::size_t size, std::string where = "$", std::size_t offset = 0);
  /// Parses a whole text (a copy is kept); anything but white space after the value is refused.
  Value parse(std::string_view text, std::string where = "$");

 private:
  friend class Value;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A page of results cut into its elements without parsing them.
struct Page {
  /// The members beside the array, as one JSON object (`{}` for a bare array).
  std::string envelope;
  struct Element {
    std::size_t begin, end;   ///< bytes in the body
    std::string_view id;      ///< the direct member asked for; empty if it has none or it is no plain text
  };
  std::vector<Element> elements;
};

/// Cuts `body` at the elements of its top-level array member `array` ("" where the body itself is an array). A missing
/// or null array has no elements. Checks nesting, strings and separators, not the elements' inner grammar: parsing an element does.
/// Throws Fault::undecodable with the byte offset.
Page split(std::string_view body, std::string_view array, std::string_view id_member);

}  // namespace csatdb::json
