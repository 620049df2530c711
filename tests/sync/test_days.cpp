#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/stop.hpp"
#include "json/reader.hpp"
#include "support/desk.hpp"
#include "support/sync_rig.hpp"
#include "sync/plan.hpp"

using namespace csatdb;
using base::Instant;
using http::Method;
using model::Via;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using support::answer_json;
using support::SyncRig;

namespace {

constexpr auto kDetails = "/conversations/details/query";

base::Interval interval_of(const support::Asked& asked) {
  json::Document document;
  const auto text = document.parse(asked.request.body)["interval"].text();
  const auto slash = text.find('/');
  return {*base::parse_instant(text.substr(0, slash)),
          *base::parse_instant(text.substr(slash + 1))};
}

std::string date(int days_ago) { return base::to_date(SyncRig::today() - days(days_ago)); }

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("a first sync brings every conversation of its days, and every answer") {
    SyncRig rig(SyncRig::quiet(10, 400));
    rig.sync_well();
    CHECK(rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL") == "400");
    CHECK(rig.value("SELECT count(*) FROM fact_surveys WHERE is_response") ==
          rig.value("SELECT count(*) FROM surveys WHERE payload_hash IS NOT NULL AND status = "
                    "'Finished'"));
    CHECK(std::stoi(rig.value("SELECT count(*) FROM fact_surveys WHERE is_response")) > 20);
    CHECK(rig.value("SELECT count(*) FROM sync_scopes WHERE due_ms IS NOT NULL AND outcome IS NULL "
                    "AND resource = 'surveys'") == "0");
  }

  TEST_CASE("a second sync right after the first changes no row outside sync_*") {
    SyncRig rig(SyncRig::quiet(10, 400));
    rig.sync_well();
    const auto before = rig.logical();
    const auto version = rig.value("SELECT max(version) FROM conversations");
    rig.sync_well();
    CHECK((rig.logical() == before));
    CHECK(rig.value("SELECT max(version) FROM conversations") == version);
    CHECK(rig.asked.size() <= 2);  // who we are, and how far the lake is
  }

  TEST_CASE("a day with an element that cannot be read stays due, whatever its later pages say") {
    const auto o = support::Desk::organisation(2, 600);
    support::Desk broken(o), whole(o);
    bool is_broken = true;
    int pages = 0;
    broken.alter = [&](const http::Request& request, std::string& body) {
      if (request.target.find(kDetails) == std::string::npos) return;
      ++pages;
      const auto at = body.find("\"conversationStart\":\"");
      if (is_broken && pages == 1 && at != std::string::npos)
        body.replace(at + 20, 1, "7,\"x\":\"");
    };
    const std::vector<std::string> kSync{"-q", "sync", "--since", "2d"};
    const auto result = broken.run(kSync);
    CHECK(result.code == 3);
    CHECK(result.err.find("conversationStart") != std::string::npos);
    REQUIRE(pages > 4);
    CHECK(broken.value("SELECT count(*) FROM sync_scopes WHERE resource = 'conversations' AND "
                       "outcome = 'undecodable' AND due_ms IS NOT NULL") != "0");
    is_broken = false;
    broken.run_well(kSync);
    whole.run_well(kSync);
    const std::string kAll = "SELECT count(*), sum(is_open), sum(survey_count) FROM interactions";
    CHECK(broken.value(kAll) == whole.value(kAll));
  }

  TEST_CASE("what is read again unchanged writes nothing") {
    SyncRig rig(SyncRig::quiet(10, 400));
    rig.sync_well();
    const auto before = rig.logical();
    const auto version = rig.value("SELECT max(version) FROM conversations");
    rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
    const auto report = rig.sync();
    CHECK(report.rows_seen >= 400);
    CHECK(report.rows_changed == 0);
    CHECK((rig.logical() == before));
    CHECK(rig.value("SELECT max(version) FROM conversations") == version);
  }

  TEST_CASE("every window is fetched after its last rung, and then settled") {
    SyncRig rig(SyncRig::quiet(3, 60));
    const base::Day day = SyncRig::today() - days(1);
    const Instant end{SyncRig::today()};
    const std::string name = base::to_date(day);
    rig.clock.set(end - hours(2));
    std::set<base::Millis> reads;
    for (int i = 0; i < 110; ++i) {
      rig.sync_well();
      const auto read = [&](Via via) { return contains(rig.days_asked(via), name); };
      if (read(Via::query) || read(Via::job)) reads.insert(rig.clock.now() - end);
      rig.clock.set(end + hours(i - 1) + minutes(20));
    }
    // Hourly runs: while it is open, then at the first run after each rung.
    const auto first_after = [&](base::Millis rung) {
      const auto read = reads.lower_bound(rung);
      REQUIRE(read != reads.end());
      CHECK(*read < rung + hours(1));
    };
    for (const auto rung : {hours(-2), hours(6), hours(72), hours(96)}) first_after(rung);
    first_after(minutes(15));
    first_after(hours(10));  // the lake: ten hours behind, loaded by the hour
    CHECK(reads.size() <= 8);
    CHECK(*reads.rbegin() < hours(97));
    CHECK(rig.value("SELECT due_ms IS NULL FROM sync_scopes WHERE scope = '" + name + "'") == "1");
    CHECK(rig.value("SELECT is_settled FROM utc_days WHERE utc_day = " +
                    std::to_string(day.time_since_epoch().count())) == "1");
    CHECK(rig.value("SELECT settled_through_ms FROM sync_resources WHERE resource = "
                    "'conversations'") == std::to_string(base::to_ms(end)));
  }

  TEST_CASE("a window is whole UTC days, and no interval ends in the future") {
    SyncRig rig(SyncRig::quiet(9, 200));
    for (const auto error : {hours(0), hours(30), hours(-30)}) {
      CAPTURE(error.count());
      rig.local_error = error;
      rig.clock.advance(hours(3));
      rig.sync_well();
      for (const auto& one : rig.asked_for(Method::post, "/api/v2/analytics/")) {
        const auto interval = interval_of(one);
        CHECK(interval.begin == Instant{base::day_of(interval.begin)});
        CHECK(interval.end <= one.at - minutes(1) + std::chrono::seconds(2));
        const bool is_whole = interval.end == Instant{base::day_of(interval.end)};
        CHECK((is_whole || interval.end > one.at - minutes(2)));
      }
    }
  }

  TEST_CASE("the service's Date decides which days there are, however wrong the local clock is") {
    for (const auto error : {hours(30), hours(-30)}) {
      CAPTURE(error.count());
      SyncRig rig(SyncRig::quiet(4, 80));
      rig.local_error = error;
      rig.sync_well();
      CHECK(rig.value("SELECT min(scope) || ' ' || max(scope) FROM sync_scopes WHERE resource = "
                      "'conversations'") == date(4) + " " + date(0));
      // Date has whole seconds.
      const auto latest = std::stoll(rig.value("SELECT max(began_ms) FROM sync_scopes"));
      CHECK(latest <= base::to_ms(rig.clock.now()) + 1000);
      CHECK(latest >= base::to_ms(rig.clock.now()) - 60'000);
    }
  }

  TEST_CASE("a failed window never hides behind a later one") {
    SyncRig rig(SyncRig::quiet(10, 300));
    rig.settings.via = Via::query;
    const Instant broken{SyncRig::today() - days(8)};
    rig.before = [&](const http::Request& request) -> std::optional<http::Response> {
      if (request.target.find(kDetails) == std::string::npos) return std::nullopt;
      const auto interval = interval_of({{}, request, 0, {}});
      if (broken < interval.begin || broken >= interval.end) return std::nullopt;
      return answer_json(400, R"({"code":"bad.request","message":"no","status":400})");
    };
    auto report = rig.sync();
    CHECK(report.exit_code() == 3);
    REQUIRE(report.gaps.size() == 1);
    // The later days are there, the failed ones are due and named.
    CHECK(rig.value("SELECT count(*) > 0 FROM interactions WHERE utc_day = " +
                    std::to_string((SyncRig::today() - days(1)).time_since_epoch().count())) ==
          "1");
    const auto failed = rig.rows(
        "SELECT scope FROM sync_scopes WHERE resource = 'conversations' "
        "AND outcome <> 'ok' AND due_ms <= " +
        std::to_string(base::to_ms(rig.clock.now())) + " ORDER BY scope");
    CHECK(contains(failed, report.gaps.front().scope));
    rig.before = nullptr;
    rig.clock.advance(hours(1));
    rig.sync_well();
    CHECK(rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL AND "
                    "started_ms < " +
                    std::to_string(base::to_ms(Instant{SyncRig::today()}))) == "300");
  }

  TEST_CASE("due days run newest first") {
    SyncRig rig(SyncRig::quiet(20, 200));
    rig.settings.via = Via::query;
    rig.sync_well();
    std::vector<Instant> begins;
    for (const auto& one : rig.asked_for(Method::post, kDetails))
      begins.push_back(interval_of(one).begin);
    REQUIRE(begins.size() >= 3);
    CHECK(std::is_sorted(begins.rbegin(), begins.rend()));
  }

  TEST_CASE("the first day may be moved back later: the older days are added, nothing is lost") {
    SyncRig rig(SyncRig::quiet(20, 200));
    rig.settings.since = SyncRig::today() - days(5);
    rig.sync_well();
    const auto few = rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL");
    rig.settings.since.reset();
    rig.clock.advance(minutes(20));
    rig.sync_well();
    CHECK(!contains(rig.days_asked(Via::job), date(10)));
    rig.settings.since = SyncRig::today() - days(20);
    rig.clock.advance(minutes(20));
    rig.sync_well();
    CHECK(rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL AND "
                    "started_ms < " +
                    std::to_string(base::to_ms(Instant{SyncRig::today()}))) == "200");
    CHECK(std::stoi(few) < 200);
  }

  TEST_CASE("a conversation that ended later is completed") {
    auto o = SyncRig::quiet(2, 800);
    SyncRig rig(o);
    rig.clock.set(Instant{SyncRig::today() - days(1)} + hours(11));
    rig.sync_well();
    const auto open = rig.rows(
        "SELECT conversation_id FROM conversations WHERE ended_ms IS NULL "
        "AND payload_hash IS NOT NULL");
    REQUIRE(!open.empty());
    // Only the open ones are asked for, by id: the day itself is not due.
    rig.execute("UPDATE sync_scopes SET due_ms = NULL WHERE resource = 'conversations'");
    rig.clock.advance(hours(3));
    rig.settings.only = {"follow_ups"};
    rig.sync_well();
    CHECK(rig.count(Method::get, "/conversations/details?id=") == (open.size() + 99) / 100);
    std::size_t ended = 0;
    for (const auto& id : open) {
      const auto truth = sim::truth(rig.world, id, rig.clock.now());
      const auto end =
          rig.value("SELECT ended_ms FROM conversations WHERE conversation_id = '" + id + "'");
      CHECK(end == (truth->end ? std::to_string(base::to_ms(*truth->end)) : ""));
      ended += truth->end ? 1 : 0;
    }
    CHECK(ended > 0);
    // What has ended, and has no survey that may change, is followed no more.
    CHECK(std::stoul(rig.value("SELECT count(*) FROM sync_scopes WHERE resource = 'follow_ups' AND "
                               "scope IN (SELECT conversation_id FROM fact_interactions WHERE NOT "
                               "is_open AND survey_count = 0)")) == 0);
  }

  TEST_CASE("removed participants disappear") {
    auto o = SyncRig::quiet(6, 600);
    o.rates.correction = 0.5;
    SyncRig rig(o);
    rig.clock.set(Instant{SyncRig::today() - days(4)} + hours(1));
    rig.sync_well();
    const auto now_and_then = [&] {
      std::size_t wrong = 0;
      for (const auto& one :
           sim::truth(rig.world, o.first_day, SyncRig::today() - days(4), rig.clock.now())) {
        json::Document document;
        const auto count = document.parse(one.body)["participants"].elements().size();
        wrong += rig.value(
                     "SELECT count(*) FROM participants JOIN conversations USING "
                     "(conversation_key) WHERE conversation_id = '" +
                     one.id + "'") != std::to_string(count);
      }
      return wrong;
    };
    CHECK(now_and_then() == 0);
    rig.clock.set(Instant{SyncRig::today() + days(3)} + hours(1));
    CHECK(now_and_then() > 0);  // corrected at night, not read yet
    rig.sync_well();
    CHECK(now_and_then() == 0);
    CHECK(rig.value("SELECT count(*) FROM sessions s WHERE NOT EXISTS (SELECT 1 FROM participants "
                    "p WHERE p.conversation_key = s.conversation_key AND p.participant_no = "
                    "s.participant_no)") == "0");
  }

  TEST_CASE("the same conversation on two pages is stored once") {
    auto o = SyncRig::quiet(1, 900);
    SyncRig rig(o);
    rig.settings.via = Via::query;
    rig.clock.set(Instant{SyncRig::today()} - hours(1));  // the day is open: pages overlap
    rig.sync_well();
    std::set<std::string> ids;
    std::size_t delivered = 0;
    for (const auto& one : rig.asked_for(Method::post, kDetails)) {
      json::Document document;
      for (const auto& c : document.parse(one.body)["conversations"].elements()) {
        ids.insert(std::string(c["conversationId"].text()));
        ++delivered;
      }
    }
    CHECK(delivered > ids.size());
    CHECK(rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL") ==
          std::to_string(ids.size()));
    CHECK(sim::truth(rig.world, o.first_day, SyncRig::today(), rig.clock.now()).size() ==
          ids.size());
  }
}
