#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "json/reader.hpp"
#include "sim/dimensions.hpp"
#include "sim/filters.hpp"
#include "sim/text.hpp"

namespace csatdb::sim {

/// Cuts an interval into the buckets of an ISO-8601 period, in a time zone from days on.
class Buckets {
 public:
  /// 400 if the period or the zone is none.
  Buckets(base::Interval interval, std::string_view granularity, std::string_view zone);
  base::Interval of(base::Instant t) const;

 private:
  base::Interval whole_;
  base::Millis step_{0};  ///< 0: by calendar or not at all
  char calendar_ = ' ';   ///< D, W, M or none
  base::Zone zone_;
};

/// Groups what was emitted by dimensions and time, as the service's aggregates queries do.
class Aggregator {
 public:
  using Read = std::function<Values(std::string_view dimension)>;

  explicit Aggregator(const json::Value& query);

  const base::Interval& interval() const { return interval_; }
  bool wants(std::string_view metric) const;
  /// One emission at `at`. Metrics that begin with "n" are counts; the others keep sum, minimum
  /// and maximum too.
  void add(std::string_view metric, double value, base::Instant at, const Read& read);
  /// {"results": […]}, or {} if nothing was emitted.
  void write(Text& out) const;

 private:
  struct Stats {
    std::int64_t count = 0;
    double sum = 0, min = 0, max = 0;
    void take(double value, bool counts);
    void write(Text& out, bool counts) const;
  };
  struct View {
    std::string target, name;
    std::optional<double> from, below;
  };
  struct Bucket {
    base::Interval interval;
    std::map<std::string, Stats, std::less<>> metrics;
    std::map<std::string, Stats, std::less<>> views;
  };
  using Group = std::vector<std::string>;  ///< a value per grouping dimension, "" for none

  std::vector<Group> groups_of(const Read& read) const;
  void write_bucket(Text& out, const Bucket& bucket) const;

  base::Interval interval_;
  Buckets buckets_;
  std::vector<std::string> metrics_, by_;
  std::vector<View> views_;
  std::optional<Filter> filter_;
  std::map<Group, std::map<base::Instant, Bucket>> results_;
};

}  // namespace csatdb::sim
