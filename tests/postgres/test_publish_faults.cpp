#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "postgres/stage.hpp"

using namespace csatdb;
using base::Fault;
using tests::Client;
using tests::Server;
using tests::Stage;

namespace {

/// Counts the steps of a publish and does something at one of them.
struct At {
  int step;
  std::function<void()> act;
  int seen = 0;
  void operator()(const publish::Step&) {
    if (seen++ == step) act();
  }
};

/// The steps that a publish of everything takes.
int steps(Server& server) {
  Stage stage(server);
  stage.lay();
  int all = 0;
  stage.publish([&](const publish::Step&) { ++all; });
  return all;
}

/// Publishes from a process of its own, which kills itself at a step; whether it got that far.
bool publish_killed(Stage& stage, int step) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      stage.publish(At{step, [] { raise(SIGKILL); }});
    } catch (...) {
      _exit(2);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) != 0;
}

}  // namespace

TEST_SUITE("postgres") {
  TEST_CASE(
      "a publisher killed at any step leaves the target as it was, and the next one finishes") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    const int all = steps(*server);
    REQUIRE(all >= 10);
    int killed = 0;
    for (int step = 0; step < all; step += 3) {
      CAPTURE(step);
      Stage stage(*server);
      stage.lay(1);
      killed += publish_killed(stage, step) ? 1 : 0;
      CHECK(stage.print().empty());
      stage.publish();
      const auto before = stage.print();
      stage.sync(1);
      killed += publish_killed(stage, step) ? 1 : 0;
      if (stage.print() != before) stage.check_equal();  // it got through
      stage.publish();
      stage.check_equal();
    }
    CHECK(killed >= 6);
  }

  TEST_CASE("a server that crashes or drops the connection under a publish loses nothing") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    const unsigned seed = 20260501;
    std::mt19937 random(seed);
    const int all = steps(*server);
    for (int round = 0; round < 6; ++round) {
      const int step = static_cast<int>(random() % static_cast<unsigned>(all));
      CAPTURE(seed);
      CAPTURE(round);
      CAPTURE(step);
      Stage stage(*server);
      stage.lay(1);
      const bool is_crash = round % 3 == 0;
      const auto [fault, said] = stage.failure(At{
          step, [&] {
            if (is_crash) return server->crash();
            Client(stage.url).rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
                "'csatdb'");
          }});
      CHECK(fault == Fault::unavailable);
      CHECK(said.find("run again") != std::string::npos);
      stage.publish();
      if (is_crash) server->crash();  // what was published has been made durable
      Client again(stage.url);
      stage.check_equal(again);
    }
  }

  TEST_CASE("interrupted at any step it ends cleanly, and the next one finishes") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay(1);
    for (const int step : {0, 5, 11}) {
      CAPTURE(step);
      CHECK(stage.failure(At{step, base::stop::request}).first == Fault::interrupted);
      base::stop::reset();
      CHECK(stage.print().empty());
    }
    stage.publish();
    stage.check_equal();
  }

  TEST_CASE("an interruption reaches a server that keeps it waiting") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay(1);
    stage.publish();
    stage.sync(1);
    stage.client.rows("BEGIN; LOCK TABLE interactions IN SHARE MODE");
    // The signal comes with the last step before the rows are merged.
    CHECK(stage
              .failure([&](const publish::Step& step) {
                if (step.doing == "survey_answers") base::stop::request();
              })
              .first == Fault::interrupted);
    base::stop::reset();
    stage.client.rows("ROLLBACK");
    stage.publish();
    stage.check_equal();
  }

  TEST_CASE("of two publishers the second is told to wait") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay(1);
    int tries = 0;
    stage.publish([&](const publish::Step&) {
      if (tries++ != 3) return;
      const auto [fault, said] = stage.failure();
      CHECK(fault == Fault::busy);
      CHECK(said.find("--wait-lock") != std::string::npos);
    });
    CHECK(tries > 3);
    Stage other(*server);  // another schema is another target
    other.lay(1);
    stage.client.rows("BEGIN");
    stage.client.rows(
        "SELECT pg_advisory_xact_lock(1668505972, hashtext(current_database() || '.' || '" +
        stage.order.schema + "'))");
    CHECK(stage.failure().first == Fault::busy);
    other.publish();
    stage.client.rows("ROLLBACK");
  }

  TEST_CASE("readers see whole publishes only") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay(1);
    stage.publish();
    const auto before = stage.print();
    stage.sync(1);
    int looked = 0;
    stage.publish([&](const publish::Step&) {
      CHECK(stage.print() == before);
      ++looked;
    });
    CHECK(looked > 3);
    CHECK(stage.print() != before);
    stage.check_equal();
  }

  TEST_CASE("a sync goes on while the warehouse is published") {
    auto* server = Server::shared();
    if (server == nullptr) return;
    Stage stage(*server);
    stage.lay(1);
    int steps = 0;
    stage.publish([&](const publish::Step&) {
      if (steps++ == 4) stage.sync(1);
    });
    stage.publish();
    stage.check_equal();
  }
}
