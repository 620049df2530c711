#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "support/temp_folder.hpp"
#include "warehouse/run_record.hpp"

namespace csatdb::tests {

TEST_SUITE("warehouse") {
  TEST_CASE("runs are remembered for 400 days, the one that ends for as long as it took") {
    const support::TempFolder folder;
    const auto path = (folder / "a.db").string();
    warehouse::Warehouse store({path});
    const auto run = [&](const char* began, const char* ended) {
      const auto begin = *base::parse_instant(began);
      warehouse::RunRecord record(store, "sync", begin);
      record.finish({}, begin, *base::parse_instant(ended));
    };
    run("2024-01-01T00:00:00Z", "2024-01-01T00:05:00Z");
    run("2024-06-01T00:00:00Z", "2024-06-01T00:05:00Z");
    const auto ids = [&] {
      SQLite::Statement rows(store.database(), "SELECT group_concat(run_id) FROM sync_runs");
      rows.executeStep();
      return rows.getColumn(0).getString();
    };
    CHECK(ids() == "1,2");
    run("2025-02-03T00:00:00Z", "2025-02-03T00:05:00Z");
    CHECK(ids() == "1,2,3");
    run("2025-02-04T00:10:00Z", "2025-02-04T01:00:00Z");
    CHECK(ids() == "2,3,4");
  }
}

}  // namespace csatdb::tests
