#include "sim/directory.hpp"

#include <fmt/format.h>

#include "sim/draw.hpp"
#include "sim/names.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using std::chrono::days;

/// Most rows are older than the first conversation; a few appear while the world runs.
Instant birth(Draw& draw, Instant first, double newcomers) {
  if (draw.chance(newcomers)) return first + days(draw.below(120)) + draw.ms(0, 86399999);
  return first - days(30 + draw.below(900)) + draw.ms(0, 86399999);
}

/// An instant within about a year of the world's start, or never.
Instant sometimes(Draw& draw, Instant first, double share) {
  return draw.chance(share) ? first + days(draw.below(365)) + draw.ms(0, 86399999) : kNever;
}

User make_user(Draw draw, Instant first, int number, int teams, int divisions) {
  const auto given = first_names()[static_cast<std::size_t>(number) * 7];
  const auto family = last_names()[static_cast<std::size_t>(number) * 11 + 3];
  User user;
  user.name.first = fmt::format("{} {} {}", given, family, number);
  user.name.later = fmt::format("{} {} {}", given, draw.pick(last_names()), number);
  user.name.changed = sometimes(draw, first, 0.06);
  user.email = fmt::format("agent{}@example.invalid", number);
  user.department = draw.chance(0.1) ? "" : draw.chance(0.5) ? "Customer Care" : "Sales & Service";
  user.title = {draw.chance(0.8) ? "Agent" : "Senior Agent", "Team Lead",
                sometimes(draw, first, 0.04)};
  user.team = draw.chance(0.92) ? draw.below(teams) : -1;
  user.later_team = draw.below(teams);
  user.moved = sometimes(draw, first, 0.15);
  user.division = draw.chance(0.7) ? 0 : draw.below(divisions);
  // The first of each team leads it.
  user.manager = number < teams ? (number == 0 ? -1 : 0) : (user.team < 0 ? 0 : user.team);
  user.created = birth(draw, first, number < teams ? 0.0 : 0.12);
  user.inactive = number < teams ? kNever : sometimes(draw, first, 0.08);
  if (user.inactive < user.created) user.inactive = user.created + days(5);
  user.deleted = draw.chance(0.6) && user.inactive != kNever
                     ? user.inactive + days(1 + draw.below(40))
                     : kNever;
  if (number >= teams && number % 29 == 5) {  // left before the first conversation
    user.created = first - days(1000);
    user.inactive = first - days(200);
    user.deleted = number % 2 == 0 ? first - days(100) : kNever;
  }
  user.auto_answer = draw.chance(0.3);
  return user;
}

Queue make_queue(Draw draw, Instant first, int number, int divisions) {
  Queue queue;
  const auto round = static_cast<std::size_t>(number) / queue_names().size();
  const auto base = queue_names()[static_cast<std::size_t>(number)];
  queue.name.first = round == 0 ? std::string(base) : fmt::format("{} {}", base, round + 1);
  queue.name.later = queue.name.first + " (new)";
  queue.name.changed = sometimes(draw, first, 0.1);
  queue.description = draw.chance(0.5) ? "" : fmt::format("Customers asking about {}", base);
  queue.division = draw.chance(0.6) ? 0 : draw.below(divisions);
  queue.created = birth(draw, first, number < 6 ? 0.0 : 0.1);
  queue.deleted = number < 6 ? kNever : sometimes(draw, first, 0.06);
  if (queue.deleted < queue.created) queue.deleted = kNever;
  queue.members = 5 + draw.below(60);
  queue.level_s = 10 * (1 + draw.below(6));
  queue.has_levels = draw.chance(0.9);
  return queue;
}

std::vector<Label> make_labels(std::uint64_t seed, Instant first, Words names, std::size_t count,
                               double deleted) {
  std::vector<Label> labels;
  for (std::size_t i = 0; i < count; ++i) {
    Draw draw(mix(seed, i));
    Label label;
    const auto round = i / names.size();
    label.name.first =
        round == 0 ? std::string(names[i]) : fmt::format("{} {}", names[i], round + 1);
    label.name.later = label.name.first + " *";
    label.name.changed = sometimes(draw, first, 0.05);
    label.created = birth(draw, first, i < 5 ? 0.0 : 0.08);
    label.deleted = i < 5 ? kNever : sometimes(draw, first, deleted);
    if (label.deleted < label.created) label.deleted = kNever;
    label.division = draw.chance(0.8) ? 0 : 1;
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace

std::string_view User::state(Instant t) const {
  if (t < created) return "";
  return t >= deleted ? "deleted" : t >= inactive ? "inactive" : "active";
}

int User::version(Instant t) const {
  return 3 + (t >= name.changed) + (t >= title.changed) + (t >= moved) + (t >= inactive) +
         (t >= deleted);
}

Directory make_directory(const Organisation& o) {
  const Instant first = o.first_day;
  Directory d;
  d.divisions = {{"Home", "Home Division"},
                 {"Retail", "Shops & web"},
                 {"Business", ""},
                 {"Übersee", "Everything abroad"}};
  const int divisions = static_cast<int>(d.divisions.size());
  for (std::size_t i = 0; i < team_names().size(); ++i)
    d.teams.push_back({std::string(team_names()[i]), static_cast<int>(i) % divisions,
                       first - days(300 - 7 * static_cast<int>(i))});
  const int teams = static_cast<int>(d.teams.size());
  for (int i = 0; i < o.agents; ++i)
    d.users.push_back(make_user(Draw(mix(o.seed, 0x05E7U, static_cast<std::uint64_t>(i))), first, i,
                                teams, divisions));
  for (int i = 0; i < o.queues; ++i)
    d.queues.push_back(
        make_queue(Draw(mix(o.seed, 0x9E0EU, static_cast<std::uint64_t>(i))), first, i, divisions));
  d.codes = make_labels(mix(o.seed, 0xC0DEU), first, code_names(), 40, 0.1);
  d.skills = make_labels(mix(o.seed, 0x5C11U), first, skill_names(), 18, 0.05);
  static constexpr std::string_view kLanguages[] = {"English", "Français", "Español", "Deutsch",
                                                    "日本語"};
  d.languages = make_labels(mix(o.seed, 0x1A96U), first, {kLanguages, 5}, 5, 0.0);
  d.flows = make_labels(mix(o.seed, 0xF107U), first, flow_names(), flow_names().size() + 2, 0.0);
  static constexpr std::string_view kKinds[] = {
      "INBOUNDCALL",  "INBOUNDCALL", "INBOUNDCALL", "INBOUNDCALL", "INBOUNDCHAT", "DIGITALBOT",
      "INBOUNDEMAIL", "INBOUNDCALL", "INQUEUECALL", "VOICESURVEY", "SURVEYINVITE"};
  for (std::size_t i = 0; i < d.flows.size(); ++i) {
    d.flows[i].kind = kKinds[i];
    d.flows[i].created = first - days(500);
  }
  d.flows[9].name.first = "Voice survey";
  d.flows[10].name.first = "Survey invitation";
  return d;
}

}  // namespace csatdb::sim
