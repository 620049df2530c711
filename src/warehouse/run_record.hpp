#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/time.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::warehouse {

/// What a run did, for `sync_runs`.
struct RunSummary {
  std::string outcome = "ok";  ///< or the name of the fault that ended it
  int exit_code = 0;
  std::string message;
  std::int64_t requests = 0, retries = 0, throttled = 0, bytes_received = 0;
  base::Millis waited{0};
  std::int64_t rows_seen = 0, rows_changed = 0;
};

/// The row of `sync_runs` of one run: written when it begins and with every commit, so that what a
/// killed run did is seen too. Runs of more than 400 days ago are forgotten when one ends.
class RunRecord {
 public:
  RunRecord(Warehouse& warehouse, const std::string& command, base::Instant began);
  ~RunRecord();
  RunRecord(const RunRecord&) = delete;
  RunRecord& operator=(const RunRecord&) = delete;

  /// From here on every commit writes what `so_far` says the run has done.
  void follow(std::function<RunSummary()> so_far);
  /// `began` once more, now that the service's clock is known.
  void finish(const RunSummary& summary, base::Instant began, base::Instant ended);
  std::int64_t id() const { return id_; }

 private:
  void write(const RunSummary& so_far);

  Warehouse& warehouse_;
  std::int64_t id_;
};

}  // namespace csatdb::warehouse
