#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>
#include <deque>

#include "json/reader.hpp"
#include "support/sync_rig.hpp"

using namespace csatdb;
using base::Millis;
using http::Method;
using http::Request;
using http::Response;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using support::answer_json;
using support::SyncRig;
using support::TempFolder;

namespace {

constexpr auto kDetails = "/conversations/details/query";

std::int64_t page_of(const support::Asked& asked) {
  json::Document document;
  return document.parse(asked.request.body)["paging"]["pageNumber"].integer();
}

/// The most requests that left within a minute.
std::size_t most_in_a_minute(const std::vector<support::Asked>& asked) {
  std::size_t most = 0;
  for (auto first = asked.begin(), last = first; last != asked.end(); ++last) {
    while (last->at - first->at >= minutes(1)) ++first;
    most = std::max(most, static_cast<std::size_t>(last - first) + 1);
  }
  return most;
}

/// A service with one day of so many conversations, each with a survey that was answered. It keeps
/// nothing, and every answer waits to be fetched: what the process holds is the run's own.
class LongDay final : public http::Transport {
 public:
  LongDay(sim::FakeClock& clock, int conversations)
      : clock_(clock), conversations_(conversations) {}

  void start(http::Ticket ticket, Request request) override {
    under_way_.push_back({ticket, std::move(request)});
    most_under_way = std::max(most_under_way, under_way_.size());
  }
  std::vector<http::Answer> wait(Millis at_most) override {
    look();
    clock_.advance(std::min(at_most, Millis{100}));
    if (under_way_.empty()) return {};
    auto [ticket, request] = std::move(under_way_.front());
    under_way_.pop_front();
    auto response = answer_to(request);
    response.headers.set("Date", base::to_http_date(clock_.now()));
    std::vector<http::Answer> answers;
    answers.push_back({ticket, std::move(response)});
    return answers;
  }

  std::size_t most_under_way = 0;
  std::size_t most_held = 0;  ///< bytes allocated, but for SQLite's, whose cache has a limit

 private:
  void look() {
    const auto heap = mallinfo2();
    const auto all = heap.uordblks + heap.hblkhd;
    const auto held = all - std::min(all, static_cast<std::size_t>(sqlite3_memory_used()));
    most_held = std::max(most_held, held);
  }

  Response answer_to(const Request& request) const {
    const auto has = [&](std::string_view part) {
      return request.target.find(part) != std::string::npos;
    };
    if (has("/oauth/token"))
      return answer_json(200, R"({"access_token":"t","token_type":"bearer","expires_in":86400})");
    if (has("/organizations/me")) return answer_json(200, R"({"id":"o1","name":"One"})");
    if (has("/availability"))
      return answer_json(200, fmt::format(R"({{"dataAvailabilityDate":"{}"}})",
                                          base::to_iso(clock_.now() - hours(1))));
    if (has("/quality/conversations/")) {
      const auto begin = request.target.find("c-");
      const auto id = request.target.substr(begin, request.target.find('/', begin) - begin);
      return answer_json(200, fmt::format(R"([{{"id":"s-{0}","conversation":{{"id":"{0}"}},)"
                                          R"("status":"Finished","answers":{{"totalScore":9}}}}])",
                                          id));
    }
    if (has("/aggregates/")) return answer_json(200, R"({"results":[]})");
    if (has(kDetails)) return page(request);
    return answer_json(200, R"({"entities":[],"pageNumber":1,"pageCount":0,"total":0})");
  }

  Response page(const Request& request) const {
    json::Document document;
    const auto asked = document.parse(request.body);
    // Whatever days were asked for, they lie before today.
    const auto day = asked["interval"].text().substr(0, 10);
    const auto number = asked["paging"]["pageNumber"].integer();
    std::string body = fmt::format(R"({{"totalHits":{},"conversations":[)", conversations_);
    for (auto n = (number - 1) * 100; n < std::min<std::int64_t>(number * 100, conversations_); ++n)
      body +=
          fmt::format(R"({0}{{"conversationId":"c-{1}","conversationStart":"{2}T08:00:00.000Z",)"
                      R"("conversationEnd":"{2}T08:05:00.000Z","surveys":[{{"surveyId":"s-c-{1}",)"
                      R"("surveyStatus":"Finished"}}]}})",
                      n % 100 == 0 ? "" : ",", n, day);
    return answer_json(200, body + "]}");
  }

  sim::FakeClock& clock_;
  int conversations_;
  std::deque<std::pair<http::Ticket, Request>> under_way_;
};

struct Held {
  std::size_t bytes;  ///< the most at once, above what there was before
  std::size_t under_way;
  std::int64_t rows;
};

/// A first sync of a day with so many conversations.
Held sync_of(int conversations) {
  const TempFolder folder;
  sim::FakeClock clock(SyncRig::kNow);
  LongDay service(clock, conversations);
  const auto before = mallinfo2();
  const auto sqlite_before = static_cast<std::size_t>(sqlite3_memory_used());
  warehouse::Warehouse store({(folder / "csat.db").string(), Millis{0}, "test"});
  api::Client client(service, clock, {"http://127.0.0.1:1", "http://127.0.0.1:1/oauth/token"},
                     {"demo", "demo-secret"}, {0, 1}, 1);
  sync::Settings settings;
  settings.since = settings.until = SyncRig::today() - std::chrono::days(1);
  settings.via = model::Via::query;
  settings.parallel = 4;
  sync::Silent silent;
  const auto report = sync::Engine(store, client, clock, silent, settings).run();
  CHECK(report.exit_code() == 0);
  CHECK(report.rows_seen == 2 * conversations);
  const auto least = before.uordblks + before.hblkhd - sqlite_before;
  return {service.most_held - std::min(service.most_held, least), service.most_under_way,
          report.rows_seen};
}

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE("the time given ends a run between pages, and the next goes on with the page after") {
    SyncRig rig(SyncRig::quiet(1, 2000));
    rig.settings.until = SyncRig::today() - std::chrono::days(1);
    rig.settings.via = model::Via::query;
    rig.settings.only = {"conversations"};
    rig.settings.parallel = 1;
    rig.settings.max_time = seconds(30);
    rig.latency = seconds(2);
    const auto report = rig.sync();
    CHECK(report.is_out_of_time);
    CHECK(report.exit_code() == 3);
    CHECK(report.gaps.empty());
    auto pages = rig.asked_for(Method::post, kDetails);
    const auto is_under_way = [](const support::Asked& asked) { return asked.status == 0; };
    CHECK(std::erase_if(pages, is_under_way) <= 1);
    REQUIRE(pages.size() > 5);
    REQUIRE(pages.size() < 15);
    CHECK(rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL") ==
          std::to_string(100 * pages.size()));

    rig.settings.max_time.reset();
    rig.sync_well();
    const auto rest = rig.asked_for(Method::post, kDetails);
    CHECK(page_of(rest.front()) == page_of(pages.back()) + 1);
    CHECK(rest.size() == 20 - pages.size());
    CHECK(rig.value("SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL") == "2000");
  }

  TEST_CASE("beside others of the same client a sync leaves them theirs, and earns no 429") {
    for (const auto& [share, others] :
         std::vector<std::pair<double, int>>{{0.3, 150}, {0.8, 150}, {0.8, 240}}) {
      auto options = SyncRig::unlimited();
      options.rate = 300;
      options.others_per_minute = others;
      SyncRig rig(SyncRig::quiet(10, 2000), options);
      rig.settings.via = model::Via::query;
      rig.pacing = {300, share};
      rig.latency = std::chrono::milliseconds(150);
      const auto began = rig.clock.now();
      rig.sync_well();
      const auto took = std::chrono::duration<double, std::ratio<60>>(rig.clock.now() - began);
      const auto sent = static_cast<double>(rig.asked.size());
      CAPTURE(share);
      CAPTURE(others);
      CAPTURE(sent);
      CAPTURE(took.count());
      CHECK(rig.stats.throttled == 0);
      CHECK(rig.stats.retries == 0);
      // Two of the service's minutes meet within one of ours.
      CHECK(static_cast<double>(most_in_a_minute(rig.asked)) <= 2 * share * 300);
      const double ours = std::min(share * 300, 300.0 - others);
      CHECK(sent <= ours * (took.count() + 1));
      CHECK(sent >= 0.5 * ours * (took.count() - 1));
    }
  }

  TEST_CASE("what a run holds in memory does not grow with what there is to read") {
    sync_of(100);  // what is made once and kept
    const auto little = sync_of(1'000);
    const auto much = sync_of(8'000);
    CHECK(much.rows == 8 * little.rows);
    CHECK(little.under_way <= 4);
    CHECK(much.under_way <= 4);
    MESSAGE(little.bytes, " bytes held for 1,000 conversations, ", much.bytes, " for 8,000");
    CHECK(much.bytes < little.bytes * 5 / 4);
  }
}
