#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "net/sim_bench.hpp"
#include "sim/truth.hpp"

using namespace csatdb;
using sim::SimBench;

namespace {

struct Page {
  std::vector<std::string> ids, starts;
  std::int64_t total = 0;
  bool has_list = false;
};

Page read_page(const http::Response& response) {
  REQUIRE(response.status == 200);
  json::Document document;
  const auto root = document.parse(response.body);
  Page page;
  page.total = root["totalHits"].integer();
  page.has_list = root["conversations"].present();
  for (const auto& c : root["conversations"].elements()) {
    page.ids.emplace_back(c["conversationId"].text());
    page.starts.emplace_back(c["conversationStart"].text());
  }
  return page;
}

/// All pages of a span, one after the other.
std::vector<Page> read_all(SimBench& bench, std::string_view begin, std::string_view end,
                           std::string_view more = {}) {
  std::vector<Page> pages;
  do {
    pages.push_back(read_page(bench.details(begin, end, static_cast<int>(pages.size()) + 1, more)));
  } while (pages.back().has_list);
  return pages;
}

std::vector<std::string> ids_of(const std::vector<Page>& pages) {
  std::vector<std::string> ids;
  for (const auto& page : pages) ids.insert(ids.end(), page.ids.begin(), page.ids.end());
  return ids;
}

std::set<std::string> unique(const std::vector<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("the same seed at the same instant gives the same bytes") {
    SimBench one;
    SimBench other;
    for (int page = 1; page <= 2; ++page) {
      const auto a = one.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z", page);
      const auto b = other.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z", page);
      CHECK(a.status == 200);
      CHECK(a.body.size() > 10000);
      const bool same = a.body == b.body;
      CHECK(same);
    }
    auto organisation = SimBench::organisation();
    organisation.seed = 2;
    SimBench stranger({}, organisation);
    const bool alike = stranger.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z").body ==
                       one.details("2025-05-29T00:00:00Z", "2025-05-30T00:00:00Z").body;
    CHECK_FALSE(alike);
  }
  TEST_CASE("the details query selects whole UTC days by the start") {
    SimBench bench;
    const auto whole =
        ids_of(read_all(bench, "2025-05-27T00:00:00.000Z", "2025-05-28T00:00:00.000Z"));
    CHECK(whole.size() > 100);
    CHECK(ids_of(read_all(bench, "2025-05-27T13:00:00Z", "2025-05-27T13:01:00Z")) == whole);
    for (const auto& page : read_all(bench, "2025-05-27T13:00:00Z", "2025-05-27T13:01:00Z")) {
      for (const auto& start : page.starts) CHECK(start.substr(0, 10) == "2025-05-27");
    }
    const auto both = ids_of(read_all(bench, "2025-05-27T23:59:00Z", "2025-05-28T00:01:00Z"));
    CHECK(both.size() > whole.size());
    const auto all = unique(both);
    for (const auto& id : whole) CHECK(all.contains(id));
  }
  TEST_CASE("closed days have no repeats and their total is exact") {
    SimBench bench;
    const auto pages = read_all(bench, "2025-05-25T00:00:00Z", "2025-05-31T00:00:00Z");
    const auto ids = ids_of(pages);
    CHECK(unique(ids).size() == ids.size());
    CHECK(static_cast<std::int64_t>(ids.size()) == pages.front().total);
    CHECK(ids.size() == sim::truth(bench.world, base::parse_day("2025-05-25").value(),
                                   base::parse_day("2025-05-31").value(), SimBench::kNow)
                            .size());
  }
  TEST_CASE("an open day repeats conversations on later pages and loses none") {
    auto organisation = SimBench::organisation();
    organisation.interactions = 30000;
    SimBench bench({}, organisation);
    bench.clock.set(base::parse_instant("2025-06-01T18:00:00Z").value());
    const auto pages = read_all(bench, "2025-06-01T00:00:00Z", "2025-06-01T17:59:00Z");
    const auto ids = ids_of(pages);
    CHECK(ids.size() > unique(ids).size());
    CHECK(static_cast<std::int64_t>(ids.size()) == pages.front().total);
    const auto today = base::day_of(bench.clock.now());
    CHECK(unique(ids).size() ==
          sim::truth(bench.world, today, today + std::chrono::days(1), bench.clock.now()).size());
  }
  TEST_CASE("a page without hits omits its list") {
    SimBench bench;
    const auto past = read_page(bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z", 99));
    CHECK_FALSE(past.has_list);
    CHECK(past.total > 0);
    const auto before = read_page(bench.details("2024-05-27T00:00:00Z", "2024-05-28T00:00:00Z"));
    CHECK_FALSE(before.has_list);
    CHECK(before.total == 0);
  }
  TEST_CASE("order turns the list round") {
    SimBench bench;
    const auto up = read_page(bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z"));
    CHECK(std::is_sorted(up.starts.begin(), up.starts.end()));
    const auto down = read_page(
        bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z", 1, ",\"order\":\"desc\""));
    CHECK(std::is_sorted(down.starts.rbegin(), down.starts.rend()));
    CHECK(down.total == up.total);
  }
  TEST_CASE("filters choose exactly the conversations they describe") {
    SimBench bench;
    const auto rows = sim::truth(bench.world, base::parse_day("2025-05-25").value(),
                                 base::parse_day("2025-05-31").value(), SimBench::kNow);
    const auto chosen = [&](std::string_view filter) {
      return unique(ids_of(read_all(bench, "2025-05-25T00:00:00Z", "2025-05-31T00:00:00Z",
                                    ",\"" + std::string(filter))));
    };
    std::set<std::string> surveyed, silent, open, error;
    for (const auto& row : rows) {
      (row.surveys.empty() ? silent : surveyed).insert(row.id);
      if (!row.end) open.insert(row.id);
      for (const auto& s : row.surveys) {
        if (s.status == "Error") error.insert(row.id);
      }
    }
    CHECK(surveyed.size() > 50);
    CHECK(chosen(R"(surveyFilters":[{"type":"and","predicates":[{"dimension":"surveyId",)"
                 R"("operator":"exists"}]}])") == surveyed);
    CHECK(chosen(R"(surveyFilters":[{"type":"and","predicates":[{"dimension":"surveyId",)"
                 R"("operator":"notExists"}]}])") == silent);
    CHECK(chosen(R"(surveyFilters":[{"type":"or","predicates":[{"dimension":"surveyStatus",)"
                 R"("value":"Error"}]}])") == error);
    CHECK(chosen(R"(conversationFilters":[{"type":"and","predicates":[)"
                 R"({"dimension":"conversationEnd","operator":"notExists"}]}])") == open);
    const auto two = chosen(
        R"(conversationFilters":[{"type":"or","predicates":[{"dimension":"conversationId",)"
        R"("value":")" +
        rows[3].id + R"("},{"dimension":"conversationId","value":")" + rows[9].id + R"("}]}])");
    CHECK(two == std::set<std::string>{rows[3].id, rows[9].id});
  }
  TEST_CASE("a conversation under way has no end, and its open segments have none") {
    SimBench bench;
    bench.clock.set(base::parse_instant("2025-06-02T10:00:00Z").value());
    std::string id;
    for (const auto& row :
         sim::truth(bench.world, base::day_of(bench.clock.now()),
                    base::day_of(bench.clock.now()) + std::chrono::days(1), bench.clock.now())) {
      if (!row.end) id = row.id;
    }
    REQUIRE_FALSE(id.empty());
    json::Document document;
    const auto during = bench.get("/analytics/conversations/" + id + "/details");
    REQUIRE(during.status == 200);
    const auto root = document.parse(during.body);
    CHECK(root["conversationEnd"].kind() == json::Kind::absent);
    bool open = false;
    for (const auto& p : root["participants"].elements()) {
      for (const auto& s : p["sessions"].elements()) {
        for (const auto& g : s["segments"].elements()) open |= !g["segmentEnd"].present();
      }
    }
    CHECK(open);
  }
  TEST_CASE("details by id take repeated and joined ids and leave out unknown ones") {
    SimBench bench;
    const auto rows = sim::truth(bench.world, base::parse_day("2025-05-27").value(),
                                 base::parse_day("2025-05-28").value(), SimBench::kNow);
    const auto body = "{\"conversations\":[" + rows[0].body + "," + rows[1].body + "]}";
    CHECK(
        bench.get("/analytics/conversations/details?id=" + rows[0].id + "&id=" + rows[1].id).body ==
        body);
    const std::string unknown = "01234567-89ab-4def-8123-456789abcdef";
    CHECK(bench
              .get("/analytics/conversations/details?id=" + rows[0].id + "," + unknown + "," +
                   rows[1].id)
              .body == body);
    CHECK(bench.get("/analytics/conversations/details?id=" + unknown).body == "{}");
    CHECK(bench.get("/analytics/conversations/" + rows[0].id + "/details").body == rows[0].body);
    CHECK(bench.get("/analytics/conversations/" + unknown + "/details").status == 404);
  }
  TEST_CASE("pages far into a result fail once where the service is told to stumble") {
    sim::Options options;
    options.deep_pages_fail = true;
    SimBench bench(options);
    const auto deep = [&] {
      return bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z", 81).status;
    };
    CHECK(bench.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z", 80).status == 200);
    CHECK(deep() == 502);
    CHECK(deep() == 200);
  }
  TEST_CASE("hidden divisions leave rows out without an error") {
    SimBench open;
    sim::Options options;
    options.hidden_divisions = {0};
    SimBench narrow(options);
    const auto all = read_page(open.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z"));
    const auto some = read_page(narrow.details("2025-05-27T00:00:00Z", "2025-05-28T00:00:00Z"));
    CHECK(some.total > 0);
    CHECK(some.total < all.total);
    CHECK(open.get("/authorization/divisions").body.find("\"Home\"") != std::string::npos);
    CHECK(narrow.get("/authorization/divisions").body.find("\"Home\"") == std::string::npos);
  }
}
