#include <fmt/format.h>

#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

std::uint32_t u32(int value) { return static_cast<std::uint32_t>(value); }
/// The version number under which the ids that outlive versions are made.
constexpr std::uint32_t kEveryVersion = 4095;

/// The models of the service disagree on what a predicate is (a text, an object): none is given.
void visibility(Text& out, bool conditional) {
  if (!conditional) return;
  out.key("visibilityCondition").open().member("combiningOperation", "AND");
  out.key("predicates").open_list().close_list().close();
}

}  // namespace

Place part_place(const Form& form, int group, int question, int option, bool context) {
  const std::uint32_t index = (u32(form.context) << 18U) | (u32(group + 1) << 13U) |
                              (u32(question + 1) << 7U) | u32(option + 1);
  return {Kind::form_part, 0, index, context ? kEveryVersion : u32(form.version)};
}

void Renderer::question(Text& out, const Form& form, int g, int q) const {
  const auto& row = form.groups[static_cast<std::size_t>(g)].questions[static_cast<std::size_t>(q)];
  out.open();
  id(out, "id", part_place(form, g, q, -1, false));
  if (form.has_part_contexts) id(out, "contextId", part_place(form, g, q, -1, true));
  out.member("text", row.text).maybe("helpText", row.help).member("type", row.type);
  out.member("naEnabled", row.na);
  visibility(out, row.conditional);
  if (!row.options.empty()) {
    out.key("answerOptions").open_list();
    for (int o = 0; o < static_cast<int>(row.options.size()); ++o) {
      const auto& option = row.options[static_cast<std::size_t>(o)];
      out.open();
      id(out, "id", part_place(form, g, q, o, false));
      if (form.has_part_contexts) id(out, "contextId", part_place(form, g, q, o, true));
      out.maybe("builtInType", option.built_in).member("text", option.text);
      out.member("value", option.value).close();
    }
    out.close_list();
  }
  if (row.max_characters > 0) out.member("maxResponseCharacters", row.max_characters);
  out.maybe("explanationPrompt", row.explanation).close();
}

void Renderer::form(Text& out, const Form& form) const {
  out.open();
  id(out, "id", {Kind::form, 0, u32(form.context), u32(form.version)});
  out.member("name", form.name).member("modifiedDate", form.modified);
  out.member("published", form.published).member("disabled", form.disabled);
  id(out, "contextId", {Kind::form_context, 0, u32(form.context), 0});
  out.member("language", form.language).maybe("header", form.header).maybe("footer", form.footer);
  out.key("questionGroups").open_list();
  for (int g = 0; g < static_cast<int>(form.groups.size()); ++g) {
    const auto& group = form.groups[static_cast<std::size_t>(g)];
    out.open();
    id(out, "id", part_place(form, g, -1, -1, false));
    if (form.has_part_contexts) id(out, "contextId", part_place(form, g, -1, -1, true));
    out.member("name", group.name).member("type", "questionGroup").member("naEnabled", group.na);
    out.key("questions").open_list();
    for (int q = 0; q < static_cast<int>(group.questions.size()); ++q) question(out, form, g, q);
    out.close_list();
    out.close();
  }
  out.close_list();
  out.member("selfUri",
             fmt::format("/api/v2/quality/forms/surveys/{}",
                         world_.ids().text({Kind::form, 0, u32(form.context), u32(form.version)})));
  out.close();
}

void Renderer::answers(Text& out, const Form& form, const Answers& answers) const {
  out.key("answers").open().member("totalScore", answers.total);
  if (answers.nps >= 0) out.member("npsScore", answers.nps);
  out.key("questionGroupScores").open_list();
  for (const auto& group : answers.groups) {
    out.open();
    id(out, "questionGroupId", part_place(form, group.group, -1, -1, false));
    out.member("totalScore", group.points).member("maxTotalScore", group.most);
    out.member("markedNA", group.marked_na).member("systemMarkedNA", false);
    if (!group.questions.empty()) {
      out.key("questionScores").open_list();
      for (const auto& a : group.questions) {
        out.open();
        id(out, "questionId", part_place(form, group.group, a.question, -1, false));
        if (a.option >= 0)
          id(out, "answerId", part_place(form, group.group, a.question, a.option, false));
        if (a.option >= 0) out.member("score", a.score);
        out.member("markedNA", a.marked_na);
        if (a.nps >= 0) out.member("npsScore", a.nps);
        out.maybe("npsTextAnswer", a.nps_text).maybe("freeTextAnswer", a.free_text).close();
      }
      out.close_list();
    }
    out.close();
  }
  out.close_list().close();
}

void Renderer::survey(Text& out, const Conversation& c, const Survey& s) const {
  const auto state = state_of(s, now_);
  const auto& form = world_.forms().form(s.context, s.version);
  out.open();
  id(out, "id", {Kind::survey, c.day, c.index, u32(s.number)});
  out.member("name", form.name).key("conversation").open();
  const auto conversation = world_.id(c);
  out.member("id", conversation);
  out.member("selfUri", fmt::format("/api/v2/analytics/conversations/{}/details", conversation));
  out.close().key("surveyForm");
  this->form(out, form);
  if (s.user >= 0) {
    const auto user = world_.ids().text({Kind::user, 0, u32(s.user), 0});
    out.key("agent").open().member("id", user);
    out.member("name", world_.directory().users[static_cast<std::size_t>(s.user)].name.at(now_));
    out.member("selfUri", "/api/v2/users/" + user).close();
  }
  out.member("status", state.status);
  reference(out, "queue", Kind::queue, s.queue, "/api/v2/routing/queues/");
  const bool finished = state.status == "Finished";
  if (finished) {
    answers(out, form, answers_of(world_, c, s));
    out.member("completedDate", s.closed);
  }
  if (state.status == "Error") {
    out.key("surveyErrorDetails").open();
    if (s.error == "INVITATION_FLOW_FAILED")
      out.key("flowDiagnosticInfo").open().member("lastActionId", 17).close();
    out.member("surveyErrorReason", s.error).close();
  }
  if (s.team >= 0) {
    out.key("agentTeam");
    team(out, s.team);
  }
  out.member("surveyType", s.voice ? "Voice" : "Web");
  if (finished) out.member("missingRequiredAnswer", s.partial);
  if (s.voice) reference(out, "flow", Kind::flow, 9, "/api/v2/flows/");
  out.member("selfUri", "/api/v2/quality/surveys/" + world_.id(c, s)).close();
}

void Renderer::reference(Text& out, std::string_view name, Kind kind, int index,
                         std::string_view path) const {
  if (index < 0) return;
  const auto text = world_.ids().text({kind, 0, u32(index), 0});
  out.key(name).open().member("id", text).member("selfUri", std::string(path) + text).close();
}

}  // namespace csatdb::sim
