// csatdb_bench: what a sync costs, beside what bounds it, in one run. Started by scripts/bench.

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "api/client.hpp"
#include "bench/child.hpp"
#include "bench/raw.hpp"
#include "bench/recording.hpp"
#include "bench/reports.hpp"
#include "bench/stages.hpp"
#include "http/curl_transport.hpp"
#include "sync/engine.hpp"
#include "warehouse/warehouse.hpp"

namespace {

using namespace csatdb;
using bench::Cost;

struct Arguments {
  std::string mode = "loads", url, program, folder, script;
  int days = 30, rounds = 3, rate = 0, others = 0;
};

Arguments read(int count, char** words) {
  Arguments arguments;
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2) given[words[i]] = words[i + 1];
  if (given.contains("--mode")) arguments.mode = given["--mode"];
  arguments.url = given["--url"];
  arguments.program = given["--csatdb"];
  arguments.folder = given["--folder"];
  arguments.script = given["--script"];
  if (given.contains("--days")) arguments.days = std::stoi(given["--days"]);
  if (given.contains("--rounds")) arguments.rounds = std::stoi(given["--rounds"]);
  if (given.contains("--rate")) arguments.rate = std::stoi(given["--rate"]);
  if (given.contains("--others")) arguments.others = std::stoi(given["--others"]);
  if (arguments.url.empty() || arguments.program.empty() || arguments.folder.empty()) {
    fmt::print(stderr, "csatdb_bench: started by scripts/bench\n");
    std::exit(2);
  }
  return arguments;
}

/// What the finished warehouse holds.
struct Content {
  std::int64_t conversations = 0, rows = 0, file_bytes = 0, json_bytes = 0;
};

void print_head() {
  fmt::print("{:<34} {:>8} {:>8} {:>8} {:>9} {:>9} {:>8} {:>9}\n", "", "wall s", "CPU s", "peak MB",
             "conv/s", "rows/s", "MB/s", "wrote MB");
}

void print(const std::string& what, const Cost& cost, const Content& content) {
  const auto per_second = [&](std::int64_t amount) {
    return static_cast<double>(amount) / std::max(cost.wall, 1e-9);
  };
  const auto mb = [](std::int64_t bytes) { return static_cast<double>(bytes) / 1e6; };
  fmt::print("{:<34} {:>8.2f} {:>8.2f} {:>8} {:>9.0f} {:>9.0f} {:>8.1f} {:>9}\n", what, cost.wall,
             cost.cpu,
             cost.peak_memory > 0 ? fmt::format("{:.0f}", mb(cost.peak_memory)) : std::string("-"),
             per_second(content.conversations), per_second(content.rows),
             per_second(content.json_bytes) / 1e6,
             cost.written > 0 ? fmt::format("{:.0f}", mb(cost.written)) : std::string("-"));
}

Cost median(std::vector<Cost> costs) {
  std::sort(costs.begin(), costs.end(),
            [](const Cost& a, const Cost& b) { return a.wall < b.wall; });
  return costs[costs.size() / 2];
}

void remove(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
}

/// Syncs once inside this process, to know every request and answer; the service keeps them too.
std::vector<bench::Exchange> record(const Arguments& arguments, const std::string& path) {
  remove(path);
  const base::SystemClock clock;
  http::CurlTransport curl;
  bench::Recording recording(curl);
  api::Client client(recording, clock, api::hosts_of_url(arguments.url), {"demo", "demo-secret"},
                     {0, 1});
  warehouse::Warehouse store({path, base::Millis{0}, "bench"});
  sync::Silent silent;
  sync::Settings settings;
  settings.look_back = std::chrono::hours(24) * arguments.days;
  const auto report = sync::Engine(store, client, clock, silent, settings).run();
  if (report.exit_code() != 0) throw std::runtime_error("the recording sync did not end well");
  return std::move(recording.exchanges);
}

/// How a load goes on: when which share of its conversations was there.
class Growth {
 public:
  explicit Growth(std::string path) : path_(std::move(path)) {}

  void look(double seconds) {
    try {
      SQLite::Database database(path_, SQLite::OPEN_READONLY);
      const auto count =
          database.execAndGet("SELECT coalesce(max(conversation_key), 0) FROM conversations")
              .getInt64();
      if (marks_.empty() || count > marks_.back().second) marks_.emplace_back(seconds, count);
      if (first_day_ == 0 &&
          database.execAndGet("SELECT count(*) FROM sync_scopes WHERE resource = 'conversations' "
                              "AND ended_ms IS NOT NULL")
                  .getInt() > 0)
        first_day_ = seconds;
    } catch (const SQLite::Exception&) {
      // Not made yet.
    }
  }
  /// Seconds until the first day was complete; 0 if none was seen.
  double first_day() const { return first_day_; }
  /// The speed of the last tenth as a share of the first tenth's, from the first commit on. The last
  /// hundredth is left out: it holds what only events tell of, after the days are loaded.
  double last_to_first() const {
    if (marks_.size() < 10) return 0;
    const auto [begun, before] = marks_.front();
    const auto all = 0.99 * static_cast<double>(marks_.back().second);
    const double tenth = 0.1 * (all - static_cast<double>(before));
    const double first = at(static_cast<double>(before) + tenth) - begun;
    return first / std::max(at(all) - at(all - tenth), 1e-9);
  }

 private:
  /// When so many were there, between two looks by proportion.
  double at(double count) const {
    for (std::size_t i = 1; i < marks_.size(); ++i) {
      const auto [t1, n1] = marks_[i];
      const auto [t0, n0] = marks_[i - 1];
      if (static_cast<double>(n1) >= count)
        return t0 + (t1 - t0) * (count - static_cast<double>(n0)) / static_cast<double>(n1 - n0);
    }
    return marks_.back().first;
  }

  std::string path_;
  std::vector<std::pair<double, std::int64_t>> marks_;
  double first_day_ = 0;
};

/// Makes all days due again and, for every `nth` conversation, another payload the last one seen.
void make_due(const std::string& path, int nth) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  database.exec("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
  if (nth > 0)
    database.exec(fmt::format(
        "UPDATE conversations SET payload_hash = zeroblob(16) WHERE conversation_key % {} = 0",
        nth));
}

Content content_of(const std::string& path, std::int64_t json_bytes) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  Content content;
  SQLite::Statement tables(database,
                           "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = "
                           "'table' AND name NOT LIKE 'sync~_%' ESCAPE '~' AND name NOT LIKE "
                           "'sqlite~_%' ESCAPE '~'");
  while (tables.executeStep())
    content.rows +=
        database.execAndGet("SELECT count(*) FROM " + tables.getColumn(0).getString()).getInt64();
  content.conversations = database.execAndGet("SELECT count(*) FROM conversations").getInt64();
  content.json_bytes = json_bytes;
  content.file_bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
  return content;
}

void print_ratio(const char* what, double value) { fmt::print("  {:<52} {:6.2f}\n", what, value); }

/// The syncs a user sees, `rounds` times; the warehouse they leave is cold.db.
class Loads {
 public:
  explicit Loads(const Arguments& arguments)
      : arguments_(arguments),
        path_(arguments.folder + "/cold.db"),
        out_(arguments.folder + "/output.txt"),
        growth_(path_) {}

  const std::string& path() const { return path_; }
  Cost cold() const { return median(cold_); }

  void run_round() {
    remove(path_);
    growth_ = Growth(path_);
    cold_.push_back(sync([&](double seconds) { growth_.look(seconds); }));
    again_.push_back(sync({}));
    make_due(path_, 0);
    unchanged_.push_back(sync({}));
    make_due(path_, 20);
    changed_.push_back(sync({}));
  }
  void print_costs(const Content& content) const {
    print_head();
    print("csatdb sync, cold", cold(), content);
    print("csatdb sync, nothing due", median(again_), content);
    print("csatdb sync, all read, unchanged", median(unchanged_), content);
    print("csatdb sync, all read, 5 % changed", median(changed_), content);
  }
  void print_ratios(const Content& content) const {
    print_ratio("cold sync / all read, unchanged", cold().wall / median(unchanged_).wall);
    print_ratio("cold sync / all read, 5 % changed", cold().wall / median(changed_).wall);
    print_ratio("bytes written / size of the database",
                static_cast<double>(cold().written) / static_cast<double>(content.file_bytes));
    print_ratio("first complete day / whole cold sync", growth_.first_day() / cold_.back().wall);
    if (growth_.last_to_first() > 0)
      print_ratio("speed of the last tenth / of the first", growth_.last_to_first());
  }

 private:
  Cost sync(const std::function<void(double)>& look) const {
    return bench::run({arguments_.program, "--db", path_, "-q", "sync", "--since",
                       fmt::format("{}d", arguments_.days)},
                      out_, look);
  }

  const Arguments& arguments_;
  std::string path_, out_;
  Growth growth_;
  std::vector<Cost> cold_, again_, unchanged_, changed_;
};

/// The syncs beside what bounds them and what users could write instead.
void beside_bounds(const Arguments& arguments) {
  const std::string recorded = arguments.folder + "/recorded.db";
  const auto exchanges = record(arguments, recorded);
  const bench::RawRows raw(recorded);
  const auto content = content_of(recorded, bench::plain_bytes(exchanges));
  fmt::print(
      "{} conversations, {} rows, {:.1f} MB of JSON in {} requests; database {:.1f} MB, "
      "{:.2f} of the JSON\n\n",
      content.conversations, content.rows, static_cast<double>(content.json_bytes) / 1e6,
      exchanges.size(), static_cast<double>(content.file_bytes) / 1e6,
      static_cast<double>(content.file_bytes) / static_cast<double>(content.json_bytes));

  Loads loads(arguments);
  std::vector<Cost> floor, inserted;
  for (int round = 0; round < arguments.rounds; ++round) {
    floor.push_back(bench::transport_floor(exchanges, 8));
    loads.run_round();
    remove(arguments.folder + "/raw.db");
    inserted.push_back(raw.insert_into(arguments.folder + "/raw.db"));
  }
  remove(arguments.folder + "/script.db");
  const Cost script = bench::run({"python3", arguments.script, arguments.url,
                                  arguments.folder + "/script.db", std::to_string(arguments.days)},
                                 arguments.folder + "/output.txt");
  loads.print_costs(content);
  print("raw C API, the same rows", median(inserted), content);
  print("transport alone, 8 in flight", median(floor), content);
  print("Python script", script, content);
  remove(arguments.folder + "/stages.db");
  fmt::print("\nThe stages of the conversations' pages, each alone, one thread:\n");
  for (const auto& [what, cost] : bench::stages(exchanges, arguments.folder + "/stages.db"))
    print("  " + what, cost, content);

  fmt::print("\nRatios of wall time:\n");
  print_ratio("Python script / cold sync", script.wall / loads.cold().wall);
  print_ratio("cold sync / raw C API", loads.cold().wall / median(inserted).wall);
  loads.print_ratios(content);
}

/// The syncs alone: what a million interactions cost, without keeping their pages and rows.
void growth(const Arguments& arguments) {
  Loads(arguments).run_round();  // from then on the service has its answers ready
  Loads loads(arguments);
  for (int round = 0; round < arguments.rounds; ++round) loads.run_round();
  const auto content = content_of(loads.path(), 0);
  fmt::print("{} conversations, {} rows; database {:.1f} MB\n\n", content.conversations,
             content.rows, static_cast<double>(content.file_bytes) / 1e6);
  loads.print_costs(content);
  fmt::print("\nRatios of wall time:\n");
  loads.print_ratios(content);
}

/// A cold sync under the service's rate limit, with all of the budget.
void under_limit(const Arguments& arguments) {
  const std::string path = arguments.folder + "/limit.db";
  remove(path);
  setenv("CSATDB_RATE", std::to_string(arguments.rate).c_str(), 1);
  const auto cost = bench::run({arguments.program, "--db", path, "-q", "sync", "--budget", "1",
                                "--since", fmt::format("{}d", arguments.days)},
                               arguments.folder + "/output.txt");
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  const auto number = [&](const char* column) {
    return database.execAndGet(fmt::format("SELECT {} FROM sync_runs", column)).getInt64();
  };
  const auto requests = static_cast<double>(number("requests"));
  const double least = 60 * requests / (arguments.rate - arguments.others);
  fmt::print("{} requests at {} a minute", requests, arguments.rate);
  if (arguments.others > 0) fmt::print(", {} of them taken by others", arguments.others);
  fmt::print(": {:.1f} s, {:.2f} of requests / rate left; {} answers 429\n", cost.wall,
             cost.wall / least, number("throttled"));
}

}  // namespace

int main(int count, char** words) {
  const auto arguments = read(count, words);
  setenv("GENESYS_ENV_URL", arguments.url.c_str(), 1);
  setenv("GENESYS_CLIENT_ID", "demo", 1);
  setenv("GENESYS_CLIENT_SECRET", "demo-secret", 1);
  setenv("CSATDB_RATE", "0", 1);
  try {
    if (arguments.mode == "limit") {
      under_limit(arguments);
      return 0;
    }
    arguments.mode == "growth" ? growth(arguments) : beside_bounds(arguments);
    bench::reports(arguments.program, arguments.folder + "/cold.db", arguments.folder);
    return 0;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "csatdb_bench: {}\n", problem.what());
    return 1;
  }
}
