#pragma once

#include <functional>
#include <span>
#include <string>

#include "json/reader.hpp"
#include "model/table.hpp"

namespace csatdb::resources {

/// Which texts of a payload a copy keeps.
struct CopyRule {
  std::function<bool(const model::Column&)> keeps;    ///< of members that have a column
  bool keeps_unknown = false;                         ///< texts and objects that have none
  std::span<const std::string> attribute_allow_list;  ///< participant attributes
};

/// A payload of the table as compact JSON, without what the rule does not keep. Numbers, flags and
/// nulls stay, and so do ids.
std::string copy_of(const json::Value& object, const model::Table& table, const CopyRule& rule);

}  // namespace csatdb::resources
