#include "sim/world.hpp"

#include <algorithm>
#include <cmath>

#include "sim/stage.hpp"

namespace csatdb::sim {
namespace {

using base::Day;
using base::Instant;
using base::Millis;
using std::chrono::days;
using std::chrono::hours;

/// Conversations; about 200 MB.
constexpr std::size_t kMostKept = 24000;

/// How busy each hour of the day is, in thousandths of the day.
constexpr int kHours[24] = {5,  3,  2,  2,  3,  8,  20, 45, 80, 95, 98, 90,
                            75, 80, 88, 85, 75, 55, 35, 22, 14, 9,  7,  4};
/// From Sunday.
constexpr double kWeekdays[7] = {0.45, 1.2, 1.25, 1.15, 1.1, 1.15, 0.7};

double weight(Day day, std::uint64_t seed) {
  const auto number = static_cast<std::uint64_t>(day.time_since_epoch().count());
  const auto weekday = std::chrono::weekday(day).c_encoding();
  return kWeekdays[weekday] * (0.9 + 0.2 * Draw(mix(seed, 0xDA7U, number)).unit());
}

std::uint32_t number_of(Day day) {
  return static_cast<std::uint32_t>(day.time_since_epoch().count());
}

void write_kind(Stage& stage, Instant start) {
  const double kind = stage.draw.unit();
  if (kind < 0.50)
    write_call(stage, start);
  else if (kind < 0.57)
    write_outbound_call(stage, start);
  else if (kind < 0.61)
    write_callback(stage, start);
  else if (kind < 0.70)
    write_chat(stage, start);
  else if (kind < 0.95)
    write_message(stage, start);
  else
    write_email(stage, start);
}

/// The extremes over all segments.
void settle_bounds(Conversation& c, Instant start) {
  Instant first = start;
  Instant last = start;
  for (const auto& participant : c.participants) {
    for (const auto& session : participant.sessions) {
      for (const auto& segment : session.segments) {
        first = std::min(first, segment.begin);
        last = std::max(last, segment.end);
      }
    }
  }
  c.start = first;
  c.end = last;
}

/// An orphan: the customer's last segment is never closed.
void make_orphan(Conversation& c) {
  const auto customer = std::find_if(c.participants.begin(), c.participants.end(),
                                     [](const Participant& p) { return p.contact; });
  auto& session = customer->sessions.front();
  session.segments.back().end = kNever;
  std::erase_if(session.metrics, [](const Metric& m) { return m.name == "tConnected"; });
  c.end = kNever;
}

void note_events(const Conversation& c, std::vector<DayOutline::Event>& events) {
  const auto note = [&](Instant t) {
    if (t != kNever) events.push_back({t, c.index});
  };
  for (const auto& s : c.surveys) {
    for (const Instant t : {s.created, s.sent, s.opened, s.closed, s.deleted}) note(t);
  }
  for (const auto& e : c.evaluations) {
    for (const Instant t : {e.created, e.started, e.finished, e.rescored, e.deleted}) note(t);
  }
  for (const auto& r : c.resolutions) note(r.at);
}

}  // namespace

World::World(const Organisation& o)
    : organisation_(o), directory_(make_directory(o)), forms_(o), ids_(o.seed) {
  double sum = 0;
  for (int i = 0; i < o.days; ++i) sum += weight(o.first_day + days(i), o.seed);
  double before = 0;
  for (int i = 0; i < o.days; ++i) {
    const double after = before + weight(o.first_day + days(i), o.seed);
    const auto total = static_cast<double>(o.interactions);
    counts_.push_back(
        static_cast<int>(std::llround(total * after / sum) - std::llround(total * before / sum)));
    before = after;
  }
}

int World::count(Day day) const {
  const auto place = (day - organisation_.first_day).count();
  if (place < 0 || organisation_.days <= 0) return 0;
  if (place < organisation_.days) return counts_[static_cast<std::size_t>(place)];
  const double base = static_cast<double>(organisation_.interactions) / organisation_.days;
  return static_cast<int>(std::lround(base * weight(day, organisation_.seed)));
}

Instant World::start_of(Day day, int index, int count) const {
  Draw draw(mix(organisation_.seed, 0x57A7U, number_of(day), static_cast<std::uint64_t>(index)));
  // The n starts lie in n equal parts of the day's work, so they are sorted by construction.
  double rest = (index + draw.unit()) / count * 1000.0;
  double total = 0;
  for (const int share : kHours) total += share;
  rest *= total / 1000.0;
  int hour = 0;
  while (hour < 23 && rest >= kHours[hour]) rest -= kHours[hour++];
  const double within = std::min(rest / kHours[hour], 0.99999);
  return Instant(day) + hours(hour) + Millis{static_cast<std::int64_t>(within * 3600000.0)};
}

Conversation World::write(Day day, int index) const {
  Conversation c;
  c.day = number_of(day);
  c.index = static_cast<std::uint32_t>(index);
  const auto key = mix(organisation_.seed, 0xC0417U, c.day, c.index);
  const Instant start = start_of(day, index, count(day));
  Stage stage(directory_, c, key);
  auto& draw = stage.draw;
  const auto& rates = organisation_.rates;
  c.contact = draw.below(200000);
  if (draw.chance(rates.correction)) {
    const bool second = draw.chance(0.5);  // the night after, or the one when it is 48 h old
    c.corrected = Instant(day) + days(second ? 3 : 2) + hours(3) + draw.ms(0, 3600000);
  }
  const bool late = draw.chance(rates.latecomer);
  const bool orphan = draw.chance(rates.orphan);
  if (draw.chance(rates.erasure)) c.erased = start + days(4) + draw.ms(0, 86400000LL * 40);
  write_kind(stage, start);
  settle_bounds(c, start);
  if (orphan) make_orphan(c);
  if (draw.chance(0.02) && c.start - Instant(day) > Millis{700000})
    c.start -= draw.ms(1000, 600000);
  c.visible = late ? Instant(day) + days(2) + hours(4) : c.start + draw.ms(300, 25000);
  if (c.last_queue >= 0)
    c.division = directory_.queues[static_cast<std::size_t>(c.last_queue)].division;
  if (c.last_agent >= 0) {
    const int other = directory_.users[static_cast<std::size_t>(c.last_agent)].division;
    if (other != c.division) c.second_division = other;
  }
  if (draw.chance(0.3)) c.corrected_division = (c.division + 2) % 4;
  c.tagged = draw.chance(0.05);
  if (!orphan) write_aftermath(stage, forms_, rates);
  c.participants.shrink_to_fit();
  return c;
}

std::shared_ptr<const DayOfConversations> World::day(Day day) {
  const auto known = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& entry) { return entry.first == day; });
  if (known != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, known);
    return kept_.front().second;
  }
  auto list = std::make_shared<DayOfConversations>();
  const int n = count(day);
  if (n == 0) return list;
  list->reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) list->push_back(write(day, i));
  kept_.emplace_front(day, list);
  forget_old_days();
  return list;
}

void World::forget_old_days() {
  std::size_t sum = 0;
  for (auto entry = kept_.begin(); entry != kept_.end(); ++entry) {
    sum += entry->second->size();
    if (sum > kMostKept && entry != kept_.begin()) {
      kept_.erase(entry, kept_.end());
      return;
    }
  }
}

const DayOutline& World::outline(Day day) {
  const auto known = outlines_.find(day);
  if (known != outlines_.end()) return known->second;
  DayOutline outline;
  const auto list = this->day(day);
  for (const auto& c : *list) {
    note_events(c, outline.events);
    if (c.end > Instant(day) + days(1)) outline.long_lived.push_back({c.index, c.end});
  }
  return outlines_.emplace(day, std::move(outline)).first->second;
}

std::optional<Conversation> World::conversation(std::string_view id) const {
  const auto place = ids_.place(id);
  if (!place || place->kind != Kind::conversation) return std::nullopt;
  const Day day{days(place->day)};
  if (place->index >= static_cast<std::uint32_t>(count(day))) return std::nullopt;
  return write(day, static_cast<int>(place->index));
}

std::string World::id(const Conversation& c) const {
  return ids_.text({Kind::conversation, c.day, c.index, 0});
}
std::string World::id(const Conversation& c, const Survey& s) const {
  return ids_.text({Kind::survey, c.day, c.index, static_cast<std::uint32_t>(s.number)});
}
std::string World::id(const Conversation& c, const Evaluation& e) const {
  return ids_.text({Kind::evaluation, c.day, c.index, static_cast<std::uint32_t>(e.number)});
}

SurveyState state_of(const Survey& s, Instant t) {
  if (t < s.created || t >= s.deleted) return {{}, kNever};
  if (t >= s.closed) {
    switch (s.end) {
      case SurveyEnd::finished:
        return {"Finished", s.closed};
      case SurveyEnd::expired:
        return {"Expired", s.closed};
      case SurveyEnd::opted_out:
        return {"OptOut", s.closed};
      case SurveyEnd::error:
        return {"Error", s.closed};
      case SurveyEnd::pending:
        break;
    }
  }
  if (t >= s.opened) return {"InProgress", s.opened};
  if (t >= s.sent) return {"Sent", s.sent};
  return {"Pending", s.created};
}

std::string_view analytics_spelling(std::string_view status) {
  if (status == "InProgress") return "In Progress";
  if (status == "OptOut") return "Opt Out";
  return status;
}

Answers answers_of(const World& world, const Conversation& c, const Survey& s) {
  const auto key = mix(world.organisation().seed, 0xA125U, c.day,
                       (std::uint64_t{c.index} << 12U) + static_cast<std::uint64_t>(s.number));
  return make_answers(world.forms().form(s.context, s.version), key, s.mood, s.partial);
}

}  // namespace csatdb::sim
