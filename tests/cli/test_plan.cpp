#include <filesystem>

#include "cli/site.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

using Words = std::vector<std::string>;

/// What `sync --plan` with these words foretells.
std::int64_t foretold(Site& site, const Words& more = {}) {
  Words words{"sync", "--plan", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return site.json(words)["requests"].integer();
}

/// What a sync with these words sends.
std::int64_t sent(Site& site, const Words& more = {}) {
  site.service.forget_seen();
  Words words{"-q", "sync"};
  words.insert(words.end(), more.begin(), more.end());
  const auto result = site.run(words);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  std::int64_t all = 0;
  for (const auto& [endpoint, count] : site.service.counts()) all += count;
  return all;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a plan changes no byte of the warehouse and leaves nothing beside it") {
    Site site;
    site.run({"sync", "--plan", "--since", "8d"});
    CHECK(!std::filesystem::exists(site.path()));
    site.sync();
    const auto before = site.bytes();
    CHECK(foretold(site) == 3);
    CHECK((site.bytes() == before));
    for (const auto& entry : std::filesystem::directory_iterator(site.folder.path())) {
      const auto name = entry.path().filename().string();
      CHECK_MESSAGE((name == "csat.db" || name == "csat.db.lock"), name);
    }
  }

  TEST_CASE("a plan shows what a change of what is kept makes due") {
    Site site;
    site.variables["CSATDB_ATTRIBUTES"] = "Priority";
    site.sync();
    CHECK(foretold(site) == 3);
    const auto price = foretold(site, {"--keep-raw"});
    CHECK(price > 20);
    CHECK(std::abs(sent(site, {"--keep-raw"}) - price) * 10 <= price);
    site.variables.erase("CSATDB_ATTRIBUTES");  // they stay as they are
    CHECK(foretold(site, {"--keep-raw"}) == 3);
    CHECK(foretold(site, {"--no-keep-raw"}) > 20);
    site.variables["CSATDB_ATTRIBUTES"] = "Priority,Segment";
    CHECK(foretold(site) > 3);
  }

  TEST_CASE("a plan knows that a day found too full for a query is read by a job") {
    Site site({}, support::Desk::organisation(4, 4000));
    const Words kOneDay{"--since", "2025-05-29", "--until", "2025-05-29"};
    const auto price = foretold(site, kOneDay);
    CHECK(price > 10);
    CHECK(std::abs(sent(site, kOneDay) - price) * 10 <= price);
  }

  TEST_CASE("a plan keeps to the retention that the sync will raise") {
    Site site;
    const auto all = foretold(site, {"--since", "8d"});
    site.variables["CSATDB_RETENTION"] = "3d";
    const auto few = foretold(site, {"--since", "8d"});
    CHECK(few < all);
    CHECK(std::abs(sent(site, {"--since", "8d"}) - few) * 10 <= few);
  }

  TEST_CASE("days that lie ahead, or end before they begin, are refused rather than found empty") {
    Site site;
    for (const Words& more : {Words{}, Words{"--plan"}}) {
      Words words{"sync", "--since", "2026-01-31"};
      words.insert(words.end(), more.begin(), more.end());
      const auto result = site.run(words);
      CHECK(result.code == 2);
      CHECK(contains(result.err, "since: 2026-01-31 lies ahead"));
    }
    const auto result = site.run({"sync", "--since", "2025-05-31", "--until", "2025-05-30"});
    CHECK(result.code == 2);
    CHECK(contains(result.err, "--until 2025-05-30 lies before since 2025-05-31 (--since)"));
    CHECK(site.run({"-q", "sync", "--since", "2025-06-01"}).code == 0);
  }
}
