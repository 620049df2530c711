#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <random>
#include <thread>

#include "faults/story.hpp"
#include "sim/server.hpp"
#include "support/temp_folder.hpp"

using namespace csatdb;
using faults::Story;

namespace {

constexpr useconds_t kLookEveryUs = 500;
constexpr base::Millis kLater{2000};  // the next run comes later, as it does in life

/// The simulated service on a socket, at a date that stands still.
class Site {
 public:
  Site()
      : world_(Story::organisation()),
        clock_(Story::moments().front().now, false),
        service_(world_, clock_, options()),
        server_(service_, clock_, base::Millis{0}),
        port_(server_.bind(0)),
        serving_([this] { server_.run(); }) {}
  ~Site() {
    server_.stop();
    serving_.join();
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  /// Bytes of all bodies sent so far.
  std::size_t bytes() const {
    std::size_t all = 0;
    for (const auto& note : service_.seen()) all += note.bytes;
    return all;
  }
  void forget() { service_.forget_seen(); }
  /// Sets the date so long after the story's first moment.
  void turn_to(base::Millis after) { clock_.set(Story::moments().front().now + after); }

 private:
  static sim::Options options() {
    auto o = Story::moments().front().options;
    o.rate = 0;
    o.job_delay = base::Millis{0};
    return o;
  }
  sim::World world_;
  sim::ServedClock clock_;
  sim::Service service_;
  sim::Server server_;
  int port_;
  std::thread serving_;
};

/// Starts the real program on a warehouse file; it repeats where it is told how often.
pid_t start(const Site& site, const support::TempFolder& folder, const std::string& file,
            const char* every = nullptr) {
  const pid_t child = fork();
  if (child != 0) return child;
  setenv("GENESYS_ENV_URL", site.url().c_str(), 1);
  setenv("GENESYS_CLIENT_ID", "demo", 1);
  setenv("GENESYS_CLIENT_SECRET", "demo-secret", 1);
  setenv("CSATDB_RATE", "0", 1);
  setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
  if (chdir(folder.path().c_str()) != 0) _exit(126);
  execl(CSATDB_PROGRAM, "csatdb", "--db", file.c_str(), "-q", "sync", "--since", "10d",
        every != nullptr ? "--watch" : nullptr, every, nullptr);
  _exit(127);
}

/// Waits for the end; the exit code, or minus the signal.
int end_of(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// Sends the signal as soon as `is_time` says so; whether the program was still there.
bool strike(pid_t child, int signal, const std::function<bool()>& is_time) {
  while (!is_time()) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == child)
      return false;
    usleep(kLookEveryUs);
  }
  return kill(child, signal) == 0;
}

/// A number that a reader sees in the file; 0 where it is not made yet, or just being made.
std::int64_t number(const std::string& file, const char* query) {
  try {
    SQLite::Database database(file, SQLite::OPEN_READONLY);
    return database.execAndGet(query).getInt64();
  } catch (const SQLite::Exception&) {
    return 0;
  }
}
std::int64_t commits(const std::string& file) {
  return number(file, "SELECT coalesce((SELECT value FROM sync_meta WHERE key = 'version'), 0)");
}
std::int64_t ended_runs(const std::string& file) {
  return number(file, "SELECT count(*) FROM sync_runs WHERE ended_ms IS NOT NULL");
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("the program killed at any commit or byte and run again gives the equal warehouse") {
    Site site;
    support::TempFolder folder;
    const auto whole = (folder / "whole.db").string();
    REQUIRE(end_of(start(site, folder, whole)) == 0);
    const auto all_bytes = site.bytes();
    const auto all_commits = commits(whole);
    site.turn_to(kLater);
    REQUIRE(end_of(start(site, folder, whole)) == 0);
    const auto wanted = faults::logical(whole);
    REQUIRE(all_commits > 1);

    const int runs = faults::is_thorough() ? 100 : 10;
    int struck = 0;
    for (int seed = 1; seed <= runs; ++seed) {
      std::mt19937 random(static_cast<std::uint32_t>(seed));
      const int signal = seed % 3 == 0 ? SIGTERM : SIGKILL;
      const auto file = (folder / fmt::format("{}.db", seed)).string();
      site.forget();
      site.turn_to(base::Millis{0});
      const pid_t child = start(site, folder, file);
      bool is_struck = false;
      if (seed % 2 == 0) {
        const auto at = std::uniform_int_distribution<std::size_t>(1, all_bytes - 1)(random);
        is_struck = strike(child, signal, [&] { return site.bytes() >= at; });
      } else {
        const auto at = std::uniform_int_distribution<std::int64_t>(1, all_commits - 1)(random);
        is_struck = strike(child, signal, [&] { return commits(file) >= at; });
      }
      const int ended = end_of(child);
      struck += is_struck ? 1 : 0;
      CAPTURE(seed);
      if (is_struck && signal == SIGTERM) CHECK((ended == 130 || ended == 0));
      site.turn_to(kLater);
      REQUIRE(end_of(start(site, folder, file)) == 0);
      const auto got = faults::logical(file);
      CHECK_MESSAGE(got == wanted, faults::difference(wanted, got));
    }
    if (faults::is_thorough())
      fmt::print("{} of {} runs struck while they went: nothing lost\n", struck, runs);
    CHECK(struck >= runs / 2);
  }
  TEST_CASE("a watch goes on after its first round, and a signal ends it cleanly") {
    Site site;
    support::TempFolder folder;
    const auto whole = (folder / "whole.db").string();
    REQUIRE(end_of(start(site, folder, whole)) == 0);
    for (const int signal : {SIGTERM, SIGINT}) {
      const auto file = (folder / fmt::format("{}.db", signal)).string();
      const pid_t child = start(site, folder, file, "15m");
      const auto is_over = [&] { return ended_runs(file) > 0; };
      REQUIRE(strike(child, signal, is_over));
      CHECK(end_of(child) == 0);
      CHECK(faults::logical(file) == faults::logical(whole));
    }
  }
}
