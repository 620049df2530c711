#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "base/stop.hpp"
#include "cli/site.hpp"
#include "sim/in_process.hpp"
#include "support/disk.hpp"
#include "warehouse/lock.hpp"

using namespace csatdb;
using std::chrono::minutes;
using std::chrono::seconds;
using support::contains;
using support::Site;

namespace {

using Lines = std::vector<std::string>;
using Words = std::vector<std::string>;

/// What the process writes to stderr while this lives.
class Written {
 public:
  explicit Written(std::filesystem::path file)
      : file_(std::move(file)), before_(dup(STDERR_FILENO)) {
    const int to = open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(to >= 0);
    dup2(to, STDERR_FILENO);
    close(to);
  }
  ~Written() {
    dup2(before_, STDERR_FILENO);
    close(before_);
  }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;

  Lines lines() const {
    std::ifstream in(file_);
    Lines all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }

 private:
  std::filesystem::path file_;
  int before_;
};

/// systemd's end of the notification socket.
class Supervisor {
 public:
  explicit Supervisor(const std::filesystem::path& path)
      : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.string().size() < sizeof address.sun_path);
    std::strcpy(address.sun_path, path.c_str());
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Supervisor() { close(socket_); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// What came since the last look.
  Lines look() {
    Lines all;
    std::array<char, 4096> text{};
    for (ssize_t size = 0; (size = recv(socket_, text.data(), text.size(), 0)) > 0;)
      all.emplace_back(text.data(), static_cast<std::size_t>(size));
    return all;
  }

 private:
  int socket_;
};

/// A site where a watch runs, rounds every quarter of an hour from 06:00 on: what is planned
/// happens in the pauses between them, or at a request.
class Watched : public Site {
 public:
  Watched() {
    base::stop::reset();
    transport = [this](int) {
      ++connections;
      return std::make_unique<Wire>(*this);
    };
  }
  ~Watched() { base::stop::reset(); }

  /// After so many rounds, in the pause that follows.
  void after(int rounds, std::function<void()> act) {
    acts_.emplace_back(Desk::kNow + rounds * minutes(15) - minutes(5), std::move(act));
  }
  /// Runs it until `rounds` are over.
  Result watch(int rounds, const Words& more = {}) {
    after(rounds, [] { base::stop::request(); });
    Words words{"sync", "--watch", "15m", "--since", "8d"};
    words.insert(words.end(), more.begin(), more.end());
    Written written(folder / "log");
    const auto result = run(words);
    log = written.lines();
    return result;
  }
  /// The log lines that tell how a round ended.
  Lines told() const {
    Lines all;
    std::ranges::copy_if(log, std::back_inserter(all),
                         [](const auto& line) { return contains(line, "; next in "); });
    return all;
  }
  std::string runs() const {
    return value(
        "SELECT group_concat(outcome, ' ') FROM (SELECT outcome FROM sync_runs ORDER BY "
        "began_ms)");
  }

  Lines log;
  int connections = 0;
  std::function<void(const http::Request&)> at_request;
  std::function<void()> at_wait;

 private:
  class Wire final : public http::Transport {
   public:
    explicit Wire(Watched& site) : site_(site), inner_(site.service, site.now) {}
    void start(http::Ticket ticket, http::Request request) override {
      if (site_.at_request) site_.at_request(request);
      inner_.start(ticket, std::move(request));
    }
    std::vector<http::Answer> wait(base::Millis at_most) override {
      if (site_.at_wait) site_.at_wait();
      for (std::size_t i = 0; i < site_.acts_.size(); ++i) {
        if (!site_.acts_[i].second || site_.now.now() < site_.acts_[i].first) continue;
        std::exchange(site_.acts_[i].second, nullptr)();
      }
      return inner_.wait(at_most);
    }

   private:
    Watched& site_;
    sim::InProcess inner_;
  };

  std::vector<std::pair<base::Instant, std::function<void()>>> acts_;
};

sim::Fault fault(const char* text) {
  auto parsed = sim::Fault::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a watch logs a line a round, asks only for what is due, and ends with 0 on a signal") {
    Watched site;
    const auto result = site.watch(4);
    CHECK(result.code == 0);
    CHECK(result.out == "");
    REQUIRE(site.told().size() == 4);
    CHECK(contains(site.told()[0], " info "));
    CHECK(contains(site.told()[0], " requests in "));
    CHECK(contains(site.log.back(), "ended by a signal"));
    // Beside those, what the first run says of a new warehouse.
    CHECK(site.log.size() <= 4 + 1 + 2);
    CHECK(site.runs() == "ok ok ok ok");
    CHECK(site.connections == 1);
    CHECK(site.service.counts().at("POST /oauth/token") == 1);
    CHECK(site.value("SELECT max(requests) <= 12 FROM sync_runs WHERE began_ms > (SELECT "
                     "min(began_ms) FROM sync_runs)") == "1");
  }

  TEST_CASE("a watch survives rounds without a network, and stores what came meanwhile") {
    Watched site;
    site.after(1, [&] { site.service.plan({fault("what=reset_before,times=0")}); });
    site.after(3, [&] { site.service.plan({}); });
    CHECK(site.watch(4).code == 0);
    const auto told = site.told();
    REQUIRE(told.size() == 4);
    for (const int round : {1, 2})
      CHECK_MESSAGE(contains(told[static_cast<std::size_t>(round)], "warning exit code 5: "),
                    told[static_cast<std::size_t>(round)]);
    CHECK(site.runs() == "ok unavailable unavailable ok");
  }

  TEST_CASE("a watch survives what is refused after its first round, and reads the secret again") {
    for (const char* refusal :
         {"what=401,times=0", "what=403,times=0", "what=401,path=/oauth,times=0"}) {
      CAPTURE(refusal);
      Watched site;
      site.after(1, [&] { site.service.plan({fault(refusal), fault("what=401,times=0")}); });
      site.after(2, [&] { site.service.plan({}); });
      CHECK(site.watch(3).code == 0);
      const auto told = site.told();
      REQUIRE(told.size() == 3);
      CHECK_MESSAGE(contains(told[1], "warning exit code 4: "), told[1]);
      CHECK(contains(told[2], " info "));
      CHECK(site.connections == 2);
    }
  }

  TEST_CASE("credentials refused in the first round end a watch with 4") {
    Watched site;
    site.variables["GENESYS_CLIENT_SECRET"] = "another-secret";
    CHECK(site.watch(3).code == 4);
    CHECK(site.told().empty());
    REQUIRE(!site.log.empty());
    CHECK(contains(site.log.back(), " error "));
  }

  TEST_CASE("a permission that is missing ends no watch, though a round has nothing else to do") {
    Watched site;
    site.service.options().missing_permissions = {"quality:survey:view"};
    CHECK(site.watch(3).code == 0);
    const auto told = site.told();
    REQUIRE(told.size() == 3);
    for (const auto& line : told) CHECK_MESSAGE(contains(line, "left due: 1"), line);
  }

  TEST_CASE("a watch survives rounds in which another csatdb holds the warehouse") {
    Watched site;
    std::optional<warehouse::Lock> other;
    site.after(1, [&] { other.emplace(site.path(), "csatdb import", base::Millis{0}); });
    site.after(2, [&] { other.reset(); });
    CHECK(site.watch(3).code == 0);
    const auto told = site.told();
    REQUIRE(told.size() == 3);
    CHECK_MESSAGE(contains(told[1], "warning exit code 8: "), told[1]);
    CHECK(contains(told[1], "csatdb import"));
    CHECK(site.runs() == "ok ok");
  }

  TEST_CASE("a watch survives rounds with a full disk, and with a file it may not write") {
    Watched site;
    support::Disk disk;
    bool is_full = false;
    disk.judge([&](const support::Disk::Call& call) {
      return is_full && call.act == support::Disk::Act::write ? SQLITE_FULL : SQLITE_OK;
    });
    namespace fs = std::filesystem;
    site.after(1, [&] { is_full = true; });
    site.after(2, [&] {
      is_full = false;
      fs::permissions(site.path(), fs::perms::owner_read);
    });
    site.after(
        3, [&] { fs::permissions(site.path(), fs::perms::owner_read | fs::perms::owner_write); });
    CHECK(site.watch(4).code == 0);
    const auto told = site.told();
    REQUIRE(told.size() == 4);
    CHECK_MESSAGE(contains(told[1], "warning exit code 6: the disk is full"), told[1]);
    CHECK_MESSAGE(contains(told[2], "warning exit code 6: the warehouse cannot be opened"),
                  told[2]);
    CHECK(contains(told[3], " info "));
    CHECK(site.value("PRAGMA integrity_check") == "ok");
  }

  TEST_CASE("a warehouse that became a newer csatdb's ends a watch with 6, untouched") {
    Watched site;
    site.after(1, [&] {
      SQLite::Database database(site.path(), SQLite::OPEN_READWRITE);
      database.exec("INSERT INTO sync_migrations VALUES (9999, 'of the future', '', 0)");
    });
    CHECK(site.watch(3).code == 6);
    CHECK(site.told().size() == 1);
    CHECK(contains(site.log.back(), "newer csatdb"));
    CHECK(site.value("SELECT count(*) FROM sync_runs") == "1");
  }

  TEST_CASE("bad settings end a watch with 2 before its first round") {
    Watched site;
    CHECK(site.watch(3, {"--max-time", "soon"}).code == 2);
    Watched other;
    other.variables.erase("GENESYS_CLIENT_SECRET");
    CHECK(other.watch(3).code == 2);
    CHECK(other.told().empty());
  }

  TEST_CASE("a signal within a round ends a watch with 0, and what was stored is kept") {
    Watched site;
    int requests = 0;
    site.at_request = [&](const http::Request&) {
      if (++requests == 25) base::stop::request();
    };
    CHECK(site.watch(3).code == 0);
    CHECK(requests == 25);
    CHECK(contains(site.log.back(), "ended by a signal"));
    CHECK(site.runs() == "interrupted");
    CHECK(std::stoi(site.value("SELECT count(*) FROM conversations")) > 100);
    base::stop::reset();
    site.at_request = nullptr;
    CHECK(site.run({"sync"}).code == 0);
  }

  TEST_CASE("a watch tells systemd that it is ready, that it lives, how it goes and that it ends") {
    Watched site;
    Supervisor systemd(site.folder / "notify");
    site.variables["NOTIFY_SOCKET"] = (site.folder / "notify").string();
    site.variables["WATCHDOG_USEC"] = "60000000";
    Lines heard;
    std::vector<base::Millis> alive;
    site.at_wait = [&] {
      for (auto& text : systemd.look()) {
        if (text == "WATCHDOG=1")
          alive.push_back(site.now.ticks());
        else
          heard.push_back(text);
      }
    };
    site.after(1, [&] { site.service.plan({fault("what=reset_before,times=0")}); });
    CHECK(site.watch(2).code == 0);
    for (auto& text : systemd.look()) heard.push_back(text);
    REQUIRE(heard.size() == 4);
    CHECK(heard[0] == "READY=1");
    CHECK(contains(heard[1], "STATUS="));
    CHECK(contains(heard[1], " requests in "));
    CHECK(contains(heard[2], "STATUS="));
    CHECK(heard[3] == "STOPPING=1");
    // Twice in the time given, also while a round has nothing to show but retries.
    REQUIRE(alive.size() > 40);
    for (std::size_t i = 1; i < alive.size(); ++i) CHECK(alive[i] - alive[i - 1] <= seconds(60));
  }

  TEST_CASE("without a supervisor, and with one that has gone, a watch goes on") {
    Watched site;
    site.variables["NOTIFY_SOCKET"] = (site.folder / "nobody").string();
    site.variables["WATCHDOG_USEC"] = "60000000";
    CHECK(site.watch(2).code == 0);
    CHECK(site.told().size() == 2);
  }
}
