#include "sim/truth.hpp"

#include "sim/render.hpp"
#include "sim/text.hpp"

namespace csatdb::sim {
namespace {

TrueConversation as_it_stands(const World& world, const Conversation& c, base::Instant t,
                              Bodies bodies) {
  const Renderer renderer(world, t);
  TrueConversation row{world.id(c), c.start, std::nullopt, {}, {}};
  if (c.end <= t) row.end = c.end;
  Text out(row.body);
  renderer.conversation(out, c, false);
  for (const auto& s : c.surveys) {
    const auto state = state_of(s, t);
    if (state.status.empty()) continue;
    TrueSurvey survey{world.id(c, s), row.id,       std::string(state.status),
                      state.since,    std::nullopt, {}};
    if (state.status == "Finished") survey.answers = answers_of(world, c, s);
    Text body(survey.body);
    if (bodies == Bodies::all) renderer.survey(body, c, s);
    row.surveys.push_back(std::move(survey));
  }
  return row;
}

}  // namespace

std::vector<TrueConversation> truth(World& world, base::Day first, base::Day last, base::Instant t,
                                    Bodies bodies) {
  std::vector<TrueConversation> rows;
  for (base::Day day = first; day < last; day += std::chrono::days(1)) {
    const auto list = world.day(day);
    for (const auto& c : *list) {
      if (c.shown(t)) rows.push_back(as_it_stands(world, c, t, bodies));
    }
  }
  return rows;
}

std::optional<TrueConversation> truth(World& world, std::string_view id, base::Instant t) {
  const auto c = world.conversation(id);
  if (!c || !c->shown(t)) return std::nullopt;
  return as_it_stands(world, *c, t, Bodies::all);
}

}  // namespace csatdb::sim
