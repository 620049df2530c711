#include "sync/oracle.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "json/reader.hpp"
#include "sim/directory.hpp"
#include "sim/ids.hpp"

namespace csatdb::support {
namespace {

using base::Instant;

/// Lines of text by the id of what they tell of.
using Lines = std::map<std::string, std::vector<std::string>>;

std::string ms(const json::Value& instant) {
  const auto t = instant.maybe_instant();
  return t ? std::to_string(base::to_ms(*t)) : "-";
}
std::string text(const json::Value& value) { return std::string(value.text_or("-")); }

/// A conversation's record, a line per part, as the service delivers it.
std::vector<std::string> told(const json::Value& c) {
  std::vector<std::string> lines{fmt::format("start {} end {} direction {}",
                                             ms(c["conversationStart"]), ms(c["conversationEnd"]),
                                             text(c["originatingDirection"]))};
  for (const auto& id : c["divisionIds"].elements()) lines.push_back("division " + text(id));
  int p_no = 0;
  for (const auto& p : c["participants"].elements()) {
    lines.push_back(
        fmt::format("participant {} {} {}", p_no, text(p["participantId"]), text(p["purpose"])));
    int s_no = 0;
    for (const auto& s : p["sessions"].elements()) {
      const auto place = fmt::format("{}.{}", p_no, s_no++);
      lines.push_back(
          fmt::format("session {} {} {}", place, text(s["sessionId"]), text(s["mediaType"])));
      for (const auto& g : s["segments"].elements())
        lines.push_back(fmt::format("segment {} {} {} {} {}", place, text(g["segmentType"]),
                                    ms(g["segmentStart"]), ms(g["segmentEnd"]),
                                    text(g["wrapUpCode"])));
      for (const auto& m : s["metrics"].elements())
        lines.push_back(fmt::format("metric {} {} {} {}", place, text(m["name"]),
                                    m["value"].integer_or(-1), ms(m["emitDate"])));
    }
    ++p_no;
  }
  // What no aggregate tells is left out: a survey that is not sent yet, a resolution that states
  // nothing, and how far an evaluation without a score has come.
  for (const auto& s : c["surveys"].elements()) {
    if (text(s["surveyStatus"]) != "Pending")
      lines.push_back(fmt::format("survey {} {} {}", text(s["surveyId"]), text(s["surveyStatus"]),
                                  ms(s["eventTime"])));
  }
  for (const auto& r : c["resolutions"].elements()) {
    if (const auto avoided = r["nNextContactAvoided"].maybe_integer())
      lines.push_back(fmt::format("resolution {} {}", ms(r["eventTime"]), *avoided));
  }
  for (const auto& e : c["evaluations"].elements()) {
    const auto score = e["oTotalScore"].maybe_integer();
    lines.push_back(fmt::format("evaluation {} {}", text(e["evaluationId"]),
                                score ? fmt::format("{} {}", *score, ms(e["eventTime"])) : "open"));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

constexpr const char* kStored[] = {
    "SELECT conversation_id, 'start ' || coalesce(started_ms, '-') || ' end ' || "
    "coalesce(ended_ms, '-') || ' direction ' || "
    "coalesce(originating_direction, '-') FROM conversations WHERE payload_hash IS NOT NULL",
    "SELECT conversation_id, 'division ' || division_id FROM conversation_divisions JOIN "
    "conversations USING "
    "(conversation_key) JOIN divisions USING (division_key)",
    "SELECT conversation_id, 'participant ' || participant_no || ' ' || coalesce(participant_id, "
    "'-') || ' ' || "
    "coalesce(purpose, '-') FROM participants JOIN conversations USING (conversation_key)",
    "SELECT conversation_id, 'session ' || participant_no || '.' || session_no || ' ' || "
    "coalesce(session_id, '-') || ' ' "
    "|| coalesce(media_type, '-') FROM sessions JOIN conversations USING (conversation_key)",
    "SELECT conversation_id, 'segment ' || participant_no || '.' || session_no || ' ' || "
    "coalesce(segment_type, '-') || ' ' "
    "|| coalesce(g.started_ms, '-') || ' ' || coalesce(g.ended_ms, '-') || ' ' || "
    "coalesce(wrapup_code_id, '-') FROM "
    "segments g JOIN conversations USING (conversation_key) LEFT JOIN wrapup_codes USING "
    "(wrapup_code_key)",
    "SELECT conversation_id, 'metric ' || participant_no || '.' || session_no || ' ' || m.name || "
    "' ' || value || ' ' || "
    "coalesce(emitted_ms, '-') FROM session_metrics m JOIN conversations USING (conversation_key)",
    "SELECT conversation_id, 'survey ' || survey_id || ' ' || coalesce(r.status, '-') || ' ' || "
    "coalesce(event_ms, '-') FROM "
    "conversation_surveys r JOIN conversations USING (conversation_key) JOIN surveys USING "
    "(survey_key) WHERE r.status <> 'Pending'",
    "SELECT conversation_id, 'resolution ' || coalesce(event_ms, '-') || ' ' || "
    "next_contacts_avoided FROM resolutions JOIN conversations USING (conversation_key) WHERE "
    "next_contacts_avoided IS NOT NULL",
    ("SELECT conversation_id, 'evaluation ' || evaluation_id || ' ' || coalesce(total_score || ' ' "
     "|| event_ms, 'open') FROM evaluations JOIN conversations USING (conversation_key)")};

void read(SQLite::Database& database, const char* sql, Lines& lines) {
  SQLite::Statement rows(database, sql);
  while (rows.executeStep()) lines[rows.getColumn(0)].push_back(rows.getColumn(1));
}

/// A survey's resolved row and its answers.
std::string told(const sim::TrueSurvey& survey) {
  auto line = fmt::format("{} {} {}", survey.conversation_id, survey.status,
                          survey.answers ? std::to_string(survey.answers->nps) : "-1");
  if (!survey.answers) return line;
  std::size_t questions = 0;
  double points = 0;
  for (const auto& group : survey.answers->groups) {
    questions += group.questions.size();
    if (!group.marked_na) points += group.points;
  }
  return line + fmt::format(" {:.3f} {:.3f} {}", survey.answers->total, points, questions);
}

std::map<std::string, std::string> surveys(SQLite::Database& database) {
  SQLite::Statement rows(database,
                         "SELECT f.survey_id, f.conversation_id || ' ' || f.status || ' ' || "
                         "coalesce(f.nps_score, -1) || CASE WHEN "
                         "f.is_response THEN printf(' %.3f %.3f %d', f.total_score, "
                         "f.score_points, (SELECT count(*) FROM "
                         "fact_survey_answers a WHERE a.survey_id = f.survey_id)) ELSE '' END FROM "
                         "fact_surveys f WHERE NOT f.is_gone");
  std::map<std::string, std::string> found;
  while (rows.executeStep()) found[rows.getColumn(0)] = rows.getColumn(1).getString();
  return found;
}

/// The first line of either that the other lacks.
std::string first_difference(const std::vector<std::string>& truth,
                             const std::vector<std::string>& stored) {
  for (const auto& line : truth) {
    if (std::find(stored.begin(), stored.end(), line) == stored.end()) return "lacks " + line;
  }
  for (const auto& line : stored) {
    if (std::find(truth.begin(), truth.end(), line) == truth.end()) return "has " + line;
  }
  return truth.size() == stored.size() ? "" : "repeats a line";
}

void directory(SyncRig& rig, SQLite::Database& database, std::vector<std::string>& wrong) {
  const auto now = rig.clock.now();
  const auto compare = [&](const char* sql, const std::set<std::string>& truth) {
    std::set<std::string> stored;
    SQLite::Statement rows(database, sql);
    while (rows.executeStep()) stored.insert(rows.getColumn(0));
    for (const auto& line : truth) {
      if (!stored.contains(line)) wrong.push_back("the directory lacks " + line);
    }
    for (const auto& line : stored) {
      if (!truth.contains(line)) wrong.push_back("the directory has " + line);
    }
  };
  std::set<std::string> users;
  std::set<std::string> queues;
  const auto id = [&](sim::Kind kind, std::size_t index) {
    return rig.world.ids().text({kind, 0, static_cast<std::uint32_t>(index), 0});
  };
  const auto& people = rig.world.directory().users;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (people[i].created <= now)
      users.insert(fmt::format("{} {} {}", id(sim::Kind::user, i), people[i].name.at(now),
                               people[i].state(now)));
  }
  const auto& all = rig.world.directory().queues;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].created <= now && now < all[i].deleted)
      queues.insert(fmt::format("{} {}", id(sim::Kind::queue, i), all[i].name.at(now)));
  }
  compare(
      "SELECT user_id || ' ' || name || ' ' || state FROM users WHERE NOT is_inferred AND gone_ms "
      "IS NULL",
      users);
  compare("SELECT queue_id || ' ' || name FROM queues WHERE NOT is_inferred AND gone_ms IS NULL",
          queues);
}

}  // namespace

std::vector<std::string> Oracle::differences(const Bounds& bounds) const {
  const Instant now = rig_.clock.now();
  SQLite::Database database(rig_.path(), SQLite::OPEN_READONLY);
  Lines stored;
  for (const char* sql : kStored) read(database, sql, stored);
  auto facts = surveys(database);
  std::vector<std::string> wrong;
  json::Document document;
  for (const auto& c :
       sim::truth(rig_.world, bounds.first, base::day_of(now) + std::chrono::days(1), now,
                  sim::Bodies::of_conversations)) {
    auto& lines = stored[c.id];
    if (!bounds.hears_deletions) {
      std::erase_if(lines, [&](const std::string& line) {
        return line.starts_with("survey ") && c.body.find(line.substr(7, 36)) == std::string::npos;
      });
    }
    const auto difference = first_difference(told(document.parse(c.body)), lines);
    if (!difference.empty() && Instant{bounds.settled} > c.start)
      wrong.push_back(fmt::format("{} of {} {}", c.id, base::to_iso(c.start), difference));
    for (const auto& s : c.surveys) {
      const auto fact = facts.find(s.id);
      // A conversation that a night's correction shows is not read before its next rung.
      const bool is_unseen = lines.empty() && Instant{bounds.settled} <= c.start;
      const bool is_told = s.status != "Pending" && !is_unseen;
      if (is_told && (fact == facts.end() || fact->second != told(s)))
        wrong.push_back(fmt::format("survey {}: {} is stored as {}", s.id, told(s),
                                    fact == facts.end() ? "nothing" : fact->second));
      if (fact != facts.end()) facts.erase(fact);
    }
    stored.erase(c.id);
  }
  // What is left was erased at the source since it was read, or never existed.
  for (const auto& [id, lines] : stored) {
    if (!lines.empty() && !rig_.world.conversation(id)) wrong.push_back("invented " + id);
    if (!lines.empty() && sim::truth(rig_.world, id, now) &&
        rig_.world.conversation(id)->start >= Instant{bounds.first})
      wrong.push_back("a conversation of another day: " + id);
  }
  for (const auto& [id, fact] : facts) {
    if (bounds.hears_deletions && sim::truth(rig_.world, fact.substr(0, fact.find(' ')), now))
      wrong.push_back(fmt::format("survey {} is gone at the source: {}", id, fact));
  }
  directory(rig_, database, wrong);
  return wrong;
}

}  // namespace csatdb::support
