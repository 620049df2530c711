#include "bench/reports.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "bench/child.hpp"
#include "report/catalogue.hpp"

namespace csatdb::bench {
namespace {

// What reports are held against: handle time by queue and date over all interactions there are.
constexpr const char* kFullScan =
    "SELECT queue_key, local_date, count(handle_ms), sum(handle_ms) FROM interactions NOT INDEXED "
    "GROUP BY queue_key, local_date";

constexpr int kRounds = 3;

/// The seconds of the fastest of a few rounds: with caches warm, and least of the machine's other
/// work.
template <class Work>
double fastest(Work work) {
  double best = work();
  for (int round = 1; round < kRounds; ++round) best = std::min(best, work());
  return best;
}

double full_scan(SQLite::Database& database) {
  const Watch watch;
  SQLite::Statement statement(database, kFullScan);
  while (statement.executeStep()) {
  }
  return watch.so_far().wall;
}

}  // namespace

void reports(const std::string& program, const std::string& path, const std::string& folder) {
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  const double scan = fastest([&] { return full_scan(database); });
  const double share =
      database
          .execAndGet(
              "SELECT 100.0 * count(*) / (SELECT count(*) FROM interactions) FROM interactions "
              "JOIN report_calendar ON local_date BETWEEN date(last_complete_date, '-27 days') AND "
              "last_complete_date")
          .getDouble();
  fmt::print(
      "\nReports over the last 28 days, {:.0f} % of the interactions, as whole runs of the "
      "program; beside them a full\nscan of the interaction table: handle time by queue and "
      "date, over all days. The fastest of {} rounds each.\n",
      share, kRounds);
  fmt::print("  {:<34} {:>8.3f} s\n", "full scan", scan);
  const std::string out = folder + "/output.txt";
  std::vector<std::pair<double, std::string>> times;
  const auto time = [&](const std::string& name, std::vector<std::string> words) {
    words.insert(words.begin(), {program, "--db", path});
    times.emplace_back(fastest([&] { return run(words, out).wall; }), name);
  };
  for (const auto& report : report::reports())
    time(report.name, {"report", report.name, "--format", "csv"});
  time("dashboard", {"dashboard", "-o", folder + "/dashboard.html"});
  time("status", {"status", "--json"});
  std::sort(times.rbegin(), times.rend());
  for (const auto& [wall, name] : times)
    fmt::print("  {:<34} {:>8.3f} s {:>8.2f} of the scan\n", name, wall, wall / scan);
}

}  // namespace csatdb::bench
