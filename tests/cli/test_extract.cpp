#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>

#include "cli/extract_ids.hpp"
#include "cli/site.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using support::contains;
using support::Site;

namespace {

using Words = std::vector<std::string>;

const std::string kUnknown = "aaaaaaaa-0000-4000-8000-000000000001";

/// The conversations of a site's days, as the service shows them now.
std::vector<sim::TrueConversation> talks(Site& site) {
  return sim::truth(site.world, Site::organisation().first_day,
                    base::day_of(Site::kNow) + std::chrono::days(1), Site::kNow);
}

std::string lines(const std::vector<std::string>& ids) {
  std::string text;
  for (const auto& id : ids) text += id + "\n";
  return text;
}

std::string text_of(const json::Value& record, std::string_view member) {
  return std::string(record[member].text_or(""));
}

int asked(const Site& site, std::string_view part) {
  int count = 0;
  for (const auto& [endpoint, times] : site.service.counts()) {
    if (endpoint.find(part) != std::string::npos) count += times;
  }
  return count;
}

std::int64_t number(const Site& site, const std::string& sql) {
  std::int64_t found = -1;
  warehouse::Reader(site.path()).each(sql, {}, [&](const auto& row) {
    found = std::get<std::int64_t>(row.front());
    return false;
  });
  return found;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("extract prints a record a survey, or one, in input order, as the service has it") {
    Site site;
    std::vector<std::string> ids;
    std::vector<std::pair<std::string, const sim::TrueSurvey*>> wanted;
    const auto all = talks(site);
    for (std::size_t i = all.size(); i-- > 0;) {
      ids.push_back(all[i].id);
      for (const auto& survey : all[i].surveys) wanted.emplace_back(all[i].id, &survey);
      if (all[i].surveys.empty()) wanted.emplace_back(all[i].id, nullptr);
    }
    site.typed = lines(ids);
    const auto records = site.json({"extract", "-"}).elements();
    REQUIRE(records.size() == wanted.size());
    std::set<std::string> notes;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& record = records[i];
      const auto* survey = wanted[i].second;
      CHECK(text_of(record, "conversation_id") == wanted[i].first);
      CHECK(record["found"].boolean());
      CHECK(text_of(record, "survey_id") == (survey == nullptr ? "" : survey->id));
      const auto note = text_of(record, "note");
      notes.insert(note.substr(0, note.find(':')));
      if (survey == nullptr) {
        CHECK(note == "no survey");
        continue;
      }
      CHECK(text_of(record, "survey_status") == survey->status);
      if (survey->status != "Finished") {
        CHECK(note != "");
        CHECK(!record["score"].present());
        continue;
      }
      CHECK(note == "");
      CHECK(record["has_survey"].boolean());
      CHECK(record["score"].real() == doctest::Approx(survey->answers->total).epsilon(0.01));
      CHECK(record["nps_score"].integer_or(-1) == survey->answers->nps);
      CHECK(base::parse_instant(record["timestamp"].text()));
    }
    for (const char* note : {"", "no survey", "sent and unanswered", "error"})
      CHECK_MESSAGE(notes.contains(note), note);
    // What was fetched is stored, and what will not change is not asked for again.
    CHECK(number(site, "SELECT count(*) FROM fact_interactions") ==
          static_cast<std::int64_t>(all.size()));
    CHECK(number(site,
                 "SELECT count(*) FROM sync_scopes s JOIN fact_interactions i ON "
                 "i.conversation_id = s.scope WHERE NOT i.is_open AND NOT EXISTS (SELECT 1 FROM "
                 "fact_surveys f WHERE f.conversation_id = s.scope AND f.status IN ('Pending', "
                 "'Sent', 'InProgress'))") == 0);
  }

  TEST_CASE(
      "a hundred ids share a request; surveys are asked for where there is something to see") {
    Site site;
    std::vector<std::string> ids;
    int worth = 0;
    for (const auto& talk : talks(site)) {
      if (ids.size() == 250) break;
      ids.push_back(talk.id);
      const auto is_worth = [](const sim::TrueSurvey& s) {
        return s.status == "Finished" || s.status == "Error";
      };
      worth += std::any_of(talk.surveys.begin(), talk.surveys.end(), is_worth) ? 1 : 0;
    }
    site.typed = lines(ids);
    REQUIRE(site.run({"extract", "-", "--format", "ndjson"}).code == 0);
    CHECK(asked(site, "analytics/conversations/details") == 3);
    CHECK(asked(site, "/surveys") == worth);
    CHECK(worth > 5);
    // Once more: the records again, no answers that are stored.
    site.service.forget_seen();
    site.typed = lines(ids);
    REQUIRE(site.run({"extract", "-"}).code == 0);
    CHECK(asked(site, "analytics/conversations/details") == 3);
    CHECK(asked(site, "/surveys") == 0);
  }

  TEST_CASE("names of agents and queues are listed once, where there is something to name") {
    Site site;
    std::vector<std::string> ids;
    for (const auto& talk : talks(site)) ids.push_back(talk.id);
    const auto listings = [&] { return asked(site, "/users") + asked(site, "/routing/queues"); };

    site.json({"extract", kUnknown});
    CHECK(listings() == 0);

    site.typed = lines(ids);
    int named = 0;
    for (const auto& record : site.json({"extract", "-"}).elements()) {
      const auto queue = text_of(record, "queue_name");
      named += queue.empty() ? 0 : 1;
      CHECK(text_of(record, "agent_id").empty() == text_of(record, "agent_name").empty());
    }
    CHECK(named > 100);
    CHECK(number(site,
                 "SELECT count(*) FROM fact_interactions WHERE queue_id IS NOT NULL AND "
                 "queue_name IS NULL") == 0);
    CHECK(listings() == 2);

    site.service.forget_seen();
    site.typed = lines(ids);
    site.json({"extract", "-"});
    CHECK(listings() == 0);
  }

  TEST_CASE("ids that are unknown, repeated or none get their record and note, in their place") {
    Site site;
    const auto id = talks(site).front().id;
    std::string loud = id;
    for (char& c : loud) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::ofstream(site.folder / "calls.csv") << "Conversation ID,Agent\r\n\"" << id << "\",Ann\r\n"
                                             << kUnknown << ",\r\n# a remark\r\n\r\nno-id,\r\n"
                                             << loud << ",Ben\r\n";
    const auto records = site.json({"extract", "--ids", "calls.csv"}).elements();
    std::vector<std::string> seen;
    for (const auto& r : records) {
      if (seen.empty() || seen.back() != text_of(r, "conversation_id"))
        seen.push_back(text_of(r, "conversation_id"));
    }
    CHECK(seen == std::vector<std::string>{id, kUnknown, "no-id", id});
    const auto& last = records.back();
    CHECK(last["found"].boolean());
    CHECK(text_of(last, "note") == "repeats number 1 of the list");
    CHECK(text_of(records[records.size() - 2], "note") == "not an id: a conversation's is a UUID");
    CHECK(text_of(records[records.size() - 3], "note") == "not found");
    CHECK(!records[records.size() - 3]["found"].boolean());
    CHECK(asked(site, "analytics/conversations/details") == 1);
    CHECK(number(site, "SELECT count(*) FROM sync_scopes WHERE scope = '" + kUnknown + "'") == 0);
  }

  TEST_CASE("extract prints JSON, NDJSON, CSV and a table of the same columns") {
    Site site;
    const auto id = talks(site).front().id;
    const auto csv = site.run({"extract", id, "--format", "csv"}).out;
    CHECK(
        csv.starts_with("conversation_id,found,channel,agent_id,agent_name,queue_name,duration_sec,"
                        "handle_sec,has_survey,survey_id,survey_status,score,nps_score,comments,"
                        "timestamp,note\r\n" +
                        id + ",1,"));
    CHECK(site.run({"extract", id, "--format", "ndjson"})
              .out.starts_with("{\"conversation_id\":\"" + id + "\",\"found\":true,"));
    CHECK(site.run({"extract", id}).out.starts_with("[\n{\"conversation_id\":\""));
    CHECK(contains(site.run({"extract", id, "--format", "table"}).out,
                   "Conversations and their surveys"));
    CHECK(site.run({"extract", "no-id"}).code == 0);
    CHECK(site.run({"extract"}).code == 2);
    CHECK(site.run({"extract", "--ids", "missing.txt"}).code == 2);
  }

  TEST_CASE(
      "--raw adds each survey as delivered, also one that is stored, and keeps nothing of it") {
    Site site;
    site.sync();
    std::vector<std::string> ids;
    std::map<std::string, std::string> bodies;
    for (const auto& talk : talks(site)) {
      if (talk.surveys.empty() || ids.size() == 40) continue;
      ids.push_back(talk.id);
      for (const auto& survey : talk.surveys) bodies[survey.id] = survey.body;
    }
    site.typed = lines(ids);
    json::Document document;
    for (const auto& record : site.json({"extract", "-", "--raw"}).elements())
      CHECK(record["survey"].dump() ==
            document.parse(bodies.at(text_of(record, "survey_id"))).dump());
  }

  TEST_CASE("without the permission to see surveys their notes say so, and it ends with 3") {
    sim::Options options;
    options.missing_permissions = {"quality:survey:view"};
    Site site(options);
    std::vector<std::string> ids;
    for (const auto& talk : talks(site)) {
      for (const auto& survey : talk.surveys) {
        if (survey.status == "Finished") ids.push_back(talk.id);
      }
    }
    ids.resize(std::min<std::size_t>(ids.size(), 20));
    site.typed = lines(ids);
    const auto result = site.run({"extract", "-", "--format", "ndjson"});
    CHECK(result.code == 3);
    CHECK(contains(result.err, "quality:survey:view"));
    CHECK(contains(result.out, "no permission (quality:survey:view)"));
    CHECK(!contains(result.out, "\"found\":false"));
  }

  TEST_CASE("what is refused is told by every run that needs it, and by no other") {
    struct Refusal {
      const char* permission;
      Words more;
      int again;  // how a later run ends
    };
    for (const auto& refusal :
         {Refusal{"routing:queue:view", {}, 3}, Refusal{"quality:survey:view", {}, 3},
          Refusal{"quality:survey:view", {"--raw"}, 3}, Refusal{"groups:team:view", {}, 0},
          Refusal{"analytics:surveyAggregate:view", {}, 0}}) {
      CAPTURE(refusal.permission);
      sim::Options options;
      options.missing_permissions = {refusal.permission};
      Site site(options);
      std::vector<std::string> ids;
      for (const auto& talk : talks(site)) ids.push_back(talk.id);
      Words words{"extract", "-"};
      words.insert(words.end(), refusal.more.begin(), refusal.more.end());
      for (int run = 0; run < 3; ++run) {
        site.typed = lines(ids);
        const auto result = site.run(words);
        CHECK(result.code == refusal.again);
        CHECK(contains(result.err, refusal.permission) == (refusal.again != 0));
      }
      // Nothing that the refused list would name, nothing needed.
      CHECK(site.run({"extract", kUnknown}).code == 0);
      site.service.options().missing_permissions.clear();
      site.typed = lines(ids);
      CHECK(site.run(words).code == 0);
    }
  }

  TEST_CASE("without the permission to see conversations nothing can be read: it ends with 4") {
    sim::Options options;
    options.missing_permissions = {"analytics:conversationDetail:view",
                                   "analytics:agentConversationDetail:view"};
    Site site(options);
    const auto result = site.run({"extract", talks(site).front().id});
    CHECK(result.code == 4);
    CHECK(contains(result.err, "analytics:conversationDetail:view"));
    CHECK(contains(result.out, "no permission (analytics:conversationDetail:view)"));
  }

  TEST_CASE("lists of ids are read as people have them") {
    using cli::ids_of_text;
    CHECK(ids_of_text("\xEF\xBB\xBF"
                      "conversation_id;x\r\n 'a' ;1\r\n\r\n\"b\"\t\n#c\nd") ==
          std::vector<std::string>{"a", "b", "d"});
    CHECK(ids_of_text("").empty());
    CHECK(ids_of_text("a\nconversation_id\n") == std::vector<std::string>{"a", "conversation_id"});
  }
}
