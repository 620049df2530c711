#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "json/reader.hpp"
#include "support/sync_rig.hpp"

using namespace csatdb;
using base::Instant;
using http::Method;
using http::Request;
using http::Response;
using model::Via;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using support::answer_json;
using support::Killed;
using support::SyncRig;

namespace {

constexpr auto kJobs = "/conversations/details/jobs";
constexpr auto kDetails = "/conversations/details/query";

bool is_submission(const Request& r) {
  return r.method == Method::post && r.target.ends_with(kJobs);
}
bool is_results(const Request& r) { return r.target.find("/results") != std::string::npos; }
bool is_poll(const Request& r) {
  return r.method == Method::get && r.target.find(std::string(kJobs) + "/") != std::string::npos &&
         !is_results(r) && !r.target.ends_with("/availability");
}

std::string stored(const SyncRig& rig) {
  return rig.value(
      "SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL AND "
      "started_ms < " +
      std::to_string(base::to_ms(Instant{SyncRig::today()})));
}

/// A world whose closed days go to a job of several pages.
SyncRig big() {
  auto options = SyncRig::unlimited();
  options.job_page_most = 100;
  return SyncRig(SyncRig::quiet(20, 450), options);
}

/// Runs a sync that dies.
template <class Strikes>
void kill(SyncRig& rig, Strikes strikes) {
  rig.before = [strikes](const Request& request) -> std::optional<Response> {
    if (strikes(request)) throw Killed();
    return std::nullopt;
  };
  CHECK_THROWS_AS(rig.sync(), Killed);
  rig.before = nullptr;
}

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("a job's id is committed at once, before its first poll") {
    SyncRig rig(SyncRig::quiet(10, 3000));
    rig.settings.only = {"conversations"};
    rig.latency = std::chrono::milliseconds(100);
    // Nothing else has made a commit due when the recent days' third page is asked for.
    kill(rig, [](const Request& r) {
      return r.target.find(kDetails) != std::string::npos &&
             r.body.find("\"pageNumber\":3") != std::string::npos;
    });
    const auto saved = rig.value(
        "SELECT json_extract(next_request, '$.target') FROM sync_scopes WHERE "
        "json_extract(series, '$.via') = 'job'");
    REQUIRE(saved.find(kJobs) != std::string::npos);
    rig.clock.advance(minutes(10));
    rig.sync_well();
    CHECK(rig.count(Method::get, saved) >= 1);
    CHECK(std::none_of(rig.asked.begin(), rig.asked.end(),
                       [](const auto& one) { return is_submission(one.request); }));
    CHECK(stored(rig) == "3000");
  }

  TEST_CASE("a new job is looked at early only by a run that has nothing else to do") {
    const auto looks = [](SyncRig& rig) {  // how old it was, in milliseconds
      rig.sync_well();
      const auto jobs = rig.asked_for(Method::post, kJobs);
      REQUIRE(jobs.size() == 1);
      std::string ages;
      for (const auto& one : rig.asked)
        if (is_poll(one.request)) ages += fmt::format("{} ", (one.at - jobs.front().at).count());
      return ages;
    };
    for (const auto& [takes, expected] :
         std::map<int, std::string>{{0, "250 "}, {1, "250 2000 "}, {5, "250 2000 6000 "}}) {
      CAPTURE(takes);
      auto options = SyncRig::unlimited();
      options.job_delay = std::chrono::seconds(takes);
      SyncRig rig(SyncRig::quiet(20, 450), options);
      rig.settings.only = {"conversations"};
      rig.settings.until = SyncRig::today() - days(4);
      CHECK(looks(rig) == expected);
    }
    SyncRig busy(SyncRig::quiet(5, 6000));  // several pages of recent days
    busy.settings.only = {"conversations"};
    busy.latency = std::chrono::milliseconds(500);
    CHECK(looks(busy) == "2500 ");
  }

  TEST_CASE("a job that is not ready for an hour is taken to be lost") {
    auto rig = big();
    rig.settings.only = {"conversations"};
    int submitted = 0, polls = 0;
    rig.before = [&](const Request& r) -> std::optional<Response> {
      submitted += is_submission(r);
      if (!is_poll(r) || submitted > 1) return std::nullopt;
      ++polls;
      return answer_json(200, R"({"state":"PENDING"})");
    };
    rig.sync_well();
    CHECK(submitted == 2);
    CHECK(polls > 200);
    CHECK(polls < 300);
    CHECK(stored(rig) == "450");
  }

  TEST_CASE("a job interrupted continues at its cursor") {
    auto rig = big();
    rig.latency = std::chrono::milliseconds(1500);  // so that every page is committed
    int pages = 0;
    kill(rig, [&](const Request& r) { return is_results(r) && ++pages == 5; });
    const auto saved = rig.value(
        "SELECT json_extract(next_request, '$.target') FROM sync_scopes "
        "WHERE resource = 'conversations' AND next_request LIKE '%/results%'");
    REQUIRE(saved.find("cursor=") != std::string::npos);
    const auto before = std::stoi(stored(rig));
    CHECK(before >= 100);
    rig.clock.advance(hours(3));
    rig.sync_well();
    const auto results = rig.asked_for(Method::get, "/results");
    REQUIRE(!results.empty());
    CHECK(results.front().request.target.ends_with(saved));
    CHECK(std::none_of(rig.asked.begin(), rig.asked.end(),
                       [](const auto& one) { return is_submission(one.request); }));
    CHECK(stored(rig) == "450");
  }

  TEST_CASE("a lost job is submitted again at most three times, then the query reads its days") {
    struct Loss {
      const char* what;
      std::function<std::optional<Response>(const Request&)> strike;
    };
    const auto state = [](const char* name) {
      return [name](const Request& r) -> std::optional<Response> {
        if (!is_poll(r)) return std::nullopt;
        return answer_json(200, fmt::format(R"({{"state":"{}"}})", name));
      };
    };
    const auto refused = [](int status) {
      return [status](const Request& r) -> std::optional<Response> {
        if (!is_results(r) || (status == 400 && r.target.find("cursor=") == std::string::npos))
          return std::nullopt;
        return answer_json(status, R"({"code":"no","message":"lost"})");
      };
    };
    const auto refuses_job = [](const Request& r) -> std::optional<Response> {
      if (!is_submission(r)) return std::nullopt;
      return answer_json(400, R"({"code":"bad.request","message":"no such job"})");
    };
    const std::vector<Loss> losses{
        {"failed", state("FAILED")},       {"cancelled", state("CANCELLED")},
        {"expired", state("EXPIRED")},     {"refused", refuses_job},
        {"no longer known", refused(404)}, {"its cursor lost", refused(400)}};
    for (const auto& loss : losses) {
      CAPTURE(loss.what);
      SUBCASE("it comes back") {
        auto rig = big();
        int submitted = 0;
        rig.before = [&](const Request& r) -> std::optional<Response> {
          submitted += is_submission(r);
          return submitted <= 3 ? loss.strike(r) : std::nullopt;
        };
        rig.sync_well();
        CHECK(submitted == 4);
        CHECK(stored(rig) == "450");
      }
      SUBCASE("it does not") {
        auto rig = big();
        int submitted = 0;
        rig.before = [&](const Request& r) -> std::optional<Response> {
          submitted += is_submission(r);
          return loss.strike(r);
        };
        rig.sync_well();
        CHECK(submitted == 4);
        CHECK(stored(rig) == "450");
      }
      SUBCASE("it does not, and brings what no query does: its days are a gap") {
        auto rig = big();
        rig.settings.attributes = {"language"};
        int submitted = 0;
        rig.before = [&](const Request& r) -> std::optional<Response> {
          submitted += is_submission(r);
          return loss.strike(r);
        };
        const auto report = rig.sync();
        CHECK(submitted == 4);
        CHECK(report.exit_code() == 3);
        REQUIRE(report.gaps.size() == 1);
        // Everything else goes on: the recent days, the listings and their answers are there.
        CHECK(rig.value("SELECT count(*) FROM sync_scopes WHERE resource = 'conversations' AND "
                        "outcome = 'ok'") == "2");
        CHECK(rig.value("SELECT count(*) > 0 FROM users WHERE NOT is_inferred") == "1");
        CHECK(rig.value("SELECT count(*) > 0 FROM surveys WHERE payload_hash IS NOT NULL") == "1");
        // The days are due, and the next run tries them again.
        rig.before = nullptr;
        rig.clock.advance(minutes(30));
        rig.sync_well();
        CHECK(stored(rig) == "450");
      }
    }
  }

  TEST_CASE("what lay past a job's watermark stays due") {
    auto rig = big();
    rig.settings.via = Via::job;
    const Instant lake{SyncRig::today() - days(6)};
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (!is_results(r)) return std::nullopt;
      auto response = rig.service.answer(r).response;
      if (response.status != 200) return response;
      response = answer_json(200, http::inflate(response, std::size_t{1} << 28U));
      const std::string_view name = "\"dataAvailabilityDate\":\"";
      const auto at = response.body.rfind(name) + name.size();
      response.body.replace(at, response.body.find('"', at) - at, base::to_iso(lake));
      return response;
    };
    rig.sync_well();
    const auto due = [&] {
      return rig.rows(
          "SELECT scope FROM sync_scopes WHERE resource = 'conversations' AND due_ms "
          "<= " +
          std::to_string(base::to_ms(rig.clock.now())) + " ORDER BY scope");
    };
    // Six closed days lay past it, and the open one is no job's.
    CHECK(due().size() == 7);
    CHECK(due().front() == base::to_date(SyncRig::today() - days(6)));
    rig.before = nullptr;
    rig.settings.via.reset();
    rig.sync_well();
    CHECK(due().empty());
    CHECK(stored(rig) == "450");
  }

  TEST_CASE("a job is never asked for what ends past the availability watermark") {
    auto options = SyncRig::unlimited();
    options.lake_lag = hours(60);
    SyncRig rig(SyncRig::quiet(20, 500), options);
    rig.sync_well();
    const auto by_job = rig.days_asked(Via::job);
    const auto by_query = rig.days_asked(Via::query);
    CHECK(by_job.size() == 17);
    for (const auto& day : by_job)
      CHECK(Instant{*base::parse_day(day) + days(1)} <= rig.service.watermark_now());
    CHECK(by_query.size() == 4);
    CHECK(stored(rig) == "500");
  }

  TEST_CASE("the size of a job's pages falls where it is refused, and is remembered") {
    auto options = SyncRig::unlimited();
    options.job_page_most = 300;
    SyncRig rig(SyncRig::quiet(20, 500), options);
    rig.sync_well();
    std::vector<std::string> sizes;
    for (const auto& one : rig.asked_for(Method::get, "/results"))
      sizes.push_back(one.request.target.substr(one.request.target.find("pageSize=") + 9, 4));
    REQUIRE(sizes.size() >= 3);
    CHECK(sizes[0] == "1000");
    CHECK(sizes[1] == "500");
    CHECK(sizes[2].starts_with("100"));
    CHECK(stored(rig) == "500");
    rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
    rig.settings.via = Via::job;
    rig.sync_well();
    const auto results = rig.asked_for(Method::get, "/results");
    REQUIRE(!results.empty());
    for (const auto& one : results) {
      CHECK(one.status == 200);
      CHECK(one.request.target.find("pageSize=100&") + 1 +
                (one.request.target.ends_with("pageSize=100") ? 1 : 0) >
            0);
    }
  }

  TEST_CASE("a day of more than 10,000 is paged until the watermark lets a job read it") {
    auto options = SyncRig::unlimited();
    options.deep_pages_fail = true;
    SyncRig rig(SyncRig::quiet(1, 10'300), options);
    rig.settings.only = {"conversations"};
    rig.sync_well();
    CHECK(rig.count(Method::post, kJobs) == 0);
    CHECK(rig.stats.retries >= 20);  // the deep pages stumbled once each
    CHECK(stored(rig) == "10300");
    rig.clock.advance(hours(12));
    rig.sync_well();
    CHECK(rig.days_asked(Via::job) == std::vector{base::to_date(SyncRig::today() - days(1))});
    CHECK(rig.count(Method::get, "/results") == 11);
  }

  TEST_CASE("past the service's cap of paging a day stays due, until a job reads the rest") {
    SyncRig rig(SyncRig::quiet(1, 40));
    rig.settings.only = {"conversations"};
    int pages = 0;
    const auto one = [&] {  // no page begins like the one before
      return std::string(R"({"conversationId":")") + (++pages % 2 == 0 ? "1" : "2") +
             R"(1111111-1111-4111-8111-111111111111",)"
             R"("conversationStart":"2025-05-31T10:00:00.000Z",)"
             R"("conversationEnd":"2025-05-31T10:05:00.000Z","participants":[]})";
    };
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (r.target.find(kDetails) == std::string::npos ||
          r.body.find("2025-05-31T00:00:00.000Z/2025-06-01T00:00:00.000Z") == std::string::npos)
        return std::nullopt;
      return answer_json(200, R"({"conversations":[)" + one() + R"(],"totalHits":100500})");
    };
    // Together the days are too many; alone, the day is paged to the cap and no further.
    const auto first = rig.before;
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (r.target.find(kDetails) != std::string::npos &&
          r.body.find("2025-05-31T00:00:00.000Z/2025-06-01T05") != std::string::npos)
        return answer_json(200, R"({"conversations":[)" + one() + R"(],"totalHits":100540})");
      return first(r);
    };
    const auto report = rig.sync();
    CHECK(report.exit_code() == 3);
    REQUIRE(report.gaps.size() == 1);
    CHECK(report.gaps.front().scope == "2025-05-31");
    CHECK(rig.count(Method::post, kDetails) == 1 + 1000 + 1);
    CHECK(rig.value("SELECT due_ms <= " + std::to_string(base::to_ms(rig.clock.now())) +
                    " FROM sync_scopes WHERE scope = '2025-05-31'") == "1");
    rig.clock.advance(hours(12));
    rig.before = nullptr;
    rig.sync_well();
    CHECK(rig.days_asked(Via::job) == std::vector<std::string>{"2025-05-31"});
    CHECK(stored(rig) == "42");
  }

  TEST_CASE("a stored query page older than an hour restarts at page 1, a younger one goes on") {
    for (const auto pause : {minutes(10), minutes(90)}) {
      CAPTURE(pause.count());
      SyncRig rig(SyncRig::quiet(1, 900));
      rig.settings.via = Via::query;
      rig.settings.only = {"conversations"};
      rig.latency = std::chrono::milliseconds(1500);
      int pages = 0;
      kill(rig, [&](const Request& r) {
        return r.target.find(kDetails) != std::string::npos && ++pages == 6;
      });
      rig.clock.advance(pause);
      rig.sync_well();
      json::Document document;
      const auto page =
          document
              .parse(rig.asked_for(Method::post, kDetails).front().request.body)["paging"]
                                                                                ["pageNumber"]
              .integer();
      CHECK((page == 1) == (pause > hours(1)));
      CHECK(stored(rig) == "900");
    }
  }

  TEST_CASE(
      "participant attributes come by jobs, as far as they are allowed, and no query wipes them") {
    auto o = SyncRig::quiet(6, 120);
    SyncRig rig(o);
    rig.settings.attributes = {"ivr.language", "csat_inline"};
    rig.sync_well();
    const auto attributes = [&] {
      return rig.rows(
          "SELECT conversation_id, participant_no, name, value FROM "
          "participant_attributes JOIN conversations USING (conversation_key) "
          "ORDER BY 1, 2, 3");
    };
    const auto kept = attributes();
    REQUIRE(kept.size() > 60);
    CHECK(rig.value("SELECT group_concat(DISTINCT name) FROM (SELECT name FROM "
                    "participant_attributes ORDER BY name)") == "csat_inline,ivr.language");
    // Every closed day below the watermark was a job's, although a query would be cheaper.
    CHECK(rig.days_asked(Via::job).size() == 5);
    rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
    rig.execute("UPDATE conversations SET payload_hash = x'00'");  // as if all had changed
    rig.settings.via = Via::query;
    rig.sync_well();
    CHECK(attributes() == kept);
  }

  TEST_CASE("an attribute that changes alone is picked up by the next job read") {
    SyncRig rig(SyncRig::quiet(6, 120));
    rig.settings.attributes = {"ivr.language"};
    rig.sync_well();
    const auto count = [&](const char* value) {
      return std::stoi(rig.value(
          fmt::format("SELECT count(*) FROM participant_attributes WHERE value = '{}'", value)));
    };
    const int french = count("fr");
    REQUIRE(french > 5);
    rig.before = [&](const Request& r) -> std::optional<Response> {
      if (!is_results(r)) return std::nullopt;
      auto response = rig.service.answer(r).response;
      if (response.status != 200) return response;
      response = answer_json(200, http::inflate(response, std::size_t{1} << 28U));
      for (std::string::size_type at = 0;
           (at = response.body.find(R"("ivr.language":"fr")", at)) != std::string::npos; ++at)
        response.body.replace(at, 19, R"("ivr.language":"de")");
      return response;
    };
    rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
    rig.clock.advance(hours(1));
    rig.sync_well();
    CHECK(count("fr") == 0);
    CHECK(count("de") == french);
    const auto report = [&] {
      rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
      return rig.sync();
    }();
    CHECK(report.rows_changed == 0);
  }

  TEST_CASE("a new allow-list or mapping opens what it must, and nothing else") {
    SyncRig rig(SyncRig::quiet(6, 120));
    rig.sync_well();
    rig.execute("UPDATE sync_scopes SET due_ms = NULL WHERE resource = 'conversations'");
    const auto users = rig.value("SELECT max(version) FROM users");
    rig.settings.attributes = {"ivr.language"};
    rig.clock.advance(minutes(1));
    rig.sync_well();
    CHECK(rig.days_asked(Via::job).size() == 5);
    CHECK(std::stoi(rig.value("SELECT count(*) FROM participant_attributes")) > 60);
    CHECK(rig.count(Method::get, "/api/v2/users?") == 0);
    CHECK(rig.value("SELECT max(version) FROM users") == users);

    const auto answered = rig.value(
        "SELECT count(DISTINCT conversation_key) FROM surveys WHERE "
        "payload_hash IS NOT NULL");
    const auto before = rig.logical();
    for (const char* table : {"conversations", "surveys", "users"})
      rig.execute(
          fmt::format("UPDATE sync_meta SET value = 'older' WHERE key = 'stored_as_{}'", table));
    rig.clock.advance(minutes(1));
    const auto report = rig.sync();
    CHECK(rig.days_asked(Via::job).size() == 5);
    CHECK(rig.days_asked(Via::query).size() == 2);
    CHECK(rig.count(Method::get, "/surveys") >= std::stoul(answered));
    CHECK(rig.count(Method::get, "/api/v2/users?") == 1);
    CHECK(rig.count(Method::get, "/api/v2/routing/queues") == 0);
    CHECK(report.rows_changed > 120);
    CHECK((rig.logical() == before));
    rig.sync_well();
    CHECK(rig.asked.size() <= 2);
  }

  TEST_CASE("a job's record, hours old, never replaces what was read since") {
    auto o = SyncRig::quiet(3, 400);
    o.rates.survey = 1;
    SyncRig rig(o);
    rig.settings.via = Via::query;
    rig.clock.advance(hours(8));
    rig.sync_well();
    const auto before = rig.logical();
    rig.settings.via = Via::job;
    rig.execute("UPDATE sync_scopes SET due_ms = 0 WHERE resource = 'conversations'");
    rig.clock.advance(minutes(1));
    rig.settings.only = {"conversations"};
    const auto report = rig.sync();
    CHECK(report.rows_seen > 200);
    CHECK(report.rows_changed == 0);
    CHECK((rig.logical() == before));
  }
}
