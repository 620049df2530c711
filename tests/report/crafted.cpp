#include "report/crafted.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include "warehouse/calendar.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::tests {
namespace {

std::optional<std::int64_t> number(const std::optional<bool>& flag) {
  return flag ? std::optional<std::int64_t>(*flag) : std::nullopt;
}

}  // namespace

Crafted::Crafted() : path_((folder_.path() / "crafted.db").string()) {
  warehouse_.emplace(warehouse::Opening{path_});
  const base::Zone zone("UTC");
  warehouse::extend_calendar(db(), zone, *base::parse_instant("2026-01-01T00:00:00Z"),
                             *base::parse_instant("2026-12-31T00:00:00Z"));
}

std::int64_t Crafted::key_of(const std::string& table, const std::string& key,
                             const std::string& id, const std::string& name) {
  warehouse::Statement(db(),
                       "INSERT OR IGNORE INTO " + table + " (" + id + ", name) VALUES (?1, ?1)")
      .with(name)
      .run();
  warehouse::Statement find(db(), "SELECT " + key + " FROM " + table + " WHERE " + id + " = ?");
  find.with(name).step();
  return find.integer(0);
}

Crafted& Crafted::add(const CraftedSurvey& survey, int times) {
  const auto queue = key_of("queues", "queue_key", "queue_id", survey.queue);
  const auto agent = key_of("users", "user_key", "user_id", survey.agent);
  const auto start = base::to_ms(*base::parse_day(survey.date)) + 43200000;
  const auto delay = static_cast<std::int64_t>(survey.delay_days * 86400000);
  const bool is_response = survey.status == "Finished";
  const auto completed = base::to_date(base::day_of(base::from_ms(start + delay)));
  warehouse::Statement conversation(
      db(), "INSERT INTO conversations (conversation_key, conversation_id) VALUES (?, ?)");
  warehouse::Statement interaction(
      db(),
      "INSERT INTO interactions (conversation_key, started_ms, ended_ms, utc_offset_s, local_date, "
      "channel, direction, agent_key, queue_key, transfers, agent_count, is_abandoned, has_survey, "
      "has_response, survey_count) VALUES (?, ?, ?, 0, ?, 'voice', 'inbound', ?, ?, ?, 1, 0, 1, ?, "
      "1)");
  warehouse::Statement root(
      db(), "INSERT INTO surveys (survey_key, survey_id, conversation_key) VALUES (?1, ?2, ?1)");
  warehouse::Statement fact(
      db(),
      "INSERT INTO survey_facts (survey_key, conversation_key, status, csat_is_positive, "
      "nps_score, "
      "completed_ms, completed_local_date, response_delay_ms, agent_key, queue_key) VALUES (?1, "
      "?1, "
      "?2, ?3, ?4, iif(?5, ?6, NULL), iif(?5, ?7, NULL), iif(?5, ?8, NULL), ?9, ?10)");
  for (int i = 0; i < times; ++i) {
    const auto key = ++last_;
    const auto id = std::to_string(key);
    conversation.with(key, id).run();
    interaction
        .with(key, start, start, survey.date, agent, queue, std::int64_t{survey.transfers},
              is_response)
        .run();
    root.with(key, id).run();
    fact.clear();
    fact.with(key, survey.status, number(survey.positive),
              survey.nps ? std::optional<std::int64_t>(*survey.nps) : std::nullopt, is_response,
              start + delay, completed, delay, agent, queue)
        .run();
  }
  return *this;
}

Crafted& Crafted::add_visit(const std::string& outcome, std::optional<bool> over, int times) {
  const auto queue = key_of("queues", "queue_key", "queue_id", "Q");
  warehouse::Statement root(
      db(), "INSERT INTO conversations (conversation_key, conversation_id) VALUES (?, ?)");
  warehouse::Statement visit(
      db(),
      "INSERT INTO queue_visits (conversation_key, participant_no, session_no, queue_key, channel, "
      "local_date, outcome, over_sla) VALUES (?, 0, 0, ?, 'voice', '2026-05-10', ?, ?)");
  for (int i = 0; i < times; ++i) {
    const auto key = ++last_;
    root.with(key, std::to_string(key)).run();
    visit.clear();
    visit.with(key, queue, outcome, number(over)).run();
  }
  return *this;
}

report::Outcome Crafted::run(std::string_view name, warehouse::Parameters parameters) const {
  parameters.try_emplace("from", std::string("2026-05-01"));
  parameters.try_emplace("to", std::string("2026-05-31"));
  return report::run(warehouse::Reader(path_), *report::find_report(name), std::move(parameters));
}

}  // namespace csatdb::tests
