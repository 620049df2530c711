#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sim/world.hpp"

namespace csatdb::tests {

// What reports should find, worked out from the simulator's truth by the definitions of the
// contract: no SQL, and none of the product's code but its JSON reader and its clock.

struct OracleLeg {
  std::string agent, queue, channel, date;  ///< ids; "" for none
  std::optional<std::int64_t> handle, hold, answer;
  std::int64_t transfers = 0;
  base::Instant start;
};

struct OracleVisit {
  std::string queue, channel, date;
  bool is_abandoned = false, is_short = false, is_answered = false;
};

struct OracleAnswer {
  std::string question, option;  ///< texts
  std::optional<double> score;
  bool is_na = false, is_blank = false;
};

struct OracleSurvey {
  std::string status, form, form_id, agent, queue;
  std::optional<int> nps;
  std::optional<double> csat, ces, total;
  std::optional<bool> csat_positive, resolved;
  bool is_partial = false;
  std::string completed;  ///< local date; "" unless finished
  std::optional<double> delay_days;
  std::vector<OracleAnswer> answers;

  bool is_sent() const;
  bool is_response() const { return status == "Finished"; }
};

struct OracleTalk {
  std::string id, date, channel, direction, agent, queue, week;
  int hour = 0, weekday = 0;
  bool is_open = false, is_abandoned = false;
  int agents = 0;
  std::optional<std::int64_t> handle, hold, answer;
  std::int64_t transfers = 0;
  std::vector<OracleLeg> legs;
  std::vector<OracleVisit> visits;
  std::vector<OracleSurvey> surveys;
};

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
