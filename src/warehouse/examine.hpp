#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

namespace csatdb::warehouse {

/// A connection that leaves the file and its log as they are. Throws Fault::storage, with the
/// remedy, for what is no database, another program's, or a warehouse on a network drive.
SQLite::Database open_to_read(const std::string& path);

/// Throws Fault::storage, with the remedy, unless a csatdb may write the file: a warehouse of this
/// version or an older one, a whole snapshot, or nothing yet. Changes nothing and leaves nothing
/// beside the file.
void examine(const std::string& path);

/// Whether the file says at its beginning that it is a warehouse or a snapshot of one.
bool claims_to_be_ours(const std::string& path);

}  // namespace csatdb::warehouse
