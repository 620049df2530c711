#pragma once

#include <iosfwd>

#include "warehouse/query.hpp"

namespace csatdb::warehouse {

/// Writes what a warehouse says, without how it came to say it: a line per row, of every table and
/// view but those named sync_* and report_*, sorted. Equal content gives equal bytes, whatever the
/// order in which it came: `_key` columns read as the Genesys ids they point to, `gone_ms` and
/// `payload_hash` as flags, and `version` is left out. NULLs are left out of a line; a blob reads
/// as its hexadecimal digits. Rows that point nowhere are counted per table at the end.
///
/// What to write comes from the schema itself, so that a new table needs no code here. The caller
/// looks at the stream for failures.
void write_logical(const Reader& reader, std::ostream& out);

}  // namespace csatdb::warehouse
