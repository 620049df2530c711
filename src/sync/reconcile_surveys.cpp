#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "resources/counts.hpp"
#include "sync/ask.hpp"
#include "sync/reconcile.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/erased.hpp"
#include "warehouse/statement.hpp"
#include "warehouse/survey_status.hpp"

namespace csatdb::sync {
namespace {

using base::Day;
using base::Instant;
using std::chrono::days;
using warehouse::Statement;

constexpr days kLongestInterval{31};
// A conversation's record has whole scores, the quality API fractions.
constexpr double kScoreTolerance = 0.51;

std::string shown(const std::optional<double>& score) {
  return score ? fmt::format("{:g}", *score) : "";
}

}  // namespace

/// What the aggregates know of a survey.
struct Reconciliation::Heard {
  std::string conversation_id, status;
  Day created = Day::max();
  std::optional<double> score;
  bool is_deleted = false;
};

std::map<std::string, Reconciliation::Heard> Reconciliation::hear_surveys() {
  std::map<std::string, Heard> heard;
  std::vector<http::Request> requests;
  for (Instant begin{extent_.first}; begin < now_; begin += kLongestInterval)
    requests.push_back(resources::survey_states({begin, std::min(begin + kLongestInterval, now_)},
                                                resources::SurveyTime::created));
  ask_each(client_, requests, [&](std::size_t, const http::Response& response) {
    show("comparing surveys");
    for (auto& state : resources::read_survey_states(response)) {
      auto& survey = heard[state.survey_id];
      survey.conversation_id = state.conversation_id;
      survey.status = warehouse::merged_status(survey.status, state.status);
      survey.created = std::min(survey.created, state.day);
      if (state.score) survey.score = state.score;
      survey.is_deleted = survey.is_deleted || state.is_deleted;
    }
  });
  return heard;
}

void Reconciliation::compare_surveys() {
  std::map<std::string, Heard> heard;
  try {
    heard = hear_surveys();
  } catch (const base::Error& error) {
    if (error.fault() != base::Fault::denied) throw;
    found_.not_compared.push_back(error.what());
    return;
  }
  look_into_records(strangers(heard));
  for (const auto& [id, survey] : heard)
    if (survey.created <= extent_.last) compare_survey(id, survey);
  find_erased_surveys(heard);
}

/// The conversations that the warehouse has not stored.
std::vector<std::string> Reconciliation::strangers(const std::map<std::string, Heard>& heard) {
  Statement stored(warehouse_.database(),
                   "SELECT 1 FROM conversations WHERE conversation_id = ? AND payload_hash IS NOT "
                   "NULL");
  std::set<std::string> ids;
  for (const auto& [id, survey] : heard) {
    if (survey.created > extent_.last || is_erased_here(survey.conversation_id)) continue;
    if (!stored.with(survey.conversation_id).step()) ids.insert(survey.conversation_id);
    stored.reset();
  }
  return {ids.begin(), ids.end()};
}

void Reconciliation::compare_survey(const std::string& id, const Heard& heard) {
  ++found_.surveys;
  const auto differ = [&](const char* what, std::string stored, std::string counted, Cause cause) {
    found_.survey_differences.push_back(
        {id, heard.conversation_id, what, std::move(stored), std::move(counted), cause});
  };
  Statement row(warehouse_.database(),
                "SELECT f.status, f.total_score, s.gone_ms IS NOT NULL, s.payload_hash IS NULL "
                "FROM surveys s JOIN survey_facts f USING (survey_key) WHERE s.survey_id = ?");
  row.with(id);
  if (!row.step()) {
    if (!heard.is_deleted)
      differ("existence", "", heard.status, cause_of(id, heard.conversation_id));
    return;
  }
  const std::string stored(row.text(0));
  const auto score = row.maybe_real(1);
  if (heard.is_deleted) {
    if (row.integer(2) == 0) {
      differ("existence", stored, "", Cause::erased);
      mark_gone(true, id);
    }
    return;
  }
  if (const auto merged = warehouse::merged_status(stored, heard.status); merged != stored)
    return differ("status", stored, heard.status, cause_of(id, heard.conversation_id));
  if (stored != "Finished") return;
  if (row.integer(3) != 0) {
    differ("answers", "", "Finished", cause_of(id, heard.conversation_id));
  } else if (score && heard.score && std::abs(*score - *heard.score) > kScoreTolerance) {
    differ("score", shown(score), shown(heard.score), cause_of(id, heard.conversation_id));
  }
}

/// Whether something happened to it that no sync has heard of yet.
bool Reconciliation::is_news(const std::string& survey_id) {
  if (!news_) {
    news_.emplace();
    const auto read = warehouse_.ledger().find("survey_events", "all");
    const auto through = read && read->through ? *read->through : now_;
    const base::Interval since{std::max(through, now_ - kLongestInterval), now_};
    if (since.begin < since.end)
      for (const auto& state : resources::read_survey_states(
               ask(client_, resources::survey_states(since, resources::SurveyTime::event))))
        news_->insert(state.survey_id);
  }
  return news_->contains(survey_id);
}

bool Reconciliation::is_refused(std::string_view resource) {
  const auto [known, is_new] = refused_.try_emplace(std::string(resource));
  if (is_new)
    known->second =
        Statement(warehouse_.database(),
                  "SELECT 1 FROM sync_scopes WHERE resource = ? AND outcome = ? LIMIT 1")
            .with(resource, base::name(base::Fault::denied))
            .step();
  return known->second;
}

Cause Reconciliation::cause_of(const std::string& survey_id, const std::string& conversation_id) {
  if (is_erased_here(conversation_id) ||
      warehouse_.erased().covers(warehouse::Erased::Kind::survey, survey_id))
    return Cause::pruned;
  auto cause = Cause::missing;
  for (const auto resource : {warehouse::kSurveys, warehouse::kFollowUps}) {
    const auto scope = warehouse_.ledger().find(resource, conversation_id);
    if (!scope) continue;
    // Where one was refused, the others were not asked for.
    if (scope->due && is_refused(resource)) return Cause::permission;
    if (scope->due) cause = Cause::provisional;
  }
  if (cause == Cause::missing && is_news(survey_id)) cause = Cause::provisional;
  return cause;
}

/// Surveys of the days compared that were sent, and of which the aggregates know nothing.
void Reconciliation::find_erased_surveys(const std::map<std::string, Heard>& heard) {
  Statement rows(warehouse_.database(),
                 "SELECT s.survey_id, c.conversation_id, f.status FROM interactions i JOIN "
                 "conversations c USING (conversation_key) JOIN survey_facts f USING "
                 "(conversation_key) JOIN surveys s USING (survey_key) WHERE i.started_ms >= ? AND "
                 "i.started_ms < ? AND c.gone_ms IS NULL AND s.gone_ms IS NULL AND f.status IN "
                 "('Sent', 'InProgress', 'Finished', 'OptOut', 'Error', 'Expired') ORDER BY "
                 "c.conversation_id");
  rows.with(base::to_ms(Instant{extent_.first}), base::to_ms(Instant{extent_.last + days(1)}));
  std::vector<SurveyDifference> silent;
  while (rows.step()) {
    std::string id(rows.text(0));
    if (!heard.contains(id))
      silent.push_back({std::move(id), std::string(rows.text(1)), "existence",
                        std::string(rows.text(2)), "", Cause::approximate});
  }
  std::set<std::string> asked, named, conversations;
  for (const auto& survey : silent) asked.insert(survey.conversation_id);
  ask_each(client_, resources::details_of_all({asked.begin(), asked.end()}),
           [&](std::size_t, const http::Response& response) {
             named.merge(resources::read_named_surveys(response));
             for (auto& id : resources::read_details(response).ids)
               conversations.insert(std::move(id));
           });
  for (auto& survey : silent) {
    ++found_.surveys;
    if (named.contains(survey.survey_id)) continue;
    if (conversations.contains(survey.conversation_id)) {
      survey.cause = Cause::erased;
      mark_gone(true, survey.survey_id);
    } else if (is_division_hidden(survey.conversation_id, extent_.last)) {
      survey.cause = Cause::division;
    } else {
      survey.cause = Cause::erased;
      mark_gone(false, survey.conversation_id);
    }
    found_.survey_differences.push_back(std::move(survey));
  }
}

}  // namespace csatdb::sync
