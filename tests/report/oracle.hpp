#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sim/truth.hpp"

namespace csatdb::tests {

// What reports should find, worked out from the simulator's truth by the definitions of the
// contract: no SQL, and none of the product's code but its JSON reader and its clock.

struct OracleLeg {
  std::string agent, team, queue, channel, date;  ///< ids; "" for none
  std::optional<std::int64_t> handle, hold, answer;
  std::int64_t transfers = 0;
  base::Instant start;
};

struct OracleVisit {
  std::string queue, channel, date;
  bool is_abandoned = false, is_short = false, is_answered = false;
};

struct OracleAnswer {
  std::string question, option, words;  ///< texts
  std::optional<double> score;
  bool is_na = false, is_blank = false;
  bool has_words() const;
};

/// Points of a question group that is not marked not applicable.
struct OracleGroup {
  std::string context, name;  ///< the group in all versions of its form; its heading
  double points = 0, possible = 0;
};

struct OracleSurvey {
  std::string id, status, form, form_id, form_context, agent, team, queue, error;
  std::optional<int> nps;
  std::optional<double> csat, ces, total;
  std::optional<bool> csat_positive, resolved;
  bool is_partial = false;
  std::string completed;  ///< local date; "" unless finished
  std::optional<double> delay_days;
  std::vector<OracleAnswer> answers;
  std::vector<OracleGroup> groups;

  bool is_sent() const;
  bool is_response() const { return status == "Finished"; }
};

/// A finished evaluation that counts: no calibration, not deleted.
struct OracleEvaluation {
  std::string agent, form;  ///< ids; the form's in all its versions
  double score = 0;
  base::Instant at;
};

struct OracleTalk {
  std::string id, date, channel, direction, agent, team, queue, week, wrapup;
  std::string customer;  ///< the external contact
  base::Instant start;
  int hour = 0, weekday = 0;
  bool is_open = false, is_abandoned = false;
  int agents = 0;
  std::optional<std::int64_t> handle, hold, answer;
  std::int64_t transfers = 0;
  std::vector<OracleLeg> legs;
  std::vector<OracleVisit> visits;
  std::vector<OracleSurvey> surveys;
  std::vector<OracleEvaluation> evaluations;
};

/// A survey about `talk`, whose agents spoke until then.
OracleSurvey oracle_survey(const sim::TrueSurvey& truth, const OracleTalk& talk,
                           std::optional<base::Instant> spoke_until, const base::Zone& zone);

/// Everything that began on the days [first, last), as the service shows it at `t`.
std::vector<OracleTalk> oracle(sim::World& world, base::Day first, base::Day last, base::Instant t,
                               const base::Zone& zone);

/// The Monday of a date's week.
std::string week_of(const std::string& date);

/// Bounds of a share's 95% interval after Wilson, in percent.
struct Bounds {
  double low, high;
};
Bounds wilson(double hits, double n);
/// Bounds of a net promoter score, adjusted Wald after Rocks.
Bounds adjusted_wald(double promoters, double detractors, double n);
/// Bounds of the difference of two shares after Newcombe (method 10).
Bounds newcombe(double hits1, double n1, double hits0, double n0);

}  // namespace csatdb::tests
