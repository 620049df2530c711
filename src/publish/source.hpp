#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

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

/// How many rows of a table are of roots above a version.
std::int64_t count(const warehouse::Reader& reader, const Table& table, std::int64_t version);

/// What tells the rows of a `whole` table from others.
std::string digest_of(const warehouse::Reader& reader, const Table& table, const Columns& columns);

}  // namespace csatdb::publish
