#include <doctest/doctest.h>

#include "cli/site.hpp"
#include "http/message.hpp"
#include "warehouse/statement.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

std::int64_t number(const Site& site, const std::string& sql) {
  const auto store = site.open();
  warehouse::Statement row(store->database(), sql);
  row.step();
  return row.integer(0);
}

/// The payload kept of a conversation or survey; "" if there is none.
std::string kept(const Site& site, const std::string& table, const std::string& key,
                 const std::string& id) {
  const auto store = site.open();
  warehouse::Statement row(store->database(), "SELECT body FROM sync_raw_" + table + "s JOIN " +
                                                  table + "s USING (" + table + "_key) WHERE " +
                                                  key + " = ?");
  return row.with(id).step() ? http::gunzip(row.blob(0), std::size_t{1} << 24U) : "";
}

sim::TrueConversation with_answers(Site& site) {
  for (auto& talk : sim::truth(site.world, Site::organisation().first_day,
                               base::day_of(Site::kNow) - std::chrono::days(2), Site::kNow)) {
    for (const auto& survey : talk.surveys) {
      if (survey.status == "Finished" && contains(talk.body, "\"ani\"")) return talk;
    }
  }
  FAIL("the world has no answered call");
  return {};
}

const std::vector<std::string> kSync{"-q", "sync", "--since", "8d", "--via", "query"};

std::vector<std::string> with(std::vector<std::string> words, const std::string& more) {
  words.push_back(more);
  return words;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("payloads are kept where asked for, without what the privacy profile takes away") {
    Site site;
    REQUIRE(site.run(kSync).code == 0);
    CHECK(number(site, "SELECT count(*) FROM sync_raw_conversations") == 0);
    const auto plain = site.run({"export", "--logical"}).out;
    // Kept from now on, so all is read once more; the rows are the same.
    auto result = site.run(with(kSync, "--keep-raw"));
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(site.run({"export", "--logical"}).out == plain);
    CHECK(number(site, "SELECT count(*) FROM sync_raw_conversations") ==
          number(site, "SELECT count(*) FROM conversations WHERE payload_hash IS NOT NULL"));
    const auto talk = with_answers(site);
    json::Document body, truth;
    const auto raw = body.parse(kept(site, "conversation", "conversation_id", talk.id));
    CHECK(raw["conversationStart"].text() == truth.parse(talk.body)["conversationStart"].text());
    CHECK(!raw["participants"].elements().empty());
    CHECK(!contains(raw.dump(), "\"ani\""));
    CHECK(!contains(raw.dump(), "\"participantName\""));
    // The wish is the warehouse's: a sync without it goes on, and reads nothing again.
    site.service.forget_seen();
    REQUIRE(site.run(kSync).code == 0);
    CHECK(site.service.seen().size() < 20);
    CHECK(number(site, "SELECT count(*) FROM sync_raw_surveys") > 5);
    REQUIRE(site.run(with(kSync, "--no-keep-raw")).code == 0);
    CHECK(number(site,
                 "SELECT (SELECT count(*) FROM sync_raw_conversations) + (SELECT count(*) "
                 "FROM sync_raw_surveys)") == 0);
  }

  TEST_CASE("with privacy none a payload is kept as delivered") {
    Site site;
    site.variables["CSATDB_PRIVACY"] = "none";
    const auto talk = with_answers(site);
    const auto result = site.run({"-q", "extract", talk.id, "--keep-raw", "--yes"});
    REQUIRE_MESSAGE(result.code == 0, result.err);
    json::Document body, truth;
    CHECK(body.parse(kept(site, "conversation", "conversation_id", talk.id)).dump() ==
          truth.parse(talk.body).dump());
  }
}
