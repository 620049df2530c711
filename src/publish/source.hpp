#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "publish/tables.hpp"
#include "publish/target.hpp"
#include "warehouse/query.hpp"

namespace csatdb::publish {

/// An integer of a result; 0 for NULL.
std::int64_t integer(const warehouse::Value& value);

/// What the parameter of a table's statement stands for.
inline warehouse::Parameters since(std::int64_t version) { return {{"since", version}}; }

/// What the warehouse says of itself and of a target's last publish.
struct Past {
  Past(const warehouse::Reader& reader, const std::string& publication);
  std::string id;
  std::int64_t version = 0;
  std::int64_t published = 0;  ///< its version when it made that publish; 0: it did not
};

/// The columns of every table, as the warehouse's statements give them.
std::map<std::string_view, Columns> columns_of(const warehouse::Reader& reader);

/// What of a table is to be sent.
struct Due {
  const Table* table = nullptr;
  std::int64_t since = 0;  ///< rows of roots above this version
  std::int64_t rows = 0;   ///< how many they are
  std::string digest;      ///< of all rows, where the table is `whole`
};

/// What is to be sent to a target that holds this, for each of its tables, in their order; of a
/// `whole` one only if it differs. `is_full`: everything, whatever it holds.
std::vector<Due> due(const warehouse::Reader& reader, const State& state,
                     const std::map<std::string_view, Columns>& columns, bool is_full);

}  // namespace csatdb::publish
