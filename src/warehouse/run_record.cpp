#include "warehouse/run_record.hpp"

#include <string_view>
#include <utility>

#include "base/version.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

constexpr std::chrono::days kKept{400};  // a year, and a month to look back from

}  // namespace

RunRecord::RunRecord(Warehouse& warehouse, const std::string& command, base::Instant began)
    : warehouse_(warehouse) {
  warehouse_.begin();
  Statement(warehouse_.database(),
            "INSERT INTO sync_runs (command, began_ms, program, version) VALUES (?, ?, ?, "
            "coalesce((SELECT CAST(value AS INTEGER) FROM sync_meta WHERE key = 'version'), 0))")
      .with(command, base::to_ms(began), std::string(base::version()))
      .run();
  id_ = warehouse_.database().getLastInsertRowid();
  warehouse_.commit();
}

RunRecord::~RunRecord() { warehouse_.before_commit(nullptr); }

void RunRecord::follow(std::function<RunSummary()> so_far) {
  warehouse_.before_commit([this, so_far = std::move(so_far)] { write(so_far()); });
}

void RunRecord::write(const RunSummary& s) {
  Statement(warehouse_.database(),
            "UPDATE sync_runs SET requests = ?, retries = ?, throttled = ?, waited_ms = ?, "
            "bytes_received = ?, rows_seen = ?, rows_changed = ?, file_bytes = ? WHERE run_id = ?")
      .with(s.requests, s.retries, s.throttled, s.waited.count(), s.bytes_received, s.rows_seen,
            s.rows_changed, warehouse_.file_bytes(), id_)
      .run();
}

void RunRecord::finish(const RunSummary& s, base::Instant began, base::Instant ended) {
  warehouse_.before_commit(nullptr);
  warehouse_.begin();
  write(s);
  Statement(warehouse_.database(),
            "UPDATE sync_runs SET began_ms = ?, ended_ms = ?, outcome = ?, exit_code = ?, message "
            "= nullif(?, '') WHERE run_id = ?")
      .with(base::to_ms(began), base::to_ms(ended), s.outcome, s.exit_code, s.message, id_)
      .run();
  Statement(warehouse_.database(), "DELETE FROM sync_runs WHERE began_ms < ?")
      .with(base::to_ms(ended - kKept))
      .run();
  warehouse_.commit();
}

}  // namespace csatdb::warehouse
