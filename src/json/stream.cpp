#include "json/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "json/nesting.hpp"

namespace csatdb::json {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10U;  // read at once

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

const StreamElement::Member* StreamElement::find(std::string_view name) const {
  const auto at = std::find_if(members.begin(), members.end(),
                               [&](const Member& member) { return member.name == name; });
  return at == members.end() ? nullptr : &*at;
}

Stream::Stream(Source source, std::span<const std::string_view> arrays, std::size_t most_bytes)
    : source_(std::move(source)), arrays_(arrays), most_bytes_(most_bytes) {}

std::optional<StreamElement> Stream::next() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (is_first_) {
    is_first_ = false;
    while (buffer_.size() < kByteOrderMark.size() && fill()) {
    }
    if (buffer_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    if (peek() < 0) refuse("it holds no JSON");
  }
  for (;;) {
    std::string path = "$";
    if (!frames_.empty()) {
      if (!at_next_element()) continue;
      path = fmt::format("{}[{}]", frames_.back().path, frames_.back().index++);
    } else if (peek() < 0) {
      return std::nullopt;
    }
    if (auto found = value(std::move(path))) return found;
  }
}

/// Steps over what stands before an element; false where the array ends instead.
bool Stream::at_next_element() {
  const char c = need("an element");
  if (c != ']') {
    if (frames_.back().index > 0) expect(',');
    need("an element");
    return true;
  }
  ++at_;
  const bool is_of_page = frames_.back().is_of_page;
  frames_.pop_back();
  if (is_of_page) leave_page();
  return false;
}

/// Passes over the members of a page that follow its elements.
void Stream::leave_page() {
  while (need("',' or '}'") == ',') {
    ++at_;
    need("a member");
    held_ = at_;
    const Span name = string();
    const std::string key = buffer_.substr(name.begin, name.end - name.begin);
    held_.reset();
    expect(':');
    if (need("a value") == '[' && std::find(arrays_.begin(), arrays_.end(), key) != arrays_.end())
      refuse(fmt::format("a page with two lists of elements, the second named '{}'", key));
    skip();
  }
  expect('}');
}

std::optional<StreamElement> Stream::value(std::string path) {
  switch (need("a value")) {
    case '{':
      return object(std::move(path));
    case '[':
      if (!frames_.empty()) refuse(fmt::format("{}: a list where an object is expected", path));
      ++at_;
      frames_.push_back({std::move(path), false});
      return std::nullopt;
    case 'n':
      if (frames_.empty()) {  // null: no elements
        skip();
        return std::nullopt;
      }
      [[fallthrough]];
    default:
      refuse(fmt::format("{}: an object or a list of objects is expected", path));
  }
}

std::optional<StreamElement> Stream::object(std::string path) {
  held_ = at_;
  const std::size_t offset = gone_ + at_;
  StreamElement found{{}, std::move(path), offset, line_at(at_), {}};
  const bool may_be_page = !is_in_page();
  std::vector<std::pair<Span, Span>> members;  // from the first byte held
  const auto held = [&](Span span) { return Span{span.begin - *held_, span.end - *held_}; };
  ++at_;
  if (need("a member") == '}') {
    ++at_;
  } else {
    for (;;) {
      need("a member");
      const Span name = held(string());
      expect(':');
      const char kind = need("a value");
      const std::string_view key(buffer_.data() + *held_ + name.begin, name.end - name.begin);
      if (may_be_page && kind == '[' &&
          std::find(arrays_.begin(), arrays_.end(), key) != arrays_.end()) {
        frames_.push_back({fmt::format("{}.{}", found.path, key), true});
        held_.reset();
        ++at_;
        return std::nullopt;
      }
      Span text{0, 0};
      if (kind == '"')
        text = held(string());
      else
        skip();
      members.emplace_back(name, text);
      if (need("',' or '}'") == '}') {
        ++at_;
        break;
      }
      expect(',');
    }
  }
  // On the heap however short it is, so that it stays where it is when it is handed on: members
  // view it.
  found.text.reserve(sizeof found.text);
  found.text.assign(buffer_, *held_, at_ - *held_);
  held_.reset();
  const std::string_view all = found.text;
  for (const auto& [name, text] : members) {
    auto words = all.substr(text.begin, text.end - text.begin);
    if (words.find('\\') != std::string_view::npos) words = {};
    found.members.push_back({all.substr(name.begin, name.end - name.begin), words});
  }
  return found;
}

bool Stream::is_in_page() const {
  return std::any_of(frames_.begin(), frames_.end(), [](const Frame& f) { return f.is_of_page; });
}

/// Reads on; false at the end.
bool Stream::fill() {
  const std::size_t kept = held_.value_or(at_);
  line_at(kept);
  buffer_.erase(0, kept);
  gone_ += kept;
  at_ -= kept;
  counted_ -= kept;
  if (held_) held_ = 0;
  if (buffer_.size() > most_bytes_)
    refuse(fmt::format("an object of more than {} MB", most_bytes_ >> 20U));
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kPiece);
  buffer_.resize(size + source_(buffer_.data() + size, kPiece));
  return buffer_.size() > size;
}

int Stream::peek() {
  for (;;) {
    while (at_ < buffer_.size() && is_blank(buffer_[at_])) ++at_;
    if (at_ < buffer_.size()) return static_cast<unsigned char>(buffer_[at_]);
    if (!fill()) return -1;
  }
}

char Stream::need(const char* what) {
  if (peek() < 0) refuse(fmt::format("it ends where {} is expected", what));
  return buffer_[at_];
}

void Stream::expect(char c) {
  if (peek() != c) refuse(fmt::format("'{}' is expected", c));
  ++at_;
}

/// Passes over a text; its inside, in the buffer as it is afterwards.
Stream::Span Stream::string() {
  expect('"');
  // The buffer may move while it is read: places count from what is held.
  const std::size_t begin = at_ - held_.value_or(at_);
  for (;;) {
    if (at_ == buffer_.size() && !fill()) refuse("a text without end");
    const char c = buffer_[at_++];
    if (c == '"') break;
    if (c == '\\') {
      if (at_ == buffer_.size() && !fill()) refuse("a text without end");
      ++at_;
    }
  }
  if (!held_) return {0, 0};
  return {*held_ + begin, at_ - 1};
}

void Stream::skip() {
  const char c = need("a value");
  if (c == '"') {
    string();
  } else if (c == '{' || c == '[') {
    skip_nested();
  } else {
    std::size_t length = 0;
    while (at_ < buffer_.size() || fill()) {
      if (std::strchr(",]} \n\t\r", buffer_[at_]) != nullptr) break;
      ++at_;
      ++length;
    }
    if (length == 0) refuse("a value is expected");
  }
}

void Stream::skip_nested() {
  Nesting nesting;
  do {
    if (at_ == buffer_.size() && !fill()) refuse("it ends within an object or a list");
    const char c = buffer_[at_];
    if (c == '"') {
      string();
      continue;
    }
    nesting.pass(c, [&](const std::string& problem) { refuse(problem); });
    ++at_;
  } while (nesting.is_inside());
}

std::size_t Stream::line_at(std::size_t place) {
  if (place > counted_) {
    line_ += static_cast<std::size_t>(
        std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(counted_),
                   buffer_.begin() + static_cast<std::ptrdiff_t>(place), '\n'));
    counted_ = place;
  }
  return line_;
}

void Stream::refuse(const std::string& problem) {
  throw base::Error(base::Fault::undecodable, fmt::format("line {}, byte {}: malformed JSON: {}",
                                                          line_at(at_), gone_ + at_, problem));
}

}  // namespace csatdb::json
