#include <doctest/doctest.h>

#include <fstream>

#include "cli/site.hpp"
#include "http/message.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"
#include "warehouse/query.hpp"

using namespace csatdb;
using support::contains;
using support::Shell;
using support::Site;

namespace {

void put(const Shell& shell, const std::string& name, const std::string& text) {
  std::ofstream(shell.folder / name, std::ios::binary) << text;
}

/// The rows of a query, a line each.
std::string ask(const Shell& shell, const std::string& sql) {
  std::string text;
  const warehouse::Reader reader((shell.folder / "csat.db").string());
  reader.each(sql, {}, [&](const auto& row) {
    for (const auto& value : row) {
      if (const auto* number = std::get_if<std::int64_t>(&value)) text += std::to_string(*number);
      if (const auto* real = std::get_if<double>(&value)) text += std::to_string(*real);
      if (const auto* word = std::get_if<std::string>(&value)) text += *word;
      text += '|';
    }
    text += '\n';
    return true;
  });
  return text;
}

constexpr auto kCounts =
    "SELECT (SELECT count(*) FROM conversations), (SELECT count(*) FROM participants), (SELECT "
    "count(*) FROM sessions), (SELECT count(*) FROM segments), (SELECT count(*) FROM "
    "session_metrics)";

/// What a conversation's record and its surveys say, without names, which listings tell.
constexpr auto kContent =
    "SELECT i.conversation_id, i.duration_ms, i.channel, i.agent_id, i.queue_id, i.handle_ms, "
    "i.survey_count, i.has_response, s.survey_id, s.status, s.total_score, s.nps_score, "
    "s.comments, s.completed_at FROM fact_interactions i LEFT JOIN fact_surveys s USING "
    "(conversation_id) ORDER BY 1, 9";

const std::string kOpen =
    R"({"conversationId":"11111111-1111-4111-8111-111111111111","conversationStart":"2025-05-01T10:00:00Z"})";
const std::string kEnded =
    R"({"conversationId":"11111111-1111-4111-8111-111111111111","conversationStart":"2025-05-01T10:00:00Z","conversationEnd":"2025-05-01T10:05:00Z"})";

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a real page of job results is imported whole, and again without a change") {
    const auto page =
        tests::file_text(support::in_source("../shared/samples/job-results-page.json"));
    if (page.empty()) {
      MESSAGE("skipped: no sample job-results-page.json beside this tree");
      return;
    }
    Shell shell;
    put(shell, "page.json", page);
    auto result = shell.run({"import", "page.json"});
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(result.out == "page.json: 10 conversations; 10 new or changed\n");
    CHECK(ask(shell, kCounts) == "10|53|55|135|208|\n");
    CHECK(ask(shell,
              "SELECT count(*), sum(h = talk + hold + acw + contacting + dialing) FROM (SELECT "
              "sum(value) FILTER (WHERE name = 'tHandle') h, "
              "coalesce(sum(value) FILTER (WHERE name = 'tTalkComplete'), 0) talk, "
              "coalesce(sum(value) FILTER (WHERE name = 'tHeldComplete'), 0) hold, "
              "coalesce(sum(value) FILTER (WHERE name = 'tAcw'), 0) acw, "
              "coalesce(sum(value) FILTER (WHERE name = 'tContacting'), 0) contacting, "
              "coalesce(sum(value) FILTER (WHERE name = 'tDialing'), 0) dialing "
              "FROM session_metrics GROUP BY conversation_key, participant_no, session_no) "
              "WHERE h IS NOT NULL") == "9|9|\n");
    const auto before = shell.run({"export", "--logical"}).out;
    const auto versions = ask(shell, "SELECT conversation_id, version FROM conversations");
    result = shell.run({"import", "page.json"});
    CHECK(result.out == "page.json: 10 conversations; 0 new or changed\n");
    CHECK(shell.run({"export", "--logical"}).out == before);
    CHECK(ask(shell, "SELECT conversation_id, version FROM conversations") == versions);
    // No day is complete by it, and nobody's warehouse it is.
    CHECK(ask(shell, "SELECT max(is_settled) FROM utc_days") == "0|\n");
    CHECK(ask(shell, "SELECT key FROM sync_meta WHERE key LIKE 'organization%'").empty());
    CHECK(ask(shell, "SELECT count(*) FROM sync_scopes") == "0|\n");
  }

  TEST_CASE("the sample that is broken is refused with file, line, byte and path of the value") {
    const auto chat =
        tests::file_text(support::in_source("../shared/samples/conversation-detail-chat-2.json"));
    if (chat.empty()) {
      MESSAGE("skipped: no sample conversation-detail-chat-2.json beside this tree");
      return;
    }
    Shell shell;
    put(shell, "chat.json", chat);
    const auto result = shell.run({"import", "chat.json"});
    CHECK(result.code == 7);
    const auto at = chat.find("\"segmentStart\": \"2021-04-2T");
    const auto line = std::to_string(
        1 + std::count(chat.begin(), chat.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    CHECK(contains(result.err, "chat.json: line " + line + ", byte "));
    CHECK(contains(result.err, "$.participants[0].sessions[0].segments[0].segmentStart: "));
    const auto byte = std::stoull(result.err.substr(result.err.find("byte ") + 5));
    CHECK(chat.substr(byte, 40).find("2021-04-2T") < 20);
    CHECK(ask(shell, "SELECT count(*) FROM conversations") == "0|\n");
  }

  TEST_CASE("what was synced can be imported from saved bodies: the same facts, in every form") {
    Site synced;
    synced.sync();
    const auto wanted = ask(synced, kContent);
    std::string lines, ndjson, surveys;
    int count = 0;
    for (const auto& talk :
         sim::truth(synced.world, Site::organisation().first_day,
                    base::day_of(Site::kNow) + std::chrono::days(1), Site::kNow)) {
      lines += (count++ == 0 ? "" : ",\n") + talk.body;
      ndjson += talk.body + "\n";
      for (const auto& survey : talk.surveys) surveys += (surveys.empty() ? "" : ",") + survey.body;
    }
    const auto ids_of = [](const Shell& shell) {
      return ask(shell, "SELECT conversation_id FROM fact_interactions ORDER BY 1");
    };
    Shell shell;
    put(shell, "page.json",
        "{\"conversations\":[" + lines + "],\"totalHits\":" + std::to_string(count) + "}");
    put(shell, "surveys.json", "[" + surveys + "]");
    auto result = shell.run({"import", "page.json", "surveys.json"});
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(ids_of(shell) == ids_of(synced));
    // The service keeps a survey's answers apart from the record: sync asks for those of finished
    // ones, the import had them all.
    CHECK(ask(shell, std::string("SELECT * FROM (") + kContent + ") WHERE status = 'Finished'") ==
          ask(synced, std::string("SELECT * FROM (") + kContent + ") WHERE status = 'Finished'"));
    const auto content = ask(shell, kContent);

    Shell other;
    put(other, "lines.ndjson.gz", http::gzip(ndjson));
    other.typed = http::gzip("[" + surveys + "]");
    result = other.run({"import", "lines.ndjson.gz", "-"});
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(ask(other, kContent) == content);
    CHECK(contains(result.out, "stdin: "));
  }

  TEST_CASE("a broken file leaves nothing behind, and does not keep others from being loaded") {
    Shell shell;
    put(shell, "good.json", kEnded);
    const std::string other =
        R"({"conversationId":"22222222-2222-4222-8222-222222222222","conversationStart":"2025-05-01T10:00:00Z"})";
    put(shell, "bad.json", "[" + other + ",\n{\"conversationId\":\"3\",\"conversationStart\":5}]");
    auto result = shell.run({"import", "bad.json"});
    CHECK(result.code == 7);
    CHECK(contains(result.err, "bad.json: line 2, byte "));
    CHECK(contains(result.err, "$[1].conversationStart: number where an instant is expected"));
    CHECK(contains(result.err, "nothing of this file is stored"));
    CHECK(ask(shell, "SELECT count(*) FROM conversations") == "0|\n");
    result = shell.run({"import", "bad.json", "good.json"});
    CHECK(result.code == 3);
    CHECK(ask(shell, "SELECT conversation_id FROM conversations") ==
          "11111111-1111-4111-8111-111111111111|\n");
    CHECK(ask(shell, "SELECT outcome, exit_code FROM sync_runs ORDER BY run_id") ==
          "undecodable|7|\ngaps|3|\n");
  }

  TEST_CASE(
      "what is no body of the API is named, a file that is not there ends it before all else") {
    Shell shell;
    const auto said = [&](const std::string& text) {
      shell.typed = text;
      const auto result = shell.run({"import", "-"});
      CHECK(result.code == 7);
      return result.err;
    };
    CHECK(contains(said(R"({"code":"not.found","message":"no"})"),
                   "an error that the service answered (not.found)"));
    CHECK(contains(said(R"([{"id":"x"}])"), "$[0]: neither a conversation"));
    CHECK(contains(said("<html>"), "malformed JSON"));
    CHECK(contains(said(std::string(100'000, '[')), "malformed JSON"));
    CHECK(contains(said(http::gzip(kEnded).substr(0, 60)), "the gzip data ends too early"));
    shell.typed = R"({"totalHits":0})";
    CHECK(contains(shell.run({"import", "-"}).out, "nothing in it"));
    put(shell, "good.json", kEnded);
    const auto result = shell.run({"import", "good.json", "missing.json"});
    CHECK(result.code == 2);
    CHECK(contains(result.err, "missing.json cannot be read"));
    CHECK(ask(shell, "SELECT count(*) FROM conversations") == "0|\n");
  }

  TEST_CASE("an import never replaces what is stored by what is older") {
    Shell shell;
    const auto load = [&](const std::string& text) {
      shell.typed = text;
      return shell.run({"import", "-"}).out;
    };
    load(kEnded);
    CHECK(contains(load(kOpen), "1 older than what is stored"));
    CHECK(ask(shell, "SELECT is_open FROM fact_interactions") == "0|\n");
    const auto survey = [](const std::string& status) {
      return R"({"id":"s1","conversation":{"id":"11111111-1111-4111-8111-111111111111"},"surveyForm":{"id":"f1","contextId":"x","name":"F"},"status":")" +
             status + "\"}";
    };
    load(survey("Sent"));
    load("[" + survey("Finished") + "]");
    CHECK(contains(load(survey("Sent")), "1 older"));
    CHECK(ask(shell, "SELECT status FROM fact_surveys") == "Finished|\n");
  }

  TEST_CASE("listings and single entities are imported by their own address") {
    Shell shell;
    shell.typed = R"({"entities":[{"id":"q1","name":"Sales","selfUri":"/api/v2/routing/queues/q1"},
      {"id":"u1","name":"Ann","selfUri":"/api/v2/users/u1"}],"pageNumber":1,"total":2}
      {"id":"f1","contextId":"x","name":"Form","questionGroups":[]})";
    const auto result = shell.run({"import", "-"});
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(contains(result.out, "3 listed rows"));
    CHECK(ask(shell, "SELECT queue_name FROM dim_queues") == "Sales|\n");
    CHECK(ask(shell, "SELECT agent_name FROM dim_agents") == "Ann|\n");
    CHECK(ask(shell, "SELECT form_name FROM dim_survey_forms") == "Form|\n");
  }
}
