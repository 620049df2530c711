#include "resources/extract.hpp"

#include <algorithm>
#include <string>

#include "resources/payload_plan.hpp"

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

}  // namespace

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
