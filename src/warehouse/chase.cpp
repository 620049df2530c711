#include "warehouse/chase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "warehouse/survey_status.hpp"

namespace csatdb::warehouse {

using base::Instant;
using base::Millis;
using base::to_ms;

namespace {

// What was heard of may take so long to be visible in the conversation's own record.
constexpr Millis kNewsLag = std::chrono::days(1);

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
      conversation_(database,
                    "SELECT conversation_id FROM conversations WHERE conversation_key = ?"),
      by_id_(database,
             "SELECT conversation_key, coalesce(ended_ms, started_ms), payload_hash IS NOT NULL, "
             "ended_ms IS NULL, gone_ms IS NOT NULL FROM conversations WHERE conversation_id = ?"),
      has_surveys_(database, "SELECT 1 FROM surveys WHERE conversation_key = ? LIMIT 1"),
      unlisted_(database,
                "SELECT 1 FROM surveys s WHERE s.conversation_key = ?1 AND s.gone_ms IS NULL AND "
                "s.payload_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conversation_surveys r "
                "WHERE r.conversation_key = ?1 AND r.survey_key = s.survey_key)"),
      stated_(database,
              "SELECT r.status FROM conversations c JOIN conversation_surveys r USING "
              "(conversation_key) JOIN surveys s USING (survey_key) "
              "WHERE c.conversation_id = ? AND s.survey_id = ?"),
      survey_(database,
              "SELECT 1 FROM surveys s JOIN survey_facts f ON f.survey_key = s.survey_key WHERE "
              "s.survey_id = ? AND s.payload_hash IS NOT NULL AND f.status = 'Finished'"),
      evaluation_(database,
                  "SELECT 1 FROM evaluations e JOIN conversations c USING (conversation_key) "
                  "WHERE c.conversation_id = ? AND e.evaluation_id = ? AND (e.total_score IS NOT "
                  "NULL OR NOT ?) AND (e.is_rescored OR NOT ?) AND (e.is_deleted OR NOT ?)"),
      resolution_(database,
                  "SELECT 1 FROM resolutions r JOIN conversations c USING (conversation_key) "
                  "WHERE c.conversation_id = ?"),
      last_told_(database,
                 "SELECT max(r.event_ms) FROM conversations c JOIN conversation_surveys r USING "
                 "(conversation_key) JOIN surveys s USING (survey_key) WHERE c.conversation_id = ? "
                 "AND s.payload_hash IS NOT NULL AND s.status = 'Finished'"),
      heard_(database, "SELECT fingerprint FROM sync_heard WHERE kind = ? AND key = ?"),
      remember_(database,
                "INSERT INTO sync_heard VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET "
                "fingerprint = excluded.fingerprint, heard_ms = excluded.heard_ms"),
      forget_(database, "DELETE FROM sync_heard WHERE heard_ms < ?"),
      ask_again_(database,
                 "INSERT INTO sync_scopes (resource, scope, due_ms, first_due_ms, order_ms) "
                 "SELECT DISTINCT ?1, c.conversation_id, ?2, ?2, coalesce(c.ended_ms, "
                 "c.started_ms, ?2) FROM surveys s JOIN conversations c USING (conversation_key) "
                 "WHERE s.payload_hash IS NOT NULL ON CONFLICT DO UPDATE SET due_ms = ?2") {}

void Chase::forget_before(Instant t) { forget_.with(to_ms(t)).run(); }
void Chase::ask_again(Instant now) { ask_again_.with(kSurveys, to_ms(now)).run(); }

std::optional<Chase::Record> Chase::record_of(std::string_view conversation_id) {
  auto& row = by_id_.with(conversation_id);
  if (!row.step()) return std::nullopt;
  Record record;
  record.key = row.integer(0);
  if (!row.is_null(1)) record.since = base::from_ms(row.integer(1));
  record.is_stored = row.integer(2) != 0;
  record.is_open = record.is_stored && row.integer(3) != 0;
  record.is_gone = row.integer(4) != 0;
  row.reset();
  return record;
}

/// Adds a key. Due at once, it is news and hastens a key that waits or was given up.
void Chase::follow(std::string_view resource, std::string_view id, Instant due, Instant since,
                   Instant now) {
  const bool is_new = ledger_.add(resource, id, due, since, now);
  if (due <= now) {
    if (!is_new) ledger_.set_due(resource, id, due);
  } else if (is_new && now - since > horizon_) {
    ledger_.retry(resource, id, std::nullopt, "given up", "past the horizon when first seen");
  }
}

std::optional<Instant> Chase::last_told(std::string_view conversation_id) {
  auto& row = last_told_.with(conversation_id);
  std::optional<Instant> told;
  if (row.step() && !row.is_null(0)) told = base::from_ms(row.integer(0));
  row.reset();
  return told;
}

void Chase::touch(std::int64_t conversation_key, Stored what, Instant now) {
  auto& row = conversation_.with(conversation_key);
  if (!row.step()) return;
  const std::string id(row.text(0));
  row.reset();
  const auto record = record_of(id);
  const Instant since = record->since.value_or(now);
  const bool is_record = what != Stored::survey;
  const bool has_surveys = what != Stored::record || has(has_surveys_, conversation_key);
  FollowUp needs;
  if (has_surveys) needs = derivation_.run(conversation_key);
  if (!record->is_stored) {
    follow(kFollowUps, id, now, since, now);
  } else if (record->is_open || needs.any_survey_open) {
    follow(kFollowUps, id, now + chase_delay(std::max(now - since, Millis{0})), since, now);
  } else if (is_record) {
    ledger_.remove(kFollowUps, id);
  }
  // A survey that the record no longer lists may be gone: the quality API knows.
  if (needs.answers_missing || what == Stored::record_with_news ||
      (is_record && has_surveys && has(unlisted_, conversation_key))) {
    follow(kSurveys, id, now, since, now);
  } else {
    ledger_.remove(kSurveys, id);
  }
}

void Chase::derive_again(SQLite::Database& database, const base::Zone& zone, std::int64_t version) {
  derivation_ = SurveyDerivation(database, zone);
  std::vector<std::int64_t> conversations;
  Statement keys(database,
                 "SELECT DISTINCT conversation_key FROM survey_facts WHERE conversation_key IS NOT "
                 "NULL");
  while (keys.step()) conversations.push_back(keys.integer(0));
  Statement note(database, "UPDATE surveys SET version = ? WHERE conversation_key = ?");
  for (const auto key : conversations) {
    if (derivation_.run(key).facts_changed > 0) note.with(version, key).run();
  }
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

  const auto record = record_of(hint.conversation_id);
  const Instant since = record ? record->since.value_or(now) : now;
  bool read_record = !is_first || !record || !record->is_stored;
  switch (hint.kind) {
    case model::Hint::Kind::survey: {
      const std::string status = canonical_status(hint.status);
      read_record = read_record || is_record_behind(hint, status);
      if (are_answers_behind(hint, status)) follow(kSurveys, hint.conversation_id, now, since, now);
      break;
    }
    case model::Hint::Kind::evaluation:
      read_record = read_record || !has(evaluation_, hint.conversation_id, hint.id, hint.is_scored,
                                        hint.is_rescored, hint.is_deletion);
      break;
    case model::Hint::Kind::resolution:
      read_record = read_record || !has(resolution_, hint.conversation_id);
      break;
  }
  if (read_record) follow(kFollowUps, hint.conversation_id, now, since, now);
}

/// Whether the conversation's record states something else of the survey than was heard.
bool Chase::is_record_behind(const model::Hint& hint, std::string_view heard) {
  auto& row = stated_.with(hint.conversation_id, hint.id);
  const bool is_stated = row.step() && !row.is_null(0);
  const std::string stated = is_stated ? canonical_status(row.text(0)) : "";
  row.reset();
  if (hint.is_deletion) return is_stated;
  return !is_stated || merged_status(stated, heard) != stated;
}

bool Chase::are_answers_behind(const model::Hint& hint, std::string_view heard) {
  return (heard == "Finished" || heard.empty()) && !has(survey_, hint.id);
}

bool Chase::read_again(std::string_view resource, std::string_view id, bool is_found, Instant now) {
  const auto scope = ledger_.find(resource, id);
  if (!scope) return false;
  const char* outcome = is_found ? "ok" : "not found";
  const auto record = record_of(id);
  FollowUp needs;
  if (record) needs = derivation_.run(record->key);
  const bool is_whole = record && record->is_stored && !record->is_open;
  const bool is_needed =
      resource == kSurveys ? needs.answers_missing : !is_whole || needs.any_survey_open;
  const Millis waited = now - scope->first_due;
  const Millis age = record && record->since ? now - *record->since : waited;
  // Of what is gone at the source nothing comes any more; one answer without it may be an accident.
  const bool is_gone =
      record && record->is_gone && !is_found && (resource == kSurveys || scope->outcome == outcome);
  if (is_gone || (!is_needed && waited >= kNewsLag)) {
    ledger_.remove(resource, id);
    return false;
  }
  if (is_needed && age > horizon_) {
    ledger_.retry(resource, id, std::nullopt, "given up", outcome);
  } else {
    ledger_.retry(resource, id, now + chase_delay(is_needed ? age : waited), outcome, "");
  }
  return true;
}

}  // namespace csatdb::warehouse
