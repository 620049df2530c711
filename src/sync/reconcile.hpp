#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/client.hpp"
#include "base/time.hpp"
#include "sync/progress.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::sync {

/// Why the warehouse and the service differ, from nothing to worry about to the gravest.
enum class Cause {
  agrees,
  approximate,  ///< the service has it, although its count or its aggregates leave it out
  provisional,  ///< it is to be read again anyway
  erased,       ///< erased at the source: stays here, marked as gone
  pruned,       ///< erased here on purpose, by retention or by `forget`
  division,     ///< the client's role no longer covers its division
  permission,   ///< the client may not read it
  edge,         ///< interactions from before the warehouse's first day take part
  gap,          ///< the ledger knows that it could not be read
  missing,      ///< here, or as it is there: no reason is known
};
std::string_view name(Cause cause);
/// Whether the cause says why; a gap says only that.
bool is_explained(Cause cause);

/// Conversations that began on one UTC day.
struct DayComparison {
  base::Day day;
  std::int64_t stored = 0, counted = 0;
  Cause cause = Cause::agrees;  ///< the gravest
  /// Of a settled day that differs: which conversations, by cause.
  std::map<Cause, std::vector<std::string>> conversations;
};

/// A survey that differs.
struct SurveyDifference {
  std::string survey_id, conversation_id;
  std::string what;             ///< existence, status, score or answers
  std::string stored, counted;  ///< "" for none
  Cause cause = Cause::missing;
};

/// What one queue emitted on one local day, where it differs.
struct MetricDifference {
  std::string queue_id, date, metric;
  double stored = 0, counted = 0;  ///< how many, or their sum in milliseconds
  Cause cause = Cause::missing;
};

/// What a comparison found.
struct Comparison {
  std::vector<DayComparison> days;  ///< all, in order
  std::int64_t surveys = 0;         ///< compared
  std::vector<SurveyDifference> survey_differences;
  std::int64_t metrics = 0;  ///< compared: queue, day and measure
  std::vector<MetricDifference> metric_differences;
  std::vector<std::string> not_compared;  ///< what could not be, and why
  std::int64_t made_due = 0;              ///< scopes, by healing
  std::int64_t marked_gone = 0;           ///< conversations and surveys
  /// Whether everything was compared and every difference is explained.
  bool is_explained() const;
};

/// What to compare.
struct Extent {
  base::Day first, last;  ///< UTC days, both inclusive
  bool metrics = false, heal = false;
};

/// Compares the warehouse with the service: per UTC day the number of conversations, one request a
/// day; which ones only for settled days whose numbers differ. Per survey created since the first
/// day existence, status and score by the survey aggregates. Per queue and local day what the
/// conversation aggregates say was emitted, if asked for. What the days came to is kept for
/// reports. Rows erased at the source are marked as gone; with `heal` what reading again can mend
/// is made due. Throws Fault::usage for days that the warehouse does not reach, and what the client
/// gives up with.
Comparison reconcile(warehouse::Warehouse& warehouse, api::Client& client, const Extent& extent,
                     Progress& progress);

/// The parts of `reconcile`, each in a file of its own.
class Reconciliation {
 public:
  Reconciliation(warehouse::Warehouse& warehouse, api::Client& client, const Extent& extent,
                 Progress& progress);
  Comparison run();

 private:
  // reconcile_days.cpp
  void compare_days();
  void remember_days();
  std::map<base::Day, std::int64_t> stored_by_day();
  void look_into(DayComparison& day);
  void judge_missing(DayComparison& day, const std::vector<std::string>& ids);
  void judge_extra(DayComparison& day, const std::vector<std::string>& ids);
  bool is_division_hidden(const std::string& conversation_id, base::Day day);

  // reconcile_surveys.cpp
  struct Heard;
  std::map<std::string, Heard> hear_surveys();
  void compare_surveys();
  std::vector<std::string> strangers(const std::map<std::string, Heard>& heard);
  void compare_survey(const std::string& id, const Heard& heard);
  void find_erased_surveys(const std::map<std::string, Heard>& heard);
  bool is_news(const std::string& survey_id);
  bool is_refused(std::string_view resource);
  Cause cause_of(const std::string& survey_id, const std::string& conversation_id);

  // reconcile_metrics.cpp
  struct Sums;
  void compare_metrics();
  Sums stored_metrics(const base::Interval& interval);
  Cause cause_of_date(const std::string& date);

  /// Looks which of these conversations, unknown here, are kept out by what their records say.
  void look_into_records(const std::vector<std::string>& conversation_ids);
  bool is_erased_here(const std::string& conversation_id) const;
  void mark_gone(bool is_survey, const std::string& id);
  void heal();
  void show(std::string doing);

  warehouse::Warehouse& warehouse_;
  api::Client& client_;
  const Extent extent_;
  Progress& progress_;
  const base::Instant now_;
  std::map<base::Day, warehouse::Scope> scopes_;  // days of the extent, as the ledger has them
  std::map<std::string, bool> hidden_divisions_;
  std::map<std::string, bool> refused_;        // resources, in the last sync
  std::set<std::string> kept_out_;             // conversations, by who took part or when they began
  std::optional<std::set<std::string>> news_;  // surveys with events since they were last heard of
  Comparison found_;
};

}  // namespace csatdb::sync
