#include "sim/aggregator.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "sim/refusal.hpp"
#include "sim/strict.hpp"

namespace csatdb::sim {
namespace {

using base::Day;
using base::Instant;
using base::Interval;
using base::Millis;
using std::chrono::days;

Refusal bad_period(std::string_view text) {
  return {400, "invalid.value", "granularity '" + std::string(text) + "' is not supported"};
}

base::Zone zone_of(std::string_view name) {
  try {
    return base::Zone(name.empty() ? "UTC" : std::string(name));
  } catch (const base::Error&) {
    throw Refusal(400, "invalid.value", "timeZone '" + std::string(name) + "' is not known");
  }
}

std::vector<std::string> texts(const json::Value& list) {
  std::vector<std::string> all;
  for (const auto& item : list.elements()) all.emplace_back(item.text());
  return all;
}

/// The first local date of the calendar unit that holds a date, and that of the next one.
std::pair<Day, Day> unit_of(Day date, char calendar) {
  if (calendar == 'D') return {date, date + days(1)};
  if (calendar == 'W') {
    const Day monday = date - (std::chrono::weekday(date) - std::chrono::Monday);
    return {monday, monday + days(7)};
  }
  const std::chrono::year_month_day parts(date);
  const auto month = parts.year() / parts.month();
  return {Day(month / 1), Day((month + std::chrono::months(1)) / 1)};
}

}  // namespace

Buckets::Buckets(Interval interval, std::string_view granularity, std::string_view zone)
    : whole_(interval), zone_(zone_of(zone)) {
  if (granularity.empty()) return;
  const bool timed = granularity.starts_with("PT");
  auto rest = granularity;
  if (!rest.starts_with('P') || rest.size() < (timed ? 4U : 3U)) throw bad_period(granularity);
  rest.remove_prefix(timed ? 2 : 1);
  int number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || number < 1 || end + 1 != rest.data() + rest.size())
    throw bad_period(granularity);
  if (timed && *end == 'M')
    step_ = Millis{60000} * number;
  else if (timed && *end == 'H')
    step_ = Millis{3600000} * number;
  else if (!timed && number == 1 && (*end == 'D' || *end == 'W' || *end == 'M'))
    calendar_ = *end;
  else
    throw bad_period(granularity);
}

Interval Buckets::of(Instant t) const {
  Interval found = whole_;
  if (step_.count() > 0) {
    found.begin = t - (t - Instant{}) % step_;
    found.end = found.begin + step_;
  } else if (calendar_ != ' ') {
    const auto [first, next] = unit_of(*base::parse_day(zone_.local(t).date), calendar_);
    found = {zone_.start_of(base::to_date(first)), zone_.start_of(base::to_date(next))};
  }
  return {std::max(found.begin, whole_.begin), std::min(found.end, whole_.end)};
}

Aggregator::Aggregator(const json::Value& query)
    : interval_(interval_of(query["interval"].text())),
      buckets_(interval_, query["granularity"].text_or(""), query["timeZone"].text_or("")),
      metrics_(texts(query["metrics"])),
      by_(texts(query["groupBy"])) {
  if (metrics_.empty()) throw bad_request("'metrics' must not be empty");
  if (query["filter"].present()) filter_.emplace(query["filter"]);
  for (const auto& view : query["views"].elements()) {
    views_.push_back({std::string(view["target"].text()), std::string(view["name"].text()),
                      view["range"].present() ? view["range"]["gte"].maybe_real() : std::nullopt,
                      view["range"].present() ? view["range"]["lt"].maybe_real() : std::nullopt});
  }
}

bool Aggregator::wants(std::string_view metric) const {
  return std::find(metrics_.begin(), metrics_.end(), metric) != metrics_.end();
}

std::vector<Aggregator::Group> Aggregator::groups_of(const Read& read) const {
  std::vector<Group> groups = {{}};
  for (const auto& dimension : by_) {
    auto values = read(dimension);
    if (values.empty()) values.emplace_back();
    std::vector<Group> wider;
    for (const auto& group : groups) {
      for (const auto& value : values) {
        wider.push_back(group);
        wider.back().push_back(value);
      }
    }
    groups = std::move(wider);
  }
  return groups;
}

void Aggregator::add(std::string_view metric, double value, Instant at, const Read& read) {
  if (!wants(metric) || at < interval_.begin || at >= interval_.end) return;
  if (filter_ && !filter_->holds([&](const Predicate& p) { return p.holds(read(p.dimension)); }))
    return;
  const auto interval = buckets_.of(at);
  const bool counts = metric.front() == 'n';
  for (auto& group : groups_of(read)) {
    auto& bucket = results_[std::move(group)][interval.begin];
    bucket.interval = interval;
    bucket.metrics[std::string(metric)].take(value, counts);
    for (const auto& view : views_) {
      if (view.target == metric && (!view.from || value >= *view.from) &&
          (!view.below || value < *view.below))
        bucket.views[view.name].take(value, counts);
    }
  }
}

void Aggregator::Stats::take(double value, bool counts) {
  if (counts) {
    count += static_cast<std::int64_t>(value);
    return;
  }
  min = count == 0 ? value : std::min(min, value);
  max = count == 0 ? value : std::max(max, value);
  sum += value;
  ++count;
}

void Aggregator::Stats::write(Text& out, bool counts) const {
  out.key("stats").open();
  if (!counts) out.member("max", max).member("min", min);
  out.member("count", count);
  if (!counts) out.member("sum", sum);
  out.close();
}

void Aggregator::write_bucket(Text& out, const Bucket& bucket) const {
  out.open().member("interval", base::to_iso(bucket.interval)).key("metrics").open_list();
  for (const auto& metric : metrics_) {
    const auto found = bucket.metrics.find(metric);
    if (found == bucket.metrics.end()) continue;
    out.open().member("metric", metric);
    found->second.write(out, metric.front() == 'n');
    out.close();
  }
  out.close_list();
  if (!bucket.views.empty()) {
    out.key("views").open_list();
    for (const auto& view : views_) {
      const auto found = bucket.views.find(view.name);
      if (found == bucket.views.end()) continue;
      out.open().member("name", view.name);
      found->second.write(out, view.target.front() == 'n');
      out.close();
    }
    out.close_list();
  }
  out.close();
}

void Aggregator::write(Text& out) const {
  out.open();
  if (!results_.empty()) out.key("results").open_list();
  for (const auto& [group, data] : results_) {
    out.open().key("group").open();
    for (std::size_t i = 0; i < by_.size(); ++i) out.maybe(by_[i], group[i]);
    out.close().key("data").open_list();
    for (const auto& [begin, bucket] : data) write_bucket(out, bucket);
    out.close_list().close();
  }
  if (!results_.empty()) out.close_list();
  out.close();
}

}  // namespace csatdb::sim
