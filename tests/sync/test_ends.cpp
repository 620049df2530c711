#include <doctest/doctest.h>

#include "base/stop.hpp"
#include "support/sync_rig.hpp"

using namespace csatdb;
using http::Method;
using http::Request;
using http::Response;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using support::answer_json;
using support::SyncRig;

namespace {

std::string stored(const SyncRig& rig) {
  return rig.value(
      "SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL AND "
      "started_ms < " +
      std::to_string(base::to_ms(base::Instant{SyncRig::today()})));
}

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("asked to stop, a run ends with 130, keeps what it has, and the next goes on") {
    SyncRig rig(SyncRig::quiet(10, 300));
    int requests = 0;
    rig.before = [&](const Request&) -> std::optional<Response> {
      if (++requests == 25) base::stop::request();
      return std::nullopt;
    };
    const auto report = rig.sync();
    CHECK(report.exit_code() == 130);
    CHECK(rig.asked.size() == 25);
    CHECK(stored(rig) == "300");
    rig.before = nullptr;
    rig.sync_well();
    CHECK(rig.value("SELECT count(*) FROM fact_surveys WHERE is_response") ==
          rig.value("SELECT count(*) FROM surveys WHERE status = 'Finished'"));
  }

  TEST_CASE("a wait longer than the cap ends the run with 5, its state kept") {
    SyncRig rig(SyncRig::quiet(10, 300));
    rig.before = [&](const Request& request) -> std::optional<Response> {
      if (request.target.find("/quality/conversations/") == std::string::npos) return std::nullopt;
      auto response =
          answer_json(429, R"({"code":"too.many.requests.retry.after","message":"no"})");
      response.headers.set("Retry-After", "14400");
      return response;
    };
    const auto began = rig.clock.now();
    const auto report = rig.sync();
    CHECK(report.exit_code() == 5);
    CHECK(rig.clock.now() - began < minutes(5));
    CHECK(rig.stats.requests < 50);
    rig.before = nullptr;
    rig.clock.advance(hours(4));
    rig.sync_well();
    CHECK(stored(rig) == "300");
  }

  TEST_CASE("a service that answers nothing ends the run with 5") {
    SyncRig rig(SyncRig::quiet(10, 300));
    rig.sync_well();
    rig.clock.advance(hours(24));
    rig.before = [](const Request& request) -> std::optional<Response> {
      if (request.target.find("/organizations/me") != std::string::npos) return std::nullopt;
      return answer_json(503, R"({"code":"service.unavailable"})");
    };
    CHECK(rig.sync().exit_code() == 5);
    rig.before = nullptr;
    rig.sync_well();
  }

  TEST_CASE("when the time given is over the run ends with 3, and the rest stays due") {
    SyncRig rig(SyncRig::quiet(30, 600));
    rig.latency = seconds(2);
    rig.settings.parallel = 1;
    rig.settings.max_time = minutes(1);
    const auto report = rig.sync();
    CHECK(report.is_out_of_time);
    CHECK(report.exit_code() == 3);
    CHECK(std::stoi(rig.value("SELECT count(*) FROM sync_scopes WHERE due_ms <= " +
                              std::to_string(base::to_ms(rig.clock.now())))) > 0);
    rig.settings.max_time.reset();
    rig.sync_well();
    CHECK(stored(rig) == "600");
  }

  TEST_CASE("the time given ends a run that is still kept waiting at its first requests") {
    for (const auto* first : {"/organizations/me", "/jobs/availability"}) {
      CAPTURE(first);
      SyncRig rig(SyncRig::quiet(3, 60));
      rig.before = [&](const Request& request) -> std::optional<Response> {
        if (request.target.find(first) == std::string::npos) return std::nullopt;
        auto busy = answer_json(429, R"({"code":"too.many.requests"})");
        busy.headers.set("Retry-After", "50");
        return busy;
      };
      rig.settings.max_time = minutes(1);
      const auto report = rig.sync();
      CHECK(report.is_out_of_time);
      CHECK(report.exit_code() == 3);
      CHECK(rig.clock.now() - SyncRig::kNow < seconds(65));
      rig.before = nullptr;
      rig.sync_well();
    }
  }

  TEST_CASE("a permission that is missing is one named gap, and the rest is stored") {
    auto options = SyncRig::unlimited();
    options.missing_permissions = {"quality:survey:view", "routing:queue:view"};
    SyncRig rig(SyncRig::quiet(10, 300), options);
    const auto report = rig.sync();
    CHECK(report.exit_code() == 3);
    CHECK(report.gaps.size() == 2);
    for (const auto& gap : report.gaps) {
      CHECK(gap.fault == base::Fault::denied);
      const bool is_named = gap.message.find("quality:survey:view") != std::string::npos ||
                            gap.message.find("routing:queue:view") != std::string::npos;
      CHECK(is_named);
    }
    CHECK(rig.count(Method::get, "/routing/queues") == 1);
    CHECK(rig.count(Method::get, "/quality/conversations/") <= rig.settings.parallel);
    CHECK(stored(rig) == "300");
    rig.service.options().missing_permissions.clear();
    rig.sync_well();
    CHECK(std::stoi(rig.value("SELECT count(*) FROM surveys WHERE payload_hash IS NOT NULL")) > 0);
  }

  TEST_CASE("a warehouse of another organisation is refused untouched") {
    SyncRig rig(SyncRig::quiet(3, 30));
    rig.sync_well();
    const auto before = rig.logical();
    rig.before = [](const Request& request) -> std::optional<Response> {
      if (request.target.find("/organizations/me") == std::string::npos) return std::nullopt;
      return answer_json(200, R"({"id":"another","name":"Another"})");
    };
    rig.clock.advance(hours(24));
    CHECK(rig.sync().exit_code() == 2);
    CHECK(rig.asked.size() == 1);
    CHECK((rig.logical() == before));
  }
}
