#include "sim/selection.hpp"

#include <algorithm>

#include "sim/filters.hpp"
#include "sim/strict.hpp"

namespace csatdb::sim {
namespace {

using base::Day;
using base::Instant;
using std::chrono::days;

constexpr std::size_t kRemembered = 4;

Instant order_key(const Conversation& c, std::string_view by, Instant t) {
  if (by == "conversationEnd" || by == "segmentEnd") return c.end <= t ? c.end : kNever;
  return c.start;
}

void sort(std::vector<Chosen>& chosen, std::string_view order) {
  std::stable_sort(chosen.begin(), chosen.end(), [&](const Chosen& a, const Chosen& b) {
    return order == "desc" ? a.order > b.order : a.order < b.order;
  });
}

/// Everything that decides the choice, as one text.
std::string key_of(const json::Value& query, Instant t, std::string_view rule) {
  std::string key(rule);
  key += base::to_iso(t);
  for (const auto& member : query.members()) {
    if (member.name != "paging") key += member.value.dump();
  }
  return key;
}

}  // namespace

bool Selector::visible(const Conversation& c, Instant t) const {
  if (!c.shown(t)) return false;
  return !hidden_.contains(c.division) ||
         (c.second_division >= 0 && !hidden_.contains(c.second_division));
}

Choice Selector::recall(const std::string& key) {
  for (auto entry = recent_.begin(); entry != recent_.end(); ++entry) {
    if (entry->first != key) continue;
    recent_.splice(recent_.begin(), recent_, entry);
    return recent_.front().second;
  }
  return nullptr;
}

Choice Selector::remember(std::string key, std::vector<Chosen> chosen) {
  recent_.emplace_front(std::move(key),
                        std::make_shared<const std::vector<Chosen>>(std::move(chosen)));
  if (recent_.size() > kRemembered) recent_.pop_back();
  return recent_.front().second;
}

Choice Selector::by_days(const json::Value& query, Instant now) {
  const auto key = key_of(query, now, "days");
  if (auto known = recall(key)) return known;
  const auto interval = interval_of(query["interval"].text());
  const DetailFilters filters(query);
  const auto by = query["orderBy"].text_or("conversationStart");
  std::vector<Chosen> chosen;
  const Day last = base::day_of(std::min(interval.end - base::Millis{1}, now));
  for (Day day = base::day_of(interval.begin); day <= last; day += days(1)) {
    const auto list = world_.day(day);
    for (const auto& c : *list) {
      if (visible(c, now) && (filters.empty() || filters.admit(world_, c, now)))
        chosen.push_back({day, c.index, order_key(c, by, now)});
    }
  }
  sort(chosen, query["order"].text_or("asc"));
  return remember(key, std::move(chosen));
}

Choice Selector::by_overlap(const json::Value& query, Instant lake) {
  const auto key = key_of(query, lake, "overlap");
  if (auto known = recall(key)) return known;
  const auto interval = interval_of(query["interval"].text());
  const DetailFilters filters(query);
  const auto by = query["orderBy"].text_or("conversationStart");
  const bool starts_inside = query["startOfDayIntervalMatching"].boolean_or(false);
  const Instant floor = base::day_of(interval.begin);
  std::vector<Chosen> chosen;
  const auto take = [&](Day day, const Conversation& c) {
    if (!visible(c, lake) || c.start >= interval.end || c.end < interval.begin) return;
    if (starts_inside && c.start < floor) return;
    if (filters.empty() || filters.admit(world_, c, lake))
      chosen.push_back({day, c.index, order_key(c, by, lake)});
  };
  if (!starts_inside) {
    for (Day day = world_.organisation().first_day; day < base::day_of(interval.begin);
         day += days(1)) {
      for (const auto& row : world_.outline(day).long_lived) {
        if (row.end >= interval.begin) take(day, world_.write(day, static_cast<int>(row.index)));
      }
    }
  }
  const Day last = base::day_of(std::min(interval.end - base::Millis{1}, lake));
  const Day first = std::max(base::day_of(interval.begin), world_.organisation().first_day);
  for (Day day = first; day <= last; day += days(1)) {
    const auto list = world_.day(day);
    for (const auto& c : *list) take(day, c);
  }
  sort(chosen, query["order"].text_or("asc"));
  return remember(key, std::move(chosen));
}

}  // namespace csatdb::sim
