#include "warehouse/chase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "warehouse/survey_status.hpp"

namespace csatdb::warehouse {

using base::Instant;
using base::Millis;

using base::to_ms;

namespace {

template <class... Ids>
bool has(Statement& statement, const Ids&... ids) {
  const bool found = statement.with(ids...).step();
  statement.reset();
  return found;
}

}  // namespace

Millis chase_delay(Millis age) {
  return std::clamp<Millis>(age / 8, std::chrono::minutes(15), std::chrono::hours(23));
}

Chase::Chase(SQLite::Database& database, Ledger& ledger, const base::Zone& zone)
    : ledger_(ledger),
      derivation_(database, zone),
      conversation_(
          database,
          "SELECT conversation_id, coalesce(ended_ms, started_ms), payload_hash IS NOT NULL, "
          "ended_ms IS NULL AND payload_hash IS NOT NULL "
          "FROM conversations WHERE conversation_key = ?"),
      has_surveys_(database, "SELECT 1 FROM surveys WHERE conversation_key = ? LIMIT 1"),
      by_id_(database,
             "SELECT payload_hash IS NOT NULL, coalesce(ended_ms, started_ms) FROM conversations "
             "WHERE conversation_id = ?"),
      survey_(database,
              "SELECT f.status, s.payload_hash IS NOT NULL FROM surveys s "
              "JOIN survey_facts f ON f.survey_key = s.survey_key WHERE s.survey_id = ?"),
      evaluation_(database,
                  "SELECT 1 FROM evaluations e JOIN conversations c USING (conversation_key) "
                  "WHERE c.conversation_id = ? AND e.evaluation_id = ?"),
      resolution_(database,
                  "SELECT 1 FROM resolutions r JOIN conversations c USING (conversation_key) "
                  "WHERE c.conversation_id = ?"),
      heard_(database, "SELECT fingerprint FROM sync_heard WHERE kind = ? AND key = ?"),
      remember_(database,
                "INSERT INTO sync_heard VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET "
                "fingerprint = excluded.fingerprint, heard_ms = excluded.heard_ms"),
      forget_(database, "DELETE FROM sync_heard WHERE heard_ms < ?") {}

void Chase::forget_before(Instant t) { forget_.with(to_ms(t)).run(); }

void Chase::follow(std::string_view resource, std::string_view id, bool is_needed, Instant due,
                   Instant since, Instant now) {
  if (!is_needed) {
    ledger_.remove(resource, id);
  } else if (ledger_.add(resource, id, due, since, now) && now - since > horizon_ && due > now) {
    ledger_.retry(resource, id, std::nullopt, "given up", "past the horizon when first seen");
  }
}

void Chase::touch(std::int64_t conversation_key, bool may_have_surveys, Instant now) {
  auto& row = conversation_.with(conversation_key);
  if (!row.step()) return;
  const std::string id(row.text(0));
  const Instant since = row.is_null(1) ? now : base::from_ms(row.integer(1));
  const bool has_record = row.integer(2) != 0;
  const bool is_open = row.integer(3) != 0;
  row.reset();

  if (!may_have_surveys) {
    may_have_surveys = has_surveys_.with(conversation_key).step();
    has_surveys_.reset();
  }
  FollowUp needs;
  if (may_have_surveys) needs = derivation_.run(conversation_key);
  const Instant later = now + chase_delay(std::max(now - since, Millis{0}));
  const bool read_record = is_open || needs.any_survey_open || !has_record;
  follow(kFollowUps, id, read_record, has_record ? later : now, since, now);
  follow(kSurveys, id, needs.answers_missing, now, since, now);
}

void Chase::hear(const model::Hint& hint, Instant now) {
  const std::string key = fmt::format("{}/{}/{}", hint.conversation_id, hint.id, hint.status);
  const auto kind = static_cast<int>(hint.kind);
  const auto fingerprint = static_cast<std::int64_t>(hint.fingerprint);
  auto& heard = heard_.with(kind, key);
  const bool is_first = !heard.step();
  const bool is_old_news = !is_first && heard.integer(0) == fingerprint;
  heard.reset();
  if (is_old_news) return;
  remember_.with(kind, key, fingerprint, to_ms(now)).run();

  auto& row = by_id_.with(hint.conversation_id);
  const bool is_known = row.step() && row.integer(0) != 0;
  const Instant since = is_known && !row.is_null(1) ? base::from_ms(row.integer(1)) : now;
  row.reset();
  bool read_record = !is_known;
  switch (hint.kind) {
    case model::Hint::Kind::survey:
      read_record |= hear_survey(hint, since, now);
      break;
    case model::Hint::Kind::evaluation:
      read_record |= !is_first || !has(evaluation_, hint.conversation_id, hint.id);
      break;
    case model::Hint::Kind::resolution:
      read_record |= !is_first || !has(resolution_, hint.conversation_id);
      break;
  }
  if (!read_record) return;
  follow(kFollowUps, hint.conversation_id, true, now, since, now);
  ledger_.set_due(kFollowUps, hint.conversation_id, now);
}

bool Chase::hear_survey(const model::Hint& hint, Instant since, Instant now) {
  auto& survey = survey_.with(hint.id);
  const bool is_stored = survey.step();
  const std::string stored(is_stored ? survey.text(0) : std::string_view());
  const bool has_answers = is_stored && survey.integer(1) != 0;
  survey.reset();
  const std::string heard = canonical_status(hint.status);
  // What is stored is behind if the heard status would replace it.
  const bool is_behind = !is_stored || merged_status(stored, heard) != stored;
  if (heard == "Finished" || heard.empty()) {
    const bool is_current = stored == "Finished" && has_answers;
    if (!is_current) follow(kSurveys, hint.conversation_id, true, now, since, now);
    return false;
  }
  return is_behind;
}

bool Chase::read_again(std::string_view resource, std::string_view id, std::string_view outcome,
                       Instant now) {
  const auto scope = ledger_.find(resource, id);
  if (!scope) return false;
  const auto age = std::max<Millis>(now - scope->order, now - scope->first_due);
  if (age > horizon_) {
    ledger_.retry(resource, id, std::nullopt, "given up", outcome);
  } else {
    ledger_.retry(resource, id, now + chase_delay(age), outcome, "");
  }
  return true;
}

}  // namespace csatdb::warehouse
