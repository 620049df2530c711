#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <random>

#include "postgres/proxy.hpp"
#include "postgres/stage.hpp"

using namespace csatdb;
using tests::Client;
using tests::Proxy;
using tests::Server;
using tests::Stage;

namespace {

constexpr int kUnavailable = 5;  // the exit code

/// Starts the real program, which publishes the stage's warehouse over the wire.
pid_t start(const Stage& stage, const Proxy& wire) {
  const auto url = fmt::format("postgresql://postgres@127.0.0.1:{}/postgres", wire.port());
  const pid_t child = fork();
  if (child != 0) return child;
  setenv("XDG_CONFIG_HOME", stage.folder.path().c_str(), 1);
  if (chdir(stage.folder.path().c_str()) != 0) _exit(126);
  if (freopen("/dev/null", "w", stderr) == nullptr || dup2(2, 1) < 0) _exit(126);
  execl(CSATDB_PROGRAM, "csatdb", "--db", stage.file.c_str(), "-q", "publish", "--to", url.c_str(),
        "--schema", stage.order.schema.c_str(), nullptr);
  _exit(127);
}

/// Waits for the end; the exit code, or minus the signal.
int end_of(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// A publish that is still to be done: the first of a warehouse, or one of what changed since.
void prepare(Stage& stage, bool is_first) {
  stage.lay(1);
  if (is_first) return;
  stage.publish();
  stage.change(
      "UPDATE interactions SET talk_ms = coalesce(talk_ms, 0) + 1 WHERE conversation_key % 3 = 0;"
      "UPDATE survey_facts SET comments = 'again' WHERE conversation_key % 5 = 0;"
      "UPDATE queue_visits SET wait_ms = 8 WHERE conversation_key % 7 = 0");
}

/// What ends a publish, and how.
enum class Blow { kill, cut, dropped_by_server, server_crash };
constexpr std::array kBlows{Blow::kill, Blow::cut, Blow::dropped_by_server, Blow::server_crash};

/// Strikes; whether the wire still carries what comes.
bool strike(Blow blow, pid_t program, Server& server, const Stage& stage) {
  switch (blow) {
    case Blow::kill:
      kill(program, SIGKILL);
      return false;
    case Blow::cut:
      return false;
    case Blow::dropped_by_server:
      Client(stage.url).rows(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
          "'csatdb'");
      return true;
    case Blow::server_crash:
      server.go_down();
      return true;
  }
  return false;
}

/// Publishes once more, and holds the target against the warehouse; then nothing is left to send.
void check_finished(Stage& stage) {
  stage.publish();
  Client after(stage.url);  // the stage's own may have ended with the server
  stage.check_equal(after);
  CHECK(stage.publish().tables.empty());
  CHECK(after.value(fmt::format("SELECT count(*) FROM \"{}\".publish_state", stage.order.schema)) ==
        "1");
}

/// Everything the schema holds, by a connection of its own.
std::string holding(const Stage& stage) {
  Client client(stage.url);
  std::string out;
  for (const auto& [view, rows] : tests::target_views(client, stage.order.schema))
    for (const auto& row : rows) out += view + row + '\n';
  return out;
}

/// The bytes that a publish sends, all of them.
std::size_t bytes_of(Server& server, bool is_first) {
  Stage stage(server);
  prepare(stage, is_first);
  std::atomic<std::size_t> sent = 0;
  const Proxy wire(server.port(), [&](bool is_from_client, std::string_view bytes) {
    if (is_from_client) sent += bytes.size();
    return true;
  });
  REQUIRE(end_of(start(stage, wire)) == 0);
  stage.check_equal();
  return sent;
}

/// The message that asks for the commit, and the one that tells of it.
bool asks_to_commit(std::string_view bytes) {
  constexpr std::string_view kAsked("\0COMMIT\0", 8);
  return bytes.starts_with('P') && bytes.find(kAsked) != std::string_view::npos;
}
bool tells_of_commit(std::string_view bytes) {
  return bytes.find(std::string_view("COMMIT\0", 7)) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("postgres") {
  TEST_CASE(
      "the program, the wire or the server struck at any byte: run again, all is there once") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    const std::array all{bytes_of(*server, false), bytes_of(*server, true)};
    REQUIRE(all[1] > all[0]);
    const int runs = faults::is_thorough() ? 120 : 8;
    int struck = 0;
    for (int seed = 1; seed <= runs; ++seed) {
      CAPTURE(seed);
      std::mt19937 random(static_cast<std::uint32_t>(seed));
      const bool is_first = random() % 2 == 0;
      const auto blow = kBlows[static_cast<std::size_t>(seed) % kBlows.size()];
      const auto at = std::uniform_int_distribution<std::size_t>(1, all[is_first ? 1 : 0])(random);
      CAPTURE(at);
      Stage stage(*server);
      prepare(stage, is_first);
      std::atomic<pid_t> program = 0;
      std::size_t sent = 0;
      std::atomic<bool> is_struck = false;
      int ended = 0;
      {
        const Proxy wire(server->port(), [&](bool is_from_client, std::string_view bytes) {
          if (is_from_client) sent += bytes.size();
          if (is_struck || sent < at) return true;
          is_struck = true;
          while (program == 0) usleep(100);
          return strike(blow, program, *server, stage);
        });
        program = start(stage, wire);
        ended = end_of(program);
      }
      if (is_struck && blow == Blow::server_crash) server->start();
      struck += is_struck ? 1 : 0;
      if (is_struck) CHECK((ended == kUnavailable || ended == -SIGKILL || ended == 0));
      check_finished(stage);
    }
    if (faults::is_thorough())
      fmt::print("{} of {} publishes struck while they went: nothing lost, nothing twice\n", struck,
                 runs);
    CHECK(struck >= runs / 2);
  }

  TEST_CASE("a publish struck as it commits is there whole or not at all, and the next one knows") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    for (const auto blow : kBlows) {
      for (const bool is_done : {false, true}) {  // the server has committed, and nobody knows yet
        CAPTURE(static_cast<int>(blow));
        CAPTURE(is_done);
        Stage stage(*server);
        prepare(stage, false);
        const auto before = holding(stage);
        std::atomic<pid_t> program = 0;
        std::atomic<bool> is_struck = false;
        bool is_asked = false;
        int ended = 0;
        {
          const Proxy wire(server->port(), [&](bool is_from_client, std::string_view bytes) {
            if (is_from_client && asks_to_commit(bytes)) is_asked = true;
            const bool is_time = is_done ? is_asked && !is_from_client && tells_of_commit(bytes)
                                         : is_asked && is_from_client;
            if (is_struck || !is_time) return true;
            is_struck = true;
            while (program == 0) usleep(100);
            strike(blow, program, *server, stage);
            return false;
          });
          program = start(stage, wire);
          ended = end_of(program);
        }
        REQUIRE(is_struck);
        if (blow == Blow::server_crash) server->start();
        CHECK(ended == (blow == Blow::kill ? -SIGKILL : kUnavailable));
        if (is_done) {
          Client after(stage.url);
          stage.check_equal(after);
          CHECK(stage.publish().tables.empty());  // it is known to be there
        } else {
          CHECK(holding(stage) == before);
        }
        check_finished(stage);
      }
    }
  }
}
