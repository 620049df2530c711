#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "support/sync_rig.hpp"

using namespace csatdb;
using http::Method;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using support::SyncRig;

namespace {

using Count = std::int64_t;

/// A service whose jobs take a few seconds (genesys-api.md 3.5): a second poll finds them done.
sim::Options with_jobs() {
  auto options = SyncRig::unlimited();
  options.job_delay = std::chrono::seconds(3);
  return options;
}

/// Foretells the next sync, does it, and holds one against the other.
void check_forecast(SyncRig& rig, const char* what) {
  CAPTURE(what);
  const auto stored = std::filesystem::exists(rig.path()) ? rig.logical() : "";
  const auto found = rig.forecast();
  CHECK((std::filesystem::exists(rig.path()) ? rig.logical() : "") == stored);
  rig.sync_well();
  const auto sent = static_cast<Count>(rig.stats.requests);
  MESSAGE(what, ": ", sent, " requests, foretold ", found.requests);
  for (const auto& item : found.items) CHECK(item.requests > 0);
  CHECK(std::abs(found.requests - sent) * 10 <= sent);
}

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("a plan foretells the requests of the sync that follows, within a tenth") {
    struct Shape {
      int history;
      Count conversations;
      bool has_watermark;
    };
    for (const auto& shape :
         {Shape{10, 200, true}, Shape{40, 1500, true}, Shape{40, 1500, false}}) {
      CAPTURE(shape.history);
      CAPTURE(shape.conversations);
      CAPTURE(shape.has_watermark);
      auto options = with_jobs();
      if (!shape.has_watermark) options.lake_lag = days(365);
      SyncRig rig(SyncRig::quiet(shape.history, shape.conversations), options);
      rig.clock.set(base::Instant{SyncRig::today() - days(3)} + hours(6));
      check_forecast(rig, "cold");
      check_forecast(rig, "unchanged");
      rig.clock.advance(minutes(20));
      check_forecast(rig, "twenty minutes later");
      rig.clock.advance(days(1));
      check_forecast(rig, "a day later");
      rig.clock.advance(days(2));
      check_forecast(rig, "three days later");
      rig.clock.advance(minutes(1));
      check_forecast(rig, "unchanged again");
    }
  }

  TEST_CASE("a plan foretells it where survey events are not permitted") {
    SyncRig rig(SyncRig::quiet(20, 1500), with_jobs());
    rig.before = [](const http::Request& request) -> std::optional<http::Response> {
      if (request.target.find("/surveys/aggregates/") == std::string::npos) return std::nullopt;
      return support::answer_json(403, R"({"code":"missing.permissions","message":"no"})");
    };
    check_forecast(rig, "cold");
    rig.clock.advance(days(2));
    check_forecast(rig, "two days later");
  }

  TEST_CASE("a plan shows the price of what is to be stored in another way") {
    SyncRig rig(SyncRig::quiet(20, 1500), with_jobs());
    rig.sync_well();
    rig.settings.attributes = {"Priority"};
    check_forecast(rig, "attributes wanted");
    rig.execute("UPDATE sync_meta SET value = 'otherwise' WHERE key = 'stored_as_surveys'");
    check_forecast(rig, "surveys mapped otherwise");
    CHECK(rig.count(Method::get, "/surveys") > 50);
  }
}
