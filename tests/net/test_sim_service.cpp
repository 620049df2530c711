#include "net/sim_bench.hpp"

using namespace csatdb;
using sim::SimBench;

TEST_SUITE("net") {
  TEST_CASE("the same seed at the same instant gives the same bytes") {
    SimBench one;
    SimBench other;
    for (int page = 1; page <= 2; ++page) {
      const auto a = one.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z", page);
      const auto b = other.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z", page);
      CHECK(a.status == 200);
      CHECK(a.body.size() > 10000);
      CHECK(a.body == b.body);
    }
    auto organisation = SimBench::organisation();
    organisation.seed = 2;
    SimBench stranger({}, organisation);
    CHECK(stranger.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z").body !=
          one.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z").body);
  }
  TEST_CASE("answers in process arrive when fake time has passed") {
    SimBench bench;
    sim::InProcess door(bench.service, bench.clock, base::Millis{150});
    door.start(7, {http::Method::get, "/api/v2/organizations/me", {}, {}});
    CHECK(door.wait(base::Millis{100}).empty());
    const auto answers = door.wait(base::Millis{100});
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].ticket == 7);
    CHECK(answers[0].response.status == 401);
    CHECK(bench.clock.ticks() == base::Millis{150});
  }
}
