#include "warehouse/logical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace csatdb::warehouse {
namespace {

/// A column of a table, and the row of another table that it names.
struct Member {
  std::string name, type, parent, parent_key;
  bool is_key = false;
};

/// What a table or view holds, in the order of its columns; generated columns repeat others.
std::vector<Member> members_of(const Reader& reader, const std::string& table) {
  std::vector<Member> members;
  reader.each(
      "SELECT c.name, upper(c.type), coalesce(f.\"table\", ''), coalesce(f.\"to\", ''), c.pk "
      "FROM pragma_table_info(:table) c "
      "LEFT JOIN pragma_foreign_key_list(:table) f ON f.\"from\" = c.name ORDER BY c.cid",
      {{"table", table}}, [&](const std::vector<Value>& row) {
        members.push_back({std::get<std::string>(row[0]), std::get<std::string>(row[1]),
                           std::get<std::string>(row[2]), std::get<std::string>(row[3]),
                           std::get<std::int64_t>(row[4]) != 0});
        return true;
      });
  return members;
}

std::string id_of(std::string key) { return key.replace(key.size() - 4, 4, "_id"); }

bool is_surrogate(const Member& member) { return member.name.ends_with("_key"); }

/// A column as it is written; empty for one that is left out.
std::string expression(const Member& member, bool has_owner) {
  if (!member.parent.empty() && is_surrogate(member)) {
    const auto id = id_of(member.parent_key);
    if (has_owner && member.is_key) return fmt::format("o.{}", id);
    return fmt::format("(SELECT r.{} FROM {} r WHERE r.{} = t.{}) AS {}", id, member.parent,
                       member.parent_key, member.name, id_of(member.name));
  }
  if (is_surrogate(member) || member.name == "version") return {};
  if (member.name == "gone_ms") return "t.gone_ms IS NOT NULL AS is_gone";
  if (member.name == "payload_hash") return "t.payload_hash IS NOT NULL AS has_payload";
  if (member.type == "BLOB") return fmt::format("hex(t.{0}) AS {0}", member.name);
  return fmt::format("t.\"{0}\" AS \"{0}\"", member.name);
}

/// The rows of a table or view, sorted by all that is written of them.
std::string query(const std::string& table, const std::vector<Member>& members) {
  const auto& first = members.front();
  const bool has_owner = first.is_key && !first.parent.empty() && is_surrogate(first);
  std::string columns;
  std::string order;
  int count = 0;
  for (const auto& member : members) {
    const auto column = expression(member, has_owner);
    if (column.empty()) continue;
    ++count;
    columns += (count > 1 ? ", " : "") + column;
    order += fmt::format("{}{}", count > 1 ? ", " : "", count);
  }
  // Owners first, in the order of their ids: what they own then needs sorting among itself only.
  const auto from = has_owner ? fmt::format("{0} o CROSS JOIN {1} t ON t.{2} = o.{3}", first.parent,
                                            table, first.name, first.parent_key)
                              : table + " t";
  return fmt::format("SELECT {} FROM {} ORDER BY {}", columns, from, order);
}

void append_text(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      line += fmt::format("\\u{:04x}", c);
    } else {
      line += c;
    }
  }
  line += '"';
}

void append(std::string& line, const std::string& name, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return;
  line += fmt::format(" {}=", name);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    line += fmt::format("{}", *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    line += fmt::format("{}", *real);
  } else {
    append_text(line, std::get<std::string>(value));
  }
}

void write_rows(const Reader& reader, const std::string& table, std::ostream& out) {
  const auto sql = query(table, members_of(reader, table));
  std::vector<std::string> names;
  for (const auto& column : reader.columns(sql)) names.push_back(column.name);
  std::string line;
  reader.each(sql, {}, [&](const std::vector<Value>& row) {
    line = table;
    for (std::size_t i = 0; i < names.size(); ++i) append(line, names[i], row[i]);
    out << line << '\n';
    return static_cast<bool>(out);
  });
}

}  // namespace

void write_logical(const Reader& reader, std::ostream& out) {
  reader.run("PRAGMA temp_store = FILE");  // whole views are sorted, and may not fit into memory
  std::vector<std::string> tables;
  reader.each(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') "
      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' "
      "AND name NOT LIKE 'report\\_%' ESCAPE '\\' ORDER BY name",
      {}, [&](const std::vector<Value>& row) {
        tables.push_back(std::get<std::string>(row[0]));
        return true;
      });
  for (const auto& table : tables) write_rows(reader, table, out);
  reader.each(
      "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check "
      "WHERE \"table\" NOT LIKE 'sync\\_%' ESCAPE '\\' GROUP BY 1, 2 ORDER BY 1, 2",
      {}, [&](const std::vector<Value>& row) {
        out << fmt::format("dangling table={} parent={} rows={}\n", std::get<std::string>(row[0]),
                           std::get<std::string>(row[1]), std::get<std::int64_t>(row[2]));
        return true;
      });
}

}  // namespace csatdb::warehouse
