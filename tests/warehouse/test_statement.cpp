#include <doctest/doctest.h>

#include "base/error.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/statement.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {

TEST_SUITE("warehouse") {
  TEST_CASE("a statement that changes many pages takes effect as a whole, or not at all") {
    const support::TempFolder folder;
    warehouse::Warehouse store({(folder / "csat.db").string()});
    auto& database = store.database();
    const auto count = [&](const std::string& where) {
      warehouse::Statement row(database, "SELECT count(*) FROM users WHERE " + where);
      row.step();
      return row.integer(0);
    };
    const auto run = [&](const std::string& sql) { warehouse::Statement(database, sql).run(); };
    store.begin();
    run("INSERT INTO users (user_id, name, is_inferred, version) WITH RECURSIVE n(i) AS (VALUES "
        "(1) "
        "UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, printf('%200d', i), 0, 1 FROM n");
    run("INSERT INTO users (user_id, is_inferred, version) VALUES ('taken', 0, 1)");
    // Ever more pages, from what is noted in memory to far more than fits there.
    for (const int rows : {1, 10, 100, 1000, 3000, 5000, 20000}) {
      const auto some = "user_key <= " + std::to_string(rows);
      run("UPDATE users SET user_id = user_id || 'x' WHERE " + some);
      CHECK(count("user_id LIKE '%x' AND " + some) == rows);
      // The last row that is changed takes the id of another: the others are as before.
      CHECK_THROWS_AS(run("UPDATE users SET user_id = iif(user_key = " + std::to_string(rows) +
                          ", 'taken', user_id || 'y') WHERE " + some),
                      base::Error);
      CHECK(count("user_id LIKE '%y'") == 0);
    }
    store.commit();
    CHECK(count("true") == 20001);
  }
}

}  // namespace csatdb::tests
