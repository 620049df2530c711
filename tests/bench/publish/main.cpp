#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <iterator>
#include <string>

#include "base/time.hpp"
#include "postgres/server.hpp"
#include "publish/postgres.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/warehouse.hpp"

// Measures publishing a copy of a warehouse to a PostgreSQL server of its own: everything, nothing
// new, one percent changed; and beside the first a bare COPY of the very same rows, their binary
// form ready in memory, into tables with the same keys.

namespace csatdb {
namespace {

using Seconds = std::chrono::duration<double>;

template <class Work>
double seconds(Work work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return Seconds(std::chrono::steady_clock::now() - began).count();
}

void tell(const std::string& what, std::int64_t rows, std::int64_t bytes, double took) {
  std::cout << fmt::format("{:<28}{:>10} rows {:>9.1f} MB {:>9.3f} s {:>10.0f} rows/s\n", what,
                           rows, static_cast<double>(bytes) / 1e6, took,
                           static_cast<double>(rows) / took);
}

/// The rows of every table of the target, copied once more by a client that does nothing else.
void bare_copy(tests::Server& server) {
  tests::Client client(server.url("postgres"));
  client.rows("CREATE SCHEMA bare");
  double took = 0;
  std::int64_t bytes = 0;
  std::int64_t rows = 0;
  for (const auto& row : client.rows("SELECT table_name FROM csatdb.publish_tables ORDER BY 1")) {
    const auto data =
        client.copy_out(fmt::format("COPY csatdb.{} TO STDOUT (FORMAT binary)", row[0]));
    client.rows(fmt::format("CREATE TABLE bare.{0} (LIKE csatdb.{0} INCLUDING INDEXES)", row[0]));
    took += seconds([&] {
      client.copy_in(fmt::format("COPY bare.{} FROM STDIN (FORMAT binary)", row[0]), data);
    });
    bytes += std::ssize(data);
    rows += std::stoll(client.value(fmt::format("SELECT count(*) FROM bare.{}", row[0])));
  }
  tell("bare COPY of the same rows", rows, bytes, took);
}

int run(const std::string& warehouse) {
  const auto binaries = tests::Server::binaries();
  if (!binaries) {
    std::cerr << "PostgreSQL is not installed: scripts/install-packages scripts/packages-test\n";
    return 2;
  }
  support::TempFolder folder;
  const auto file = (folder / "csat.db").string();
  // SQLite 3.40 refuses to copy generated columns from a read-only connection.
  SQLite::Database(warehouse, SQLite::OPEN_READWRITE).exec("VACUUM INTO '" + file + "'");
  tests::Server server(*binaries, "max_wal_size = '8GB'");
  const base::SystemClock clock;
  publish::Order order;
  order.warehouse = file;
  order.target = server.url("postgres");
  publish::Summary summary;
  const auto publish = [&](const std::string& what) {
    const double took =
        seconds([&] { summary = publish::publish(order, clock, [](const publish::Step&) {}); });
    tell(what, summary.rows(), summary.bytes(), took);
  };

  std::cout << fmt::format(
      "{} conversations\n",
      SQLite::Database(file).execAndGet("SELECT count(*) FROM conversations").getInt64());
  publish("first publish");
  bare_copy(server);
  publish("again, nothing changed");
  {
    warehouse::Warehouse changed({file, base::Millis{0}, "bench"});
    changed.begin();
    changed.database().exec(
        "UPDATE interactions SET talk_ms = coalesce(talk_ms, 0) + 1 WHERE conversation_key % 100 = "
        "7");
    changed.commit();
  }
  publish("again, 1 % changed");
  for (const auto& table : summary.tables)
    std::cout << fmt::format("  {:<26}{:>10} rows\n", table.table, table.rows);
  return 0;
}

}  // namespace
}  // namespace csatdb

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: csatdb_bench_publish WAREHOUSE\n";
    return 2;
  }
  try {
    return csatdb::run(words[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
