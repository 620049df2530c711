#include "report/expected.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "report/records.hpp"

namespace csatdb::tests {
namespace {

/// Half of the last digit that a report gives.
double tolerance(const std::string& column) {
  if (column.ends_with("_days")) return 0.0005;
  if (column.starts_with("r_")) return 0.005;
  for (const char* name : {"mean_score", "mean", "deviation"})
    if (column == name) return 0.005;
  return 0.05;
}

}  // namespace

void check_rows(const report::Outcome& outcome, const std::vector<std::string>& keys,
                const ExpectedRows& expected) {
  const report::Records rows(outcome.result);
  std::set<std::string> found;
  CAPTURE(outcome.report->name);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string key;
    for (const auto& column : keys)
      key += (column == keys.front() ? "" : " | ") + rows.text(r, column);
    CAPTURE(key);
    CHECK(found.insert(key).second);
    const auto at = expected.find(key);
    if (at == expected.end()) {
      CHECK_MESSAGE(false, "a row that should not be there");
      continue;
    }
    for (const auto& each : at->second) {
      const auto& column = each.first;
      const auto value = each.second;
      CAPTURE(column);
      const auto got = rows.number(r, column);
      CAPTURE(got.value_or(kNull));
      CAPTURE(value);
      if (std::isnan(value) || !got) {
        CHECK(std::isnan(value) == !got.has_value());
      } else {
        CHECK(std::abs(*got - value) <= tolerance(column) + 1e-6);
      }
    }
  }
  for (const auto& each : expected) {
    const auto& key = each.first;
    CAPTURE(key);
    CHECK_MESSAGE(found.contains(key), "a row that is missing");
  }
}

void add_share(ExpectedRow& row, const std::string& name, double hits, double n) {
  const Bounds bounds = n > 0 ? wilson(hits, n) : Bounds{kNull, kNull};
  row[name + "_pct"] = pct(hits, n);
  row[name + "_low_pct"] = bounds.low;
  row[name + "_high_pct"] = bounds.high;
}

void add_nps(ExpectedRow& row, double promoters, double detractors, double n) {
  const Bounds bounds = n > 0 ? adjusted_wald(promoters, detractors, n) : Bounds{kNull, kNull};
  row["nps"] = pct(promoters - detractors, n);
  row["nps_low"] = bounds.low;
  row["nps_high"] = bounds.high;
}

double mean_of(const std::vector<double>& values) {
  if (values.empty()) return kNull;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double correlation_of(const std::vector<std::pair<double, double>>& pairs) {
  std::vector<double> x, y;
  for (const auto& [first, second] : pairs) {
    x.push_back(first);
    y.push_back(second);
  }
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  double together = 0;
  for (const auto& [first, second] : pairs) together += (first - mean_x) * (second - mean_y);
  const double spread = deviation_of(x) * deviation_of(y);
  return spread > 0 ? together / static_cast<double>(pairs.size() - 1) / spread : kNull;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return kNull;
  std::ranges::sort(values);
  const auto n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

double nearest_rank(std::vector<double> values, double share) {
  if (values.empty()) return kNull;
  std::ranges::sort(values);
  const auto rank = std::ceil(share * static_cast<double>(values.size()) - 1e-9);
  return values.at(static_cast<std::size_t>(std::max(1.0, rank)) - 1);
}

}  // namespace csatdb::tests
