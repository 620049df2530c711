#include "sync/reconcile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "resources/counts.hpp"
#include "resources/tables.hpp"
#include "sync/ask.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/erased.hpp"

namespace csatdb::sync {

using base::Day;
using std::chrono::days;

std::string_view name(Cause cause) {
  constexpr std::array<std::string_view, 10> kNames{
      "agrees",       "approximate count",    "provisional", "erased there",
      "erased here",  "division not covered", "permission",  "before first day",
      "recorded gap", "unexplained"};
  return kNames.at(static_cast<std::size_t>(cause));
}

bool is_explained(Cause cause) { return cause < Cause::gap; }

bool Comparison::is_explained() const {
  const auto explained = [](const auto& row) { return sync::is_explained(row.cause); };
  return not_compared.empty() && std::ranges::all_of(days, explained) &&
         std::ranges::all_of(survey_differences, explained) &&
         std::ranges::all_of(metric_differences, explained);
}

Comparison reconcile(warehouse::Warehouse& warehouse, api::Client& client, const Extent& extent,
                     Progress& progress) {
  return Reconciliation(warehouse, client, extent, progress).run();
}

Reconciliation::Reconciliation(warehouse::Warehouse& warehouse, api::Client& client,
                               const Extent& extent, Progress& progress)
    : warehouse_(warehouse),
      client_(client),
      extent_(extent),
      progress_(progress),
      now_(client.now()) {
  for (auto& scope : warehouse_.ledger().all("conversations")) {
    const auto day = base::parse_day(scope.scope);
    if (day && *day >= extent_.first && *day <= extent_.last)
      scopes_.emplace(*day, std::move(scope));
  }
  if (scopes_.size() != static_cast<std::size_t>((extent_.last - extent_.first).count() + 1))
    throw base::Error(base::Fault::usage,
                      fmt::format("the warehouse does not reach over {} to {} (UTC days): `csatdb "
                                  "sync --since {}` adds older days",
                                  base::to_date(extent_.first), base::to_date(extent_.last),
                                  base::to_date(extent_.first)));
}

Comparison Reconciliation::run() {
  compare_days();
  remember_days();
  compare_surveys();
  if (extent_.metrics) compare_metrics();
  if (extent_.heal) heal();
  warehouse_.commit();
  progress_.finish();
  return std::move(found_);
}

void Reconciliation::look_into_records(const std::vector<std::string>& conversation_ids) {
  auto& erased = warehouse_.erased();
  if (!erased.looks_into_records()) return;
  ask_each(client_, resources::details_of_all(conversation_ids),
           [&](std::size_t, const http::Response& response) {
             resources::read_records(response, warehouse_.zone(), [&](const model::Batch& batch) {
               const auto& record = batch.roots.front();
               if (erased.refusal(batch, record, warehouse_.privacy()) !=
                   warehouse::Erased::Refusal::none)
                 kept_out_.emplace(record.id);
             });
           });
}

bool Reconciliation::is_erased_here(const std::string& conversation_id) const {
  return kept_out_.contains(conversation_id) ||
         warehouse_.erased().covers(warehouse::Erased::Kind::conversation, conversation_id);
}

void Reconciliation::mark_gone(bool is_survey, const std::string& id) {
  found_.marked_gone +=
      is_survey ? warehouse_.survey_gone(id, now_) : warehouse_.conversation_gone(id, now_);
}

void Reconciliation::heal() {
  constexpr std::array kMendable{Cause::approximate, Cause::provisional, Cause::gap,
                                 Cause::missing};
  const auto is_mendable = [&](Cause cause) {
    return std::ranges::find(kMendable, cause) != kMendable.end();
  };
  auto& ledger = warehouse_.ledger();
  std::set<std::pair<std::string, std::string>> scopes;
  for (const auto& day : found_.days) {
    if (is_mendable(day.cause)) scopes.emplace("conversations", base::to_date(day.day));
    // What was delivered before is not there any more: the same bytes are to be stored again.
    if (const auto missing = day.conversations.find(Cause::missing);
        missing != day.conversations.end())
      for (const auto& id : missing->second)
        warehouse_.forget_payload(resources::kConversations, id);
  }
  for (const auto& survey : found_.survey_differences) {
    if (!is_mendable(survey.cause) || survey.conversation_id.empty()) continue;
    warehouse_.forget_payload(resources::kConversations, survey.conversation_id);
    warehouse_.forget_payload(resources::kSurveys, survey.survey_id);
    scopes.emplace(warehouse::kFollowUps, survey.conversation_id);
    scopes.emplace(warehouse::kSurveys, survey.conversation_id);
  }
  warehouse_.begin();
  for (const auto& [resource, scope] : scopes) {
    ledger.add(resource, scope, now_, now_, now_);
    ledger.set_due(resource, scope, now_);
  }
  found_.made_due = static_cast<std::int64_t>(scopes.size());
}

void Reconciliation::show(std::string doing) {
  Status status;
  status.doing = std::move(doing);
  status.requests = client_.stats().requests;
  status.hold = client_.hold();
  status.elapsed = client_.now() - now_;
  progress_.show(status);
}

}  // namespace csatdb::sync
