#include "warehouse/changes.hpp"

#include <fmt/format.h>

namespace csatdb::warehouse {

std::optional<std::int64_t> version_before(const Reader& reader, std::int64_t run_id) {
  const auto rows =
      reader.run("SELECT version FROM sync_runs WHERE run_id = :run", {{"run", run_id}})[0].rows;
  return rows.empty() ? std::nullopt : std::optional(std::get<std::int64_t>(rows[0][0]));
}

std::string changed_after(const Reader& reader, const std::string& relation) {
  const auto first = reader.columns(fmt::format("SELECT * FROM \"{}\"", relation)).front();
  // The root itself, or the one that a row's key points to.
  const auto roots =
      reader
          .run(
              "SELECT :table, :column FROM pragma_table_info(:table) WHERE name = 'version' "
              "UNION ALL SELECT f.\"table\", f.\"to\" FROM pragma_foreign_key_list(:table) f "
              "JOIN pragma_table_info(f.\"table\") c ON c.name = 'version' WHERE f.\"from\" = "
              ":column",
              {{"table", first.table}, {"column", first.origin}})[0]
          .rows;
  if (roots.empty() || first.table.starts_with("sync_")) return {};
  return fmt::format("\"{}\" IN (SELECT {} FROM {} WHERE version > :version)", first.name,
                     std::get<std::string>(roots[0][1]), std::get<std::string>(roots[0][0]));
}

}  // namespace csatdb::warehouse
