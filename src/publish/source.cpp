#include "publish/source.hpp"

#include <fmt/format.h>

#include <limits>

#include "publish/binary_copy.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::publish {

using warehouse::Reader;
using warehouse::Value;

std::int64_t integer(const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

Past::Past(const Reader& reader, const std::string& publication) {
  const auto results = reader.run(
      "SELECT coalesce((SELECT value FROM sync_meta WHERE key = 'warehouse_id'), ''), "
      "coalesce((SELECT value + 0 FROM sync_meta WHERE key = 'version'), 0), "
      "(SELECT version FROM sync_publications WHERE publication_id = :publication)",
      {{"publication", publication}});
  const auto& row = results.at(0).rows.at(0);
  id = std::get<std::string>(row[0]);
  version = integer(row[1]);
  published = integer(row[2]);
}

std::map<std::string_view, Columns> columns_of(const Reader& reader) {
  constexpr auto kNone = std::numeric_limits<std::int64_t>::max();
  std::map<std::string_view, Columns> out;
  for (const auto& table : tables()) {
    auto& columns = out[table.name];
    for (const auto& column :
         reader.each(std::string(table.sql), since(kNone), [](const auto&) { return false; })) {
      columns.names.push_back(column.name);
      columns.types.push_back(type_of(column.type));
    }
  }
  return out;
}

std::int64_t count(const Reader& reader, const Table& table, std::int64_t version) {
  const auto counted =
      reader.run(fmt::format("SELECT count(*) FROM ({})", table.sql), since(version));
  return integer(counted.at(0).rows.at(0).at(0));
}

std::string digest_of(const Reader& reader, const Table& table, const Columns& columns) {
  std::string bytes;
  reader.each(table.sql, {}, [&](const std::vector<Value>& row) {
    append_row(bytes, columns.types, row);
    return true;
  });
  const auto hash = warehouse::fingerprint(bytes, 0).content;
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

}  // namespace csatdb::publish
