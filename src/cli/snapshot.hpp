#pragma once

#include <string>

#include "cli/session.hpp"

namespace CLI {
class App;
}

namespace csatdb::cli {

/// What a command line says of a snapshot.
struct SnapshotWish {
  std::string file;  ///< "": none
  std::string audience = "full", mode = "0640";
};

/// Adds --snapshot with this help, --audience and --snapshot-mode.
void add_snapshot_options(CLI::App& app, SnapshotWish& wish, const std::string& help);

/// Throws Fault::usage for what no snapshot can be written by, before a long run is for nothing.
void check(const SnapshotWish& wish);

/// Writes the snapshot of the session's warehouse, with progress on stderr.
void take_snapshot(Session& session, const SnapshotWish& wish);

}  // namespace csatdb::cli
