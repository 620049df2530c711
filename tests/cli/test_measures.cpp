#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/site.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

std::int64_t number(const Site& site, const std::string& sql) {
  std::int64_t found = -1;
  warehouse::Reader(site.path()).each(sql, {}, [&](const auto& row) {
    found = std::get<std::int64_t>(row.front());
    return false;
  });
  return found;
}

/// A configuration file of the site's user; its identity still comes from the environment.
void configure(const Site& site, const std::string& text) {
  const auto folder = site.home / ".config/csatdb";
  std::filesystem::create_directories(folder);
  const auto path = folder / "config.toml";
  std::ofstream(path) << text;
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

/// Has a site make the pseudonyms that another one makes.
void share_key(Site& site, const Site& with) {
  site.variables["CSATDB_PRIVACY_KEY_FILE"] = (with.home / ".config/csatdb/privacy.key").string();
}

/// The tables that `csatdb measures` proposes.
std::string proposed(Site& site) {
  const auto out = site.run({"measures"}).out;
  return out.substr(std::min(out.find("# What these questions"), out.size()));
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("proposed measures can be pasted, and then hold for every survey already stored") {
    Site site;
    site.sync();
    CHECK(number(site, "SELECT count(*) FROM fact_surveys WHERE csat_score IS NOT NULL") == 0);
    const auto tables = proposed(site);
    CHECK(contains(tables, "[[measures]]\nname = \"csat\""));
    configure(site, tables);
    const auto applied = site.run({"measures", "--apply"});
    REQUIRE_MESSAGE(applied.code == 0, applied.err);
    CHECK(contains(applied.out, "# Every measure that the forms' questions suggest is mapped."));
    CHECK(contains(applied.out, "csat"));
    const auto answered =
        number(site, "SELECT count(*) FROM fact_surveys WHERE csat_score IS NOT NULL");
    CHECK(answered > 10);
    CHECK(number(site,
                 "SELECT count(*) FROM fact_surveys WHERE csat_score IS NOT NULL AND "
                 "csat_is_positive IS NULL") == 0);
    // The oracle: the question's own answers.
    CHECK(number(site,
                 "SELECT count(DISTINCT a.survey_id) FROM fact_survey_answers a JOIN measures m ON "
                 "m.form_context_id = a.form_context_id AND (m.question_context_id = "
                 "a.question_context_id OR m.question_text = a.question_text) WHERE m.name = "
                 "'csat' AND NOT a.marked_na AND a.score IS NOT NULL") == answered);
    // A sync with the same configuration changes nothing, one without the tables takes them back.
    const auto before = site.run({"export", "--logical"}).out;
    site.sync();
    CHECK(site.run({"export", "--logical"}).out == before);
    configure(site, "");
    site.sync();
    CHECK(number(site, "SELECT count(*) FROM fact_surveys WHERE csat_score IS NOT NULL") == 0);
  }

  TEST_CASE("a mapping made before the surveys came gives the same warehouse as one made after") {
    Site after, before;
    after.sync();
    const auto tables = proposed(after);
    configure(after, tables);
    after.sync();
    configure(before, tables);
    share_key(before, after);
    before.sync();
    CHECK(after.run({"export", "--logical"}).out == before.run({"export", "--logical"}).out);
    CHECK(number(before, "SELECT count(*) FROM fact_surveys WHERE csat_score IS NOT NULL") > 10);
  }

  TEST_CASE("without a configuration file the warehouse keeps its measures") {
    Site site;
    site.sync();
    configure(site, proposed(site));
    site.sync();
    std::filesystem::remove(site.home / ".config/csatdb/config.toml");
    site.sync();
    CHECK(number(site, "SELECT count(*) FROM measures") > 0);
    const auto forms = site.json({"measures", "--json"}).elements();
    REQUIRE(!forms.empty());
    bool is_mapped = false;
    for (const auto& form : forms) {
      for (const auto& question : form["questions"].elements())
        is_mapped = is_mapped || !question["measures"].elements().empty();
    }
    CHECK(is_mapped);
  }

  TEST_CASE("the zone of local dates is changed in one step, by command or configuration") {
    Site site;
    site.sync();
    CHECK(site.run({"config", "timezone"}).out == "UTC\n");
    const auto result = site.run({"config", "timezone", "Asia/Kolkata"});
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(contains(result.out, "UTC -> Asia/Kolkata"));
    CHECK(number(site,
                 "SELECT count(*) FROM fact_interactions WHERE local_date <> date(started_ms / "
                 "1000 + 19800, 'unixepoch') OR local_hour <> strftime('%H', started_ms / 1000 + "
                 "19800, 'unixepoch') + 0") == 0);
    CHECK(number(site,
                 "SELECT count(*) FROM fact_surveys WHERE completed_local_date <> "
                 "date(completed_ms / 1000 + 19800, 'unixepoch')") == 0);
    CHECK(number(site,
                 "SELECT count(*) FROM sync_audit WHERE act = 'timezone' AND detail = 'UTC -> "
                 "Asia/Kolkata'") == 1);
    // The same as if it had been so from the beginning, and back again.
    Site other;
    other.variables["CSATDB_TIMEZONE"] = "Asia/Kolkata";
    share_key(other, site);
    other.sync();
    CHECK(site.run({"export", "--logical"}).out == other.run({"export", "--logical"}).out);
    site.variables["CSATDB_TIMEZONE"] = "UTC";
    site.sync();
    CHECK(number(site,
                 "SELECT count(*) FROM fact_interactions WHERE local_date <> date(started_ms / "
                 "1000, 'unixepoch')") == 0);
    CHECK(number(site, "SELECT count(*) FROM sync_audit WHERE act = 'timezone'") == 2);
    // What the next sync would take back is refused.
    CHECK(site.run({"config", "timezone", "Asia/Kolkata"}).code == 2);
    CHECK(site.run({"config", "timezone", "Middle/Earth"}).code == 2);
  }

  TEST_CASE("a measure that finds nothing in the forms is told, for its figures do not show it") {
    Site site;
    site.sync();
    auto tables = proposed(site);
    configure(site, tables);
    site.run({"measures", "--apply"});
    CHECK(!contains(site.run({"measures"}).out, "as positive, but"));
    const auto positive = tables.find("positive = [\"5\", \"4\"]");
    REQUIRE(positive != std::string::npos);
    tables.replace(positive, 21, "positive = [\"Five\", \"4\"]");
    tables += "\n[[measures]]\nname = \"ces\"\nquestion = \"Who asks?\"\n";
    configure(site, tables);
    const auto told = site.run({"measures", "--apply"});
    CAPTURE(told.out);
    CHECK(contains(told.out, "# csat counts 'Five' as positive, but the options of "));
    CHECK(contains(told.out, " are 5, 4, 3, 2, 1\n"));
    CHECK(contains(told.out, "# ces is mapped to 'Who asks?', which no stored form asks\n"));
    const auto found = site.run({"doctor"});
    CHECK(found.code == 0);
    CHECK(contains(found.out, "note  mapping"));
    CHECK(contains(found.out, "counts 'Five' as positive"));
  }
}
