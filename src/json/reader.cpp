#include "json/reader.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"
#include "json/nesting.hpp"
#include "json/rapid.hpp"
#include "json/tree.hpp"

namespace csatdb::json {
namespace {

using Node = rapidjson::Value;
using Pool = rapidjson::MemoryPoolAllocator<>;

constexpr std::size_t kArenaBytes = std::size_t{64} << 10U;  // a conversation's tree mostly fits

const Node& node(const void* p) { return *static_cast<const Node*>(p); }

/// The way to a node, and the last of the body's own texts on it.
struct Way {
  std::string path;
  const char* text = nullptr;
};

bool find_path(const Node& at, const Node* target, Way& way) {
  const char* before = way.text;
  if (at.IsString()) way.text = at.GetString();
  if (&at == target) return true;
  const std::size_t length = way.path.size();
  if (at.IsObject()) {
    for (auto m = at.MemberBegin(); m != at.MemberEnd(); ++m) {
      way.path += fmt::format(".{}", m->name.GetString());
      way.text = m->name.GetString();
      if (find_path(m->value, target, way)) return true;
      way.path.resize(length);
    }
  } else if (at.IsArray()) {
    for (rapidjson::SizeType i = 0; i < at.Size(); ++i) {
      way.path += fmt::format("[{}]", i);
      if (find_path(at[i], target, way)) return true;
      way.path.resize(length);
    }
  }
  way.text = before;
  return false;
}

std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::absent:
      return "nothing";
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::number:
      return "number";
    case Kind::text:
      return "text";
    case Kind::array:
      return "array";
    case Kind::object:
      return "object";
  }
  return "nothing";
}

}  // namespace

struct Document::Impl {
  // The tree's memory, kept from one parse to the next.
  std::unique_ptr<char[]> arena = std::make_unique_for_overwrite<char[]>(kArenaBytes);
  std::unique_ptr<Pool> pool;
  std::unique_ptr<rapidjson::Document> tree;
  std::string copy;
  std::string where;

  std::size_t begin = 0;  // of the text in the whole body
  char* text = nullptr;   // where it stands in memory

  /// Where a node stands, named in words and as an offset.
  Way way_to(const Node* target) const {
    Way way{where, nullptr};
    if (target != nullptr) find_path(*tree, target, way);
    return way;
  }
  std::size_t offset_of(const char* place) const {
    // Before a text stands its quotation mark.
    return begin + (place == nullptr ? 0 : static_cast<std::size_t>(place - text) - 1);
  }

  /// Builds the tree of the text's first `size` bytes, which are written over.
  void parse(std::size_t size, Extent extent) {
    tree.reset();
    pool.reset();
    pool = std::make_unique<Pool>(arena.get(), kArenaBytes);
    tree = std::make_unique<rapidjson::Document>(pool.get());
    const auto result = build_tree({text, size}, extent, *tree);
    if (result.Code() == rapidjson::kParseErrorTermination)
      throw Refusal(fmt::format("{}: nested deeper than {} levels", where, kMaxDepth), begin);
    if (result.IsError())
      throw Refusal(fmt::format("{}: malformed JSON at byte {}: {}", where, begin + result.Offset(),
                                rapidjson::GetParseError_En(result.Code())),
                    begin + result.Offset());
  }
};

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;

Value Document::parse_in_place(char* text, std::size_t size, std::string where,
                               std::size_t offset) {
  impl_->begin = offset;
  impl_->text = text;
  impl_->where = std::move(where);
  impl_->parse(size, Extent::first_value);
  return {this, impl_->tree.get(), nullptr, {}};
}

Value Document::parse(std::string_view text, std::string where) {
  impl_->where = std::move(where);
  impl_->copy = text;
  impl_->begin = 0;
  impl_->text = impl_->copy.data();
  impl_->parse(text.size(), Extent::whole_text);
  return {this, impl_->tree.get(), nullptr, {}};
}

Kind Value::kind() const {
  if (node_ == nullptr) return Kind::absent;
  // In the order of rapidjson::Type: null, false, true, object, array, string, number.
  static constexpr Kind kKinds[] = {Kind::null,  Kind::boolean, Kind::boolean, Kind::object,
                                    Kind::array, Kind::text,    Kind::number};
  return kKinds[node(node_).GetType()];
}

std::string Value::path() const {
  auto path =
      document_->impl_->way_to(static_cast<const Node*>(node_ != nullptr ? node_ : holder_)).path;
  if (node_ == nullptr) path += fmt::format(".{}", name_);
  return path;
}

void Value::refuse(std::string_view problem) const {
  const auto* place = static_cast<const Node*>(node_ != nullptr ? node_ : holder_);
  throw Refusal(fmt::format("{}: {}", path(), problem),
                document_->impl_->offset_of(document_->impl_->way_to(place).text));
}

void Value::refuse_kind(std::string_view wanted) const {
  if (kind() == Kind::absent) refuse("missing");
  refuse(fmt::format("{} where {} is expected", word(kind()), wanted));
}

Value Value::operator[](std::string_view member) const {
  if (!present()) return {document_, nullptr, node_ != nullptr ? node_ : holder_, member};
  const Node& n = node(node_);
  if (!n.IsObject()) refuse_kind("an object");
  const auto found = n.FindMember(
      Node(rapidjson::StringRef(member.data(), static_cast<rapidjson::SizeType>(member.size()))));
  if (found == n.MemberEnd()) return {document_, nullptr, node_, member};
  return {document_, &found->value, node_, member};
}

std::vector<Value> Value::elements() const {
  std::vector<Value> out;
  if (!present()) return out;
  const Node& n = node(node_);
  if (!n.IsArray()) refuse_kind("an array");
  out.reserve(n.Size());
  for (const Node* e = n.Begin(); e != n.End(); ++e) out.push_back({document_, e, nullptr, {}});
  return out;
}

std::vector<Value::Member> Value::members() const {
  std::vector<Member> out;
  if (!present()) return out;
  const Node& n = node(node_);
  if (!n.IsObject()) refuse_kind("an object");
  out.reserve(n.MemberCount());
  for (auto m = n.MemberBegin(); m != n.MemberEnd(); ++m)
    out.push_back(
        {{m->name.GetString(), m->name.GetStringLength()}, {document_, &m->value, node_, {}}});
  return out;
}

Value::Walk::Walk(const Document* document, const void* holder, bool is_object)
    : document_(document), holder_(holder), is_object_(is_object) {
  if (holder != nullptr)
    count_ = is_object ? node(holder).MemberCount() : std::size_t{node(holder).Size()};
}

bool Value::Walk::next() { return next_++ < count_; }

std::string_view Value::Walk::name() const {
  const auto& name = (node(holder_).MemberBegin() + static_cast<std::ptrdiff_t>(next_ - 1))->name;
  return {name.GetString(), name.GetStringLength()};
}

Value Value::Walk::value() const {
  const auto at = static_cast<std::ptrdiff_t>(next_ - 1);
  if (is_object_) return {document_, &(node(holder_).MemberBegin() + at)->value, holder_, {}};
  return {document_, node(holder_).Begin() + at, holder_, {}};
}

Value::Walk Value::walk_elements() const {
  if (present() && !node(node_).IsArray()) refuse_kind("an array");
  return {document_, present() ? node_ : nullptr, false};
}

Value::Walk Value::walk_members() const {
  if (present() && !node(node_).IsObject()) refuse_kind("an object");
  return {document_, present() ? node_ : nullptr, true};
}

std::string_view Value::text() const {
  if (kind() != Kind::text) refuse_kind("text");
  return {node(node_).GetString(), node(node_).GetStringLength()};
}

std::int64_t Value::integer() const {
  if (kind() != Kind::number) refuse_kind("a number");
  const Node& n = node(node_);
  if (n.IsInt64()) return n.GetInt64();
  const double d = n.GetDouble();
  if (std::trunc(d) != d || std::fabs(d) >= 9.2e18) refuse("not a whole number of 64 bits");
  return static_cast<std::int64_t>(d);
}

double Value::real() const {
  if (kind() != Kind::number) refuse_kind("a number");
  return node(node_).GetDouble();
}

bool Value::boolean() const {
  if (kind() != Kind::boolean) refuse_kind("true or false");
  return node(node_).GetBool();
}

base::Instant Value::instant() const {
  if (kind() != Kind::text) refuse_kind("an instant");
  const auto parsed = base::parse_instant(text());
  if (!parsed) refuse(fmt::format("'{:.40}' is no ISO-8601 instant", text()));
  return *parsed;
}

std::string_view Value::text_or(std::string_view fallback) const {
  return present() ? text() : fallback;
}
std::int64_t Value::integer_or(std::int64_t fallback) const {
  return present() ? integer() : fallback;
}
bool Value::boolean_or(bool fallback) const { return present() ? boolean() : fallback; }
std::optional<std::int64_t> Value::maybe_integer() const {
  return present() ? std::optional(integer()) : std::nullopt;
}
std::optional<double> Value::maybe_real() const {
  return present() ? std::optional(real()) : std::nullopt;
}
std::optional<base::Instant> Value::maybe_instant() const {
  return present() ? std::optional(instant()) : std::nullopt;
}

std::string Value::dump() const {
  if (node_ == nullptr) return "null";
  Buffer buffer;
  rapidjson::Writer<Buffer> writer(buffer);
  node(node_).Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace csatdb::json
