#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "report/oracle.hpp"
#include "report/run.hpp"

namespace csatdb::tests {

/// Values by column. NaN stands for NULL.
using ExpectedRow = std::map<std::string, double>;
/// Rows by their key: the texts of the key columns joined by " | ", NULL being "".
using ExpectedRows = std::map<std::string, ExpectedRow>;

inline constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

/// Answers to the satisfaction question.
struct Csat {
  double n = 0, positive = 0, score = 0, top = 0;
  void add(const OracleSurvey& survey) {
    if (!survey.csat_positive) return;
    ++n;
    positive += *survey.csat_positive;
    score += *survey.csat;
    top += *survey.csat == 5;
  }
};

/// Answers to the recommendation question.
struct Nps {
  double n = 0, promoters = 0, detractors = 0;
  void add(const OracleSurvey& survey) {
    if (!survey.nps) return;
    ++n;
    promoters += *survey.nps >= 9;
    detractors += *survey.nps <= 6;
  }
};

/// Checks that a report has the expected rows and no other, and in them the expected values as far
/// as the report rounds them.
void check_rows(const report::Outcome& outcome, const std::vector<std::string>& keys,
                const ExpectedRows& expected);

/// 100 * part / whole; NaN without a whole.
inline double pct(double part, double whole) { return whole > 0 ? 100 * part / whole : kNull; }

/// Adds NAME_pct, NAME_low_pct and NAME_high_pct; NULL without an n.
void add_share(ExpectedRow& row, const std::string& name, double hits, double n);
/// Adds nps, nps_low and nps_high.
void add_nps(ExpectedRow& row, double promoters, double detractors, double n);

double mean_of(const std::vector<double>& values);
/// Of a sample.
double deviation_of(const std::vector<double>& values);
/// Pearson's; NaN where one side does not vary.
double correlation_of(const std::vector<std::pair<double, double>>& pairs);
double median_of(std::vector<double> values);
/// The smallest value with at least this share of the values up to it.
double nearest_rank(std::vector<double> values, double share);

}  // namespace csatdb::tests
