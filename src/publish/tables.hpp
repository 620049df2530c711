#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csatdb::publish {

/// A table of the target and the warehouse's statement that fills it. Its columns have the names of
/// the statement's and types that follow from theirs; Genesys ids stand where the warehouse has
/// keys.
struct Table {
  enum class Kind {
    root,   ///< conversations: a changed one is replaced with all that `owned` tables hold of it
    owned,  ///< rows of a conversation
    dimension,  ///< rows of their own, each replaced when it changed
    whole,      ///< small and without versions: replaced when anything in it differs
  };
  std::string_view name;
  Kind kind;
  std::string_view key;      ///< column that says which root, or row, a row is of; "" if `whole`
  std::string_view primary;  ///< columns of the primary key; "" if it has none
  std::string_view sql;      ///< `:since`: rows of roots with a higher version alone; key first
};

/// Every table, dimensions first, a root before what it owns.
std::span<const Table> tables();
const Table& table(std::string_view name);

/// Whether its rows are of conversations: they lie together and travel together.
bool is_fact(const Table& table);

/// Roots, or a dimension's rows, in parts whose sizes tell where some were removed.
struct Parts {
  std::string count;  ///< part and number of roots, in the warehouse up to version `:since`
  std::string ids;    ///< part and id of each of these
  std::string of;     ///< the part a root is in, an expression in the target
};
Parts parts(const Table& table);

/// A contract view as the target has it: the warehouse's columns, in its order.
struct View {
  std::string_view name;
  std::vector<std::string_view> needs;  ///< tables
  std::string_view sql;                 ///< the query
};

/// Every view.
std::span<const View> views();
/// Whether one of these views needs the table. What the reports share goes with any.
bool is_needed(const Table& table, const std::vector<std::string>& by);
/// The view of this name; null if there is none.
const View* find_view(std::string_view name);

}  // namespace csatdb::publish
