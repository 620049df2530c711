#include "resources/payload_plan.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <unordered_map>

namespace csatdb::resources {
namespace {

using model::Table;

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

}  // namespace

const Meaning* Level::find(std::string_view name) const {
  if (slots.empty()) return nullptr;
  for (std::size_t i = hash(name);; ++i) {
    const Slot& slot = slots[i & (slots.size() - 1)];
    if (slot.meaning.kind == Meaning::Kind::unknown) return nullptr;
    if (slot.name == name) return &slot.meaning;
  }
}

Meaning& Level::at(std::string_view name) {
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

void Level::grow() {
  std::vector<Slot> old(std::max<std::size_t>(16, slots.size() * 2));
  old.swap(slots);
  used = 0;
  for (Slot& slot : old) {
    if (!slot.name.empty()) at(slot.name) = slot.meaning;
  }
}

const Plan& plan_of(const Table& table) {
  static std::unordered_map<const Table*, std::unique_ptr<Plan>> plans;
  auto& found = plans[&table];
  if (!found) found = plan(table, "");
  return *found;
}

}  // namespace csatdb::resources
