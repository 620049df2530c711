#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "warehouse/query.hpp"

namespace csatdb::cli {

/// Which tables and views to write, and how.
struct RowOrder {
  std::vector<std::string> names;
  std::string format;  ///< csv or ndjson; "": what the output's suffix says, else csv
  std::string output;  ///< file, or folder for several; "": stdout
  bool gzip = false, is_csv_safe = false;
  std::optional<std::int64_t> since_run;  ///< only what this run and later ones changed
};

/// The tables and views of a warehouse.
std::vector<std::string> relation_names(const warehouse::Reader& reader);

/// Writes the rows as they stream out of the warehouse, all as of one moment, with progress on
/// stderr. Throws Fault::usage for a name it does not have, Fault::interrupted on a signal.
void export_rows(Session& session, const RowOrder& order);

}  // namespace csatdb::cli
