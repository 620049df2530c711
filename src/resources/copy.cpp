#include "resources/copy.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "resources/payload_plan.hpp"

namespace csatdb::resources {
namespace {

using json::Kind;
using json::Value;

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
    const bool is_text =
        value.kind() == Kind::text || value.kind() == Kind::array || value.kind() == Kind::object;
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
    if (plan.table->children[index].shape == model::Child::Shape::members) return attributes(value);
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

std::string copy_of(const Value& object, const model::Table& table, const CopyRule& rule) {
  json::Writer out;
  const Plan& plan = plan_of(table);
  Copy(out, rule).object(plan, plan.members, object);
  return out.str();
}

}  // namespace csatdb::resources
