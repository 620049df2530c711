#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "warehouse/query.hpp"

namespace csatdb::warehouse {

/// The state of the change counter before run `run_id`: what the run or a later one changed has a
/// higher one. Nothing if there was no such run.
std::optional<std::int64_t> version_before(const Reader& reader, std::int64_t run_id);

/// The SQL condition on rows of a table or view that changed after `:version`: the root that the
/// first column names, or that owns the row, has a higher one. Empty where rows keep no record of
/// changes (calendars, bookkeeping). A name that changed in another table is no change of the rows
/// that show it.
std::string changed_after(const Reader& reader, const std::string& relation);

}  // namespace csatdb::warehouse
