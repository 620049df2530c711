#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/client.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "resources/resource.hpp"
#include "sync/intake.hpp"
#include "sync/plan.hpp"
#include "sync/progress.hpp"
#include "sync/series.hpp"
#include "sync/settings.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::sync {

/// One scope that could not be brought up to date.
struct Gap {
  std::string resource, scope;
  base::Fault fault;
  std::string message;
};

/// How a run ended.
struct Report {
  std::int64_t rows_seen = 0, rows_changed = 0, scopes_done = 0;
  std::vector<Gap> gaps;
  std::optional<base::Error> ended_by;  ///< what ended the run before everything due was tried
  bool is_out_of_time = false;
  /// The run's exit code: 0, 3 with gaps, 4, 5 or 7 where nothing could be read at all, 130.
  int exit_code() const;
};

/// Brings the warehouse up to date: the visible loop. Every scope's fault goes to its ledger row
/// and the loop goes on; a fault of the whole run ends it with everything committed so far.
class Engine {
 public:
  Engine(warehouse::Warehouse& warehouse, api::Client& client, const base::Clock& clock,
         Progress& progress, Settings settings);

  Report run();
  /// What `run` has done so far.
  const Report& so_far() const { return report_; }

 private:
  // Deciding what to do (engine_plan.cpp).
  void plan();
  void plan_snapshot(const resources::Resource& resource, base::Instant now);
  void plan_days(const resources::Resource& resource, base::Instant now);
  void plan_events(const resources::Resource& resource, base::Instant now);
  void plan_keys(const resources::Resource& resource, base::Instant now);
  /// What is mapped in another way since the last run becomes due again.
  void reopen(base::Instant now);
  std::vector<warehouse::Scope> due_keys(std::string_view resource, base::Instant now);
  void resume(const resources::Resource& resource, base::Instant now);
  base::Day first_day(base::Instant now);
  void enqueue(Series series);
  Calls calls() const;
  bool is_busy(model::Cadence cadence) const;  ///< with scopes of such resources
  bool wants(std::string_view resource) const;
  bool is_covered(std::string_view resource, std::string_view scope) const;

  // Doing it (engine.cpp).
  void identify();
  std::optional<base::Instant> ask_watermark();
  http::Response ask(const http::Request& request);
  void start_what_may();
  Series& start(Series series);
  void receive(api::Outcome outcome);
  void take(Series series, http::Response response);
  bool note_pending(Series& series);
  static void note_page(Series& series, const resources::Step& step);
  bool replan(const Series& series, const resources::Step& step);
  Series& go_on(Series series, const resources::Step& step, base::Instant now);
  /// What the first broken element says; "" if all were stored.
  std::string store_elements(const Series& series, const resources::Step& step, std::string body);
  void save(const Series& series, base::Instant now);
  // Ending it (engine_end.cpp).
  void complete(const Series& series);
  void complete_all(const Series& series, base::Instant now);
  void complete_key(const Series& series, const std::string& scope, base::Instant now);
  void complete_day(const Series& series, const std::string& scope, base::Instant now);
  void fail(const Series& series, const base::Error& error);
  /// The service refuses the resource: nothing more is asked of it in this run. Whether that leaves
  /// a gap.
  bool deny(const resources::Resource& resource, const base::Error& error);
  void resubmit(Series series, const std::string& why);
  /// Takes a series out of the run; its scopes may be planned again.
  void release(const Series& series);
  void commit_if_due();
  void note_time();
  void show();
  std::optional<base::Millis> time_left();
  base::Millis next_look(const Series& series) const;
  base::Millis next_wait() const;
  bool must_end() const;

  warehouse::Warehouse& warehouse_;
  warehouse::Ledger& ledger_;
  api::Client& client_;
  const base::Clock& clock_;
  Progress& progress_;
  Settings settings_;
  const Meta meta_ = [this](std::string_view name) { return warehouse_.meta(name); };
  Report report_;

  std::deque<Series> queue_;     // to start, in this order
  std::vector<Series> waiting_;  // for a job, to be looked at again
  std::map<http::Ticket, Series> in_flight_;
  std::set<std::pair<std::string, std::string>> busy_;  // scopes in the queue, waiting or in flight
  std::set<std::pair<std::string, std::string>> tried_;  // scopes not to be tried again in this run
  std::set<std::string, std::less<>> denied_;            // resources the service refuses
  std::optional<base::Instant> watermark_;
  bool is_plan_due_ = true, is_resumed_ = false, are_days_added_ = false;
  bool are_jobs_slow_ = false;  // one was looked at and not ready
  bool are_jobs_lost_ = false;  // one came to nothing however often it was submitted
  http::Ticket next_ticket_ = 1;
  base::Millis began_ticks_{0}, committed_ticks_{0};
  std::optional<base::Millis> left_;  // as of left_at_
  base::Millis left_at_{0};
  int pages_since_commit_ = 0;
  int failures_in_a_row_ = 0;
  Intake intake_;
};

}  // namespace csatdb::sync
