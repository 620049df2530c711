#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "warehouse/query.hpp"

namespace csatdb::warehouse {

/// How far one resource was read, and what of it is still to be read.
struct ResourceHealth {
  std::string name;
  std::optional<base::Instant> fresh_through, settled_through;  ///< as in `sync_freshness`
  std::int64_t waiting = 0;   ///< scopes to be read (again), now or later
  std::int64_t due = 0;       ///< of them, those due now
  std::int64_t given_up = 0;  ///< keys past the horizon that never came to their end
};

/// UTC days in a row, both inclusive.
struct DayRange {
  base::Day first, last;
};

/// A scope whose last read failed; it stays due.
struct FailedScope {
  std::string resource, scope;
  std::string outcome;  ///< name of the fault, or "gap"
  std::string message;
  std::int64_t attempts = 0;
};

struct PastRun {
  std::int64_t id = 0;
  std::string command;
  base::Instant began{};
  std::optional<base::Instant> ended;  ///< nothing: it runs, or was killed
  std::string outcome, message;
  std::int64_t requests = 0, retries = 0, rows_seen = 0, rows_changed = 0, bytes_received = 0;
  base::Millis waited{};
};

/// What is known of a warehouse without asking the service.
struct Health {
  std::string organization, zone;
  std::vector<ResourceHealth> resources;               ///< by name
  std::vector<DayRange> settled, provisional, unread;  ///< days of conversations, in order
  std::vector<FailedScope> failed;
  std::vector<std::pair<std::string, std::string>> given_up;  ///< resource and key, newest first
  std::int64_t open_conversations = 0;
  std::vector<std::pair<std::string, std::int64_t>> open_surveys;  ///< by status that is not final
  std::vector<PastRun> runs;                                       ///< newest first
  std::string running;                     ///< who holds the warehouse at the moment; empty: nobody
  std::int64_t bytes = 0, free_bytes = 0;  ///< of the file with its log, and of its disk
  /// Bytes a day over the last weeks; nothing before two runs lie a day apart.
  std::optional<double> growth;
  /// Days until the disk is full at that pace; nothing where it is unknown or the file does not
  /// grow.
  std::optional<double> days_left() const;
};

/// Reads it. `now` decides what is due. At most `runs` runs are returned.
Health health(const Reader& reader, const std::string& path, base::Instant now, int runs = 5);

}  // namespace csatdb::warehouse
