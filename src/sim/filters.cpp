#include "sim/filters.hpp"

#include <algorithm>
#include <cstdlib>

#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;

std::vector<Predicate> predicates_of(const json::Value& list) {
  std::vector<Predicate> predicates;
  for (const auto& item : list.elements()) {
    Predicate p;
    p.dimension = item["dimension"].text_or("");
    p.metric = item["metric"].text_or("");
    p.operation = item["operator"].text_or("matches");
    p.value = item["value"].text_or("");
    const auto range = item["range"];
    if (range.present()) {
      p.gt = range["gt"].maybe_real();
      p.gte = range["gte"].maybe_real();
      p.lt = range["lt"].maybe_real();
      p.lte = range["lte"].maybe_real();
    }
    predicates.push_back(std::move(p));
  }
  return predicates;
}

std::vector<Filter> filters_of(const json::Value& list) {
  std::vector<Filter> filters;
  for (const auto& item : list.elements()) filters.emplace_back(item);
  return filters;
}

/// "start/end", for instants.
bool inside(const std::string& value, const std::string& span) {
  const auto slash = span.find('/');
  if (slash == std::string::npos) return false;
  const auto at = base::parse_instant(value);
  const auto begin = base::parse_instant(span.substr(0, slash));
  const auto end = base::parse_instant(span.substr(slash + 1));
  return at && begin && end && *begin <= *at && *at < *end;
}

bool in_range(const Predicate& p, double x) {
  return (!p.gt || x > *p.gt) && (!p.gte || x >= *p.gte) && (!p.lt || x < *p.lt) &&
         (!p.lte || x <= *p.lte);
}

/// A metric's values over the visible sessions, as texts.
Values metric_values(const Conversation& c, Instant t, const std::string& name) {
  std::int64_t sum = 0;
  bool any = false;
  for (const auto& p : c.participants) {
    if (!seen(p, t)) continue;
    for (const auto& s : p.sessions) {
      for (const auto& m : s.metrics) {
        if (m.name != name || m.at > t) continue;
        sum += m.value;
        any = true;
      }
    }
  }
  if (name == "tConversationDuration" && c.end <= t)
    return {std::to_string((c.end - c.start).count())};
  return any ? Values{std::to_string(sum)} : Values{};
}

bool all_hold(const std::vector<Filter>& filters, const Filter::Test& test) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const Filter& f) { return f.holds(test); });
}

/// Whether some row satisfies the filters; with no rows at all only notExists can hold.
template <class Row, class Exists, class Read>
bool some_row(const std::vector<Filter>& filters, const std::vector<Row>& rows, Exists exists,
              Read read) {
  if (filters.empty()) return true;
  bool any = false;
  for (const auto& row : rows) {
    if (!exists(row)) continue;
    any = true;
    if (all_hold(filters, [&](const Predicate& p) { return p.holds(read(row, p)); })) return true;
  }
  return !any && all_hold(filters, [](const Predicate& p) { return p.holds({}); });
}

}  // namespace

bool Predicate::holds(const Values& values) const {
  if (operation == "exists") return !values.empty();
  if (operation == "notExists") return values.empty();
  const bool ranged = gt || gte || lt || lte;
  return std::any_of(values.begin(), values.end(), [&](const std::string& v) {
    if (ranged) return in_range(*this, std::strtod(v.c_str(), nullptr));
    return v == value || inside(v, value);
  });
}

Filter::Filter(const json::Value& filter)
    : any_(filter["type"].text_or("and") == "or"),
      predicates_(predicates_of(filter["predicates"])) {
  for (const auto& clause : filter["clauses"].elements())
    clauses_.push_back(
        {clause["type"].text_or("and") == "or", predicates_of(clause["predicates"])});
}

bool Filter::holds(const Test& test) const {
  const auto fold = [&](bool any, const std::vector<Predicate>& list) {
    return any ? std::any_of(list.begin(), list.end(), test)
               : std::all_of(list.begin(), list.end(), test);
  };
  if (clauses_.empty() && predicates_.empty()) return true;
  bool result = !any_;
  const auto take = [&](bool value) { result = any_ ? result || value : result && value; };
  for (const auto& clause : clauses_) take(fold(clause.any, clause.predicates));
  for (const auto& predicate : predicates_) take(test(predicate));
  return result;
}

DetailFilters::DetailFilters(const json::Value& query)
    : conversation_(filters_of(query["conversationFilters"])),
      segment_(filters_of(query["segmentFilters"])),
      survey_(filters_of(query["surveyFilters"])),
      evaluation_(filters_of(query["evaluationFilters"])),
      resolution_(filters_of(query["resolutionFilters"])) {}

bool DetailFilters::empty() const {
  return conversation_.empty() && segment_.empty() && survey_.empty() && evaluation_.empty() &&
         resolution_.empty();
}

bool DetailFilters::admit_segments(const World& world, const Conversation& c, Instant t) const {
  for (const auto& p : c.participants) {
    if (!seen(p, t)) continue;
    for (const auto& s : p.sessions) {
      for (const auto& g : s.segments) {
        if (g.begin > t) continue;
        const auto read = [&](const Predicate& q) {
          if (q.metric == "tSegmentDuration")
            return q.holds(g.end <= t ? Values{std::to_string((g.end - g.begin).count())}
                                      : Values{});
          return q.holds(session_values(world, c, p, s, &g, t, q.dimension));
        };
        if (all_hold(segment_, read)) return true;
      }
    }
  }
  return false;
}

bool DetailFilters::admit(const World& world, const Conversation& c, Instant t) const {
  const auto conversation = [&](const Predicate& p) {
    return p.holds(p.metric.empty() ? conversation_values(world, c, t, p.dimension)
                                    : metric_values(c, t, p.metric));
  };
  if (!all_hold(conversation_, conversation)) return false;
  const auto survey = [&](const Survey& s, const Predicate& p) {
    if (p.metric.empty()) return survey_values(world, c, s, t, p.dimension);
    return state_of(s, t).status == "Finished"
               ? Values{std::to_string(answers_of(world, c, s).total)}
               : Values{};
  };
  if (!some_row(
          survey_, c.surveys, [&](const Survey& s) { return !state_of(s, t).status.empty(); },
          survey))
    return false;
  const auto evaluation = [&](const Evaluation& e, const Predicate& p) {
    if (p.metric.empty()) return evaluation_values(world, c, e, t, p.dimension);
    if (e.finished > t) return Values{};
    return Values{std::to_string(p.metric == "oTotalScore" ? e.score : e.critical)};
  };
  if (!some_row(
          evaluation_, c.evaluations, [&](const Evaluation& e) { return e.created <= t; },
          evaluation))
    return false;
  const auto resolution = [](const Resolution& r, const Predicate&) {
    return r.avoided < 0 ? Values{} : Values{std::to_string(r.avoided)};
  };
  if (!some_row(
          resolution_, c.resolutions, [&](const Resolution& r) { return r.at <= t; }, resolution))
    return false;
  return segment_.empty() || admit_segments(world, c, t);
}

}  // namespace csatdb::sim
