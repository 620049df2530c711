#include "resources/extract.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>

#include "json/writer.hpp"
#include "resources/copy.hpp"

namespace csatdb::resources {
namespace {

using json::Kind;
using json::Value;
using model::Batch;
using model::Column;
using model::Ordinals;
using model::Table;
using model::Type;

constexpr std::size_t kMaxChildren = 8;  // conversations own five arrays, no other row more

struct Level;

/// What a member of an object means.
struct Meaning {
  enum class Kind : std::uint8_t { unknown, column, child, id, ignored, nested };
  Kind kind = Kind::unknown;
  std::uint16_t index = 0;  // of a column or child
  const Level* nested = nullptr;
};

std::uint64_t hash(std::string_view name) {
  std::uint64_t head = 0, tail = 0;
  if (name.size() >= 8) {
    std::memcpy(&head, name.data(), 8);
    std::memcpy(&tail, name.data() + name.size() - 8, 8);
  } else {
    std::memcpy(&head, name.data(), name.size());
  }
  const std::uint64_t mixed =
      (head * 0x9E3779B97F4A7C15U) ^ (tail * 0xC2B2AE3D27D4EB4FU) ^ name.size();
  return mixed ^ (mixed >> 29U);
}

/// The members of one object of the payload, found by hash.
struct Level {
  struct Slot {
    std::string name;
    Meaning meaning;
  };
  std::vector<Slot> slots;  // open addressing; a power of two
  std::size_t used = 0;
  bool ignores_rest = false;
  std::vector<std::unique_ptr<Level>> inner;

  const Meaning* find(std::string_view name) const {
    if (slots.empty()) return nullptr;
    for (std::size_t i = hash(name);; ++i) {
      const Slot& slot = slots[i & (slots.size() - 1)];
      if (slot.meaning.kind == Meaning::Kind::unknown) return nullptr;
      if (slot.name == name) return &slot.meaning;
    }
  }
  Meaning& at(std::string_view name) {
    if (used * 4 >= slots.size()) grow();
    for (std::size_t i = hash(name);; ++i) {
      Slot& slot = slots[i & (slots.size() - 1)];
      if (slot.name == name) return slot.meaning;
      if (slot.meaning.kind == Meaning::Kind::unknown && slot.name.empty()) {
        slot.name = name;
        ++used;
        return slot.meaning;
      }
    }
  }

 private:
  void grow() {
    std::vector<Slot> old(std::max<std::size_t>(16, slots.size() * 2));
    old.swap(slots);
    used = 0;
    for (Slot& slot : old) {
      if (!slot.name.empty()) at(slot.name) = slot.meaning;
    }
  }
};

/// A table's declaration, arranged for reading.
struct Plan {
  const Table* table;
  std::string place;  // of the rows in the payload: "participants.sessions."
  Level members;
  std::vector<std::unique_ptr<Plan>> children;
};

/// The meaning of a dotted path, with the objects on its way.
Meaning& descend(Level& level, std::string_view path) {
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) return level.at(path);
  const std::string_view first = path.substr(0, dot);
  const Meaning* known = level.find(first);
  if (known == nullptr) {
    level.inner.push_back(std::make_unique<Level>());
    level.at(first) = {Meaning::Kind::nested, 0, level.inner.back().get()};
    known = level.find(first);
  }
  for (const auto& inner : level.inner) {
    if (inner.get() == known->nested) return descend(*inner, path.substr(dot + 1));
  }
  throw std::logic_error("a member is both a value and an object: " + std::string(path));
}

void ignore(Level& level, std::string_view path) {
  constexpr std::string_view kRest = ".*";
  if (!path.ends_with(kRest)) {
    descend(level, path).kind = Meaning::Kind::ignored;
    return;
  }
  // A throw-away member makes the objects on the way; what it stands in ignores the rest.
  const std::string_view holder = path.substr(0, path.size() - kRest.size());
  descend(level, std::string(holder) + ".selfUri").kind = Meaning::Kind::ignored;
  Level* at = &level;
  for (std::string_view rest = holder;;) {
    const auto dot = rest.find('.');
    const Meaning* next = at->find(rest.substr(0, dot));
    for (const auto& inner : at->inner) {
      if (inner.get() == next->nested) {
        at = inner.get();
        break;
      }
    }
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  at->ignores_rest = true;
}

std::unique_ptr<Plan> plan(const Table& table, const std::string& place) {
  auto made = std::make_unique<Plan>(Plan{&table, place, {}, {}});
  for (std::uint16_t i = 0; i < table.columns.size(); ++i) {
    const std::string_view json = table.columns[i].json;
    if (!json.empty() && json != ".")
      descend(made->members, json) = {Meaning::Kind::column, i, nullptr};
  }
  for (std::uint16_t i = 0; i < table.children.size(); ++i) {
    const auto& child = table.children[i];
    descend(made->members, child.json) = {Meaning::Kind::child, i, nullptr};
    made->children.push_back(plan(*child.table, place + std::string(child.json) + "."));
  }
  for (const auto& skipped : table.ignored) ignore(made->members, skipped.json);
  if (table.is_root()) made->members.at(table.json_id).kind = Meaning::Kind::id;
  return made;
}

const Plan& plan_of(const Table& table) {
  static std::unordered_map<const Table*, std::unique_ptr<Plan>> plans;
  auto& found = plans[&table];
  if (!found) found = plan(table, "");
  return *found;
}

/// Reads one root object into a batch.
class Extraction {
 public:
  Extraction(const Context& context, Batch& batch, const RowHook& hook)
      : context_(context), batch_(batch), hook_(hook) {}

  void row(const Plan& plan, const Value& value, Ordinals ordinals, std::size_t depth) {
    batch_.begin_row(*plan.table, ordinals);
    std::array<std::optional<Value>, kMaxChildren> children;
    if (plan.table->columns.size() == 1 && plan.table->columns[0].json == ".") {
      store(plan, 0, value);
    } else {
      members(plan, plan.members, value, children, {});
    }
    if (hook_) hook_(*plan.table, value);
    for (std::size_t i = 0; i < plan.children.size(); ++i) {
      if (!children[i]) continue;
      if (plan.table->children[i].shape == model::Child::Shape::members) {
        named_values(*plan.children[i], *children[i], ordinals, depth);
        continue;
      }
      for (auto walk = children[i]->walk_elements(); walk.next(); ++ordinals[depth])
        row(*plan.children[i], walk.value(), ordinals, depth + 1);
      ordinals[depth] = 0;
    }
  }

 private:
  void members(const Plan& plan, const Level& level, const Value& value,
               std::array<std::optional<Value>, kMaxChildren>& children, std::string_view inside) {
    if (!value.present()) value.refuse("an object is expected");
    for (auto walk = value.walk_members(); walk.next();) {
      const Meaning* meaning = level.find(walk.name());
      if (meaning == nullptr) {
        if (!level.ignores_rest) unknown(plan, inside, walk.name());
        continue;
      }
      const Value member = walk.value();
      if (!member.present()) continue;
      switch (meaning->kind) {
        case Meaning::Kind::column:
          store(plan, meaning->index, member);
          break;
        case Meaning::Kind::child:
          children[meaning->index] = member;
          break;
        case Meaning::Kind::nested:
          members(
              plan, *meaning->nested, member, children,
              inside.empty() ? walk.name() : std::string(inside) + "." + std::string(walk.name()));
          break;
        default:
          break;
      }
    }
  }

  void store(const Plan& plan, std::uint16_t index, const Value& value) {
    const Column& column = plan.table->columns[index];
    switch (column.type) {
      case Type::text: {
        const auto text = value.text();
        if (column.refers == nullptr || !text.empty()) batch_.text(index, text);
        if (!column.known.empty() && !knows(column, text))
          report("unknown value", plan.place + std::string(column.json));
        break;
      }
      case Type::integer:
        batch_.integer(index, value.integer());
        break;
      case Type::real:
        batch_.real(index, value.real());
        break;
      case Type::boolean:
        batch_.integer(index, value.boolean() ? 1 : 0);
        break;
      case Type::instant:
        batch_.integer(index, base::to_ms(value.instant()));
        break;
      case Type::list:
        if (value.kind() != Kind::array && value.kind() != Kind::object)
          value.refuse("a list or an object is expected");
        batch_.text(index, batch_.keep(value.dump()));
        break;
    }
  }

  /// Rows of a name and a text each, of the names allowed.
  void named_values(const Plan& plan, const Value& object, Ordinals ordinals, std::size_t depth) {
    const auto& allowed = context_.attribute_allow_list;
    for (auto walk = object.walk_members(); walk.next(); ++ordinals[depth]) {
      if (std::find(allowed.begin(), allowed.end(), walk.name()) == allowed.end()) continue;
      if (!walk.value().present()) continue;
      batch_.begin_row(*plan.table, ordinals);
      batch_.text(0, walk.name());
      batch_.text(1, walk.value().text());
    }
  }

  static bool knows(const Column& column, std::string_view value) {
    return std::find(column.known.begin(), column.known.end(), value) != column.known.end();
  }

  void unknown(const Plan& plan, std::string_view inside, std::string_view name) {
    std::string place = plan.place;
    if (!inside.empty()) place.append(inside).append(".");
    report("unknown member", place.append(name.substr(0, kMaxNameBytes)));
  }

  void report(const char* kind, std::string place) {
    batch_.problems.push_back({kind, std::move(place), std::string(batch_.roots.back().id)});
  }

  static constexpr std::size_t kMaxNameBytes =
      64;  // a member's name is the service's text: bounded

  const Context& context_;
  Batch& batch_;
  const RowHook& hook_;
};

/// Writes a payload again.
class Copy {
 public:
  Copy(json::Writer& out, const CopyRule& rule) : out_(out), rule_(rule) {}

  void object(const Plan& plan, const Level& level, const Value& value) {
    out_.begin_object();
    for (auto walk = value.walk_members(); walk.next();)
      member(plan, level.find(walk.name()), walk.name(), walk.value());
    out_.end_object();
  }

 private:
  void member(const Plan& plan, const Meaning* meaning, std::string_view name, const Value& value) {
    const bool is_text = value.kind() == Kind::text || value.kind() == Kind::array ||
                         value.kind() == Kind::object;
    switch (meaning == nullptr || !is_text ? Meaning::Kind::unknown : meaning->kind) {
      case Meaning::Kind::column:
        if (rule_.keeps(plan.table->columns[meaning->index])) out_.key(name).raw(value.dump());
        break;
      case Meaning::Kind::id:
        out_.key(name).raw(value.dump());
        break;
      case Meaning::Kind::nested:
        out_.key(name);
        object(plan, *meaning->nested, value);
        break;
      case Meaning::Kind::child:
        out_.key(name);
        child(plan, meaning->index, value);
        break;
      default:
        if (!is_text || rule_.keeps_unknown) out_.key(name).raw(value.dump());
    }
  }

  void child(const Plan& plan, std::size_t index, const Value& value) {
    if (plan.table->children[index].shape == model::Child::Shape::members)
      return attributes(value);
    const Plan& rows = *plan.children[index];
    out_.begin_array();
    for (auto walk = value.walk_elements(); walk.next();) {
      if (walk.value().kind() == Kind::object)
        object(rows, rows.members, walk.value());
      else
        out_.raw(walk.value().dump());
    }
    out_.end_array();
  }

  void attributes(const Value& value) {
    const auto& allowed = rule_.attribute_allow_list;
    out_.begin_object();
    for (auto walk = value.walk_members(); walk.next();) {
      if (std::find(allowed.begin(), allowed.end(), walk.name()) != allowed.end())
        out_.key(walk.name()).raw(walk.value().dump());
    }
    out_.end_object();
  }

  json::Writer& out_;
  const CopyRule& rule_;
};

}  // namespace

std::string copy_of(const Value& object, const Table& table, const CopyRule& rule) {
  json::Writer out;
  const Plan& plan = plan_of(table);
  Copy(out, rule).object(plan, plan.members, object);
  return out.str();
}

model::Root& extract(const Value& object, const Table& table, const Context& context,
                     model::Digest digest, Batch& batch, const RowHook& hook) {
  const Value id = object[table.json_id];
  if (id.text().empty()) id.refuse("empty where an id is expected");
  const std::size_t root = batch.roots.size();
  batch.begin_root(table, id.text(), digest).has_attributes = context.from_job;
  Extraction(context, batch, hook).row(plan_of(table), object, {}, 0);
  return batch.roots[root];
}

void extract_reference(const Value& reference, const Table& table, const Context& context,
                       Batch& batch) {
  if (reference["id"].text_or("").empty() || reference["name"].text_or("").empty()) return;
  extract(reference, table, context, {}, batch).is_embedded = true;
}

}  // namespace csatdb::resources
