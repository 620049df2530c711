#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "json/reader.hpp"
#include "sim/dimensions.hpp"

namespace csatdb::sim {

struct Predicate {
  std::string dimension, metric, operation = "matches", value;
  std::optional<double> gt, gte, lt, lte;

  /// Whether these values satisfy it. A value "start/end" matches instants inside.
  bool holds(const Values& values) const;
};

/// A filter of an analytics query: predicates and clauses of predicates under and / or.
class Filter {
 public:
  using Test = std::function<bool(const Predicate&)>;
  explicit Filter(const json::Value& filter);
  bool holds(const Test& test) const;

 private:
  struct Clause {
    bool any = false;
    std::vector<Predicate> predicates;
  };
  bool any_ = false;
  std::vector<Clause> clauses_;
  std::vector<Predicate> predicates_;
};

/// All filters of a details query; kinds narrow one another.
class DetailFilters {
 public:
  explicit DetailFilters(const json::Value& query);
  bool empty() const;
  bool admit(const World& world, const Conversation& c, base::Instant t) const;

 private:
  bool admit_segments(const World& world, const Conversation& c, base::Instant t) const;

  std::vector<Filter> conversation_, segment_, survey_, evaluation_, resolution_;
};

}  // namespace csatdb::sim
