#include "sim/dimensions.hpp"

#include <algorithm>

#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;

Values one(std::string_view text) { return text.empty() ? Values{} : Values{std::string(text)}; }
Values instant(Instant t, Instant now) { return t <= now ? Values{base::to_iso(t)} : Values{}; }
Values flag(bool value) { return {value ? "true" : "false"}; }
Values place(const World& world, Kind kind, int index, std::uint32_t sub = 0) {
  if (index < 0) return {};
  return {world.ids().text({kind, 0, static_cast<std::uint32_t>(index), sub})};
}

Values segment_value(const World& world, const Conversation& c, const Segment& s, Instant t,
                     std::string_view d) {
  const bool ended = s.end <= t;
  if (d == "queueId") return place(world, Kind::queue, s.queue);
  if (d == "segmentType") return one(s.type);
  if (d == "disconnectType") return ended ? one(s.disconnect) : Values{};
  if (d == "segmentEnd") return instant(s.end, t);
  if (d == "conference") return flag(s.conference);
  if (d == "errorCode") return ended ? one(s.error) : Values{};
  if (d == "wrapUpNote") return ended ? one(s.note) : Values{};
  if (d == "subject") return one(s.subject);
  if (d == "requestedLanguageId") return place(world, Kind::language, s.language);
  if (d == "wrapUpCode") {
    const int code = code_at(c, s, t);
    if (code >= 0) return place(world, Kind::wrapup_code, code);
    return ended ? one(s.code_literal) : Values{};
  }
  if (d == "requestedRoutingSkillId") {
    auto values = place(world, Kind::skill, s.skill);
    if (s.second_skill >= 0) values.push_back(place(world, Kind::skill, s.second_skill).front());
    return values;
  }
  return {};
}

}  // namespace

Values conversation_values(const World& world, const Conversation& c, Instant t,
                           std::string_view d) {
  if (d == "conversationId") return {world.id(c)};
  if (d == "conversationStart") return instant(c.start, t);
  if (d == "conversationEnd") return instant(c.end, t);
  if (d == "conversationInitiator") return one(c.initiator);
  if (d == "originatingDirection") return one(c.direction);
  if (d == "customerParticipation") return c.last_agent >= 0 ? flag(true) : Values{};
  if (d == "externalTag") return c.tagged ? Values{"CRM-" + std::to_string(c.contact)} : Values{};
  if (d == "selfServed") return c.self_served ? flag(true) : Values{};
  if (d == "divisionId") {
    Values values;
    for (const int n :
         {c.division, c.second_division, t >= c.corrected ? c.corrected_division : -1})
      if (n >= 0) values.push_back(place(world, Kind::division, n).front());
    return values;
  }
  if (d == "externalContactId") return place(world, Kind::contact, c.contact);
  return {};
}

Values survey_values(const World& world, const Conversation& c, const Survey& s, Instant t,
                     std::string_view d) {
  const auto state = state_of(s, t);
  if (state.status.empty()) return {};
  const bool finished = state.status == "Finished";
  if (d == "surveyId") return {world.id(c, s)};
  if (d == "conversationId" || d == "divisionId" || d == "externalContactId")
    return conversation_values(world, c, t, d);
  if (d == "surveyStatus") return one(analytics_spelling(state.status));
  if (d == "eventTime") return instant(state.since, t);
  if (d == "surveyCreatedDate") return instant(s.created, t);
  if (d == "surveyCompletedDate") return finished ? instant(s.closed, t) : Values{};
  if (d == "surveyType") return one(s.voice ? "Voice" : "Web");
  if (d == "queueId") return place(world, Kind::queue, s.queue);
  if (d == "userId") return place(world, Kind::user, s.user);
  if (d == "teamId") return place(world, Kind::team, s.team);
  if (d == "surveyFormId")
    return place(world, Kind::form, s.context, static_cast<std::uint32_t>(s.version));
  if (d == "surveyFormContextId") return place(world, Kind::form_context, s.context);
  if (d == "surveyFormName") return one(world.forms().form(s.context, s.version).name);
  if (d == "surveyErrorReason") return state.status == "Error" ? one(s.error) : Values{};
  if (d == "surveyPartialResponse") return finished ? flag(s.partial) : Values{};
  if (d == "surveyPromoterScore" && finished) {
    const int nps = answers_of(world, c, s).nps;
    return nps < 0 ? Values{} : Values{std::to_string(nps)};
  }
  if (d == "mediaType") return one(c.participants.front().sessions.front().media);
  return {};
}

Values evaluation_values(const World& world, const Conversation& c, const Evaluation& e, Instant t,
                         std::string_view d) {
  if (e.created > t) return {};
  if (d == "evaluationId") return {world.id(c, e)};
  if (d == "conversationId" || d == "divisionId" || d == "conversationStart")
    return conversation_values(world, c, t, d);
  if (d == "evaluationStatus") return one(status_at(e, t));
  if (d == "eventTime") return instant(event_at(e, t), t);
  if (d == "evaluationCreatedDate") return instant(e.created, t);
  if (d == "evaluationReleaseDate") return instant(e.finished, t);
  if (d == "userId") return place(world, Kind::user, e.user);
  if (d == "queueId") return place(world, Kind::queue, e.queue);
  if (d == "evaluatorId") return place(world, Kind::user, e.evaluator);
  if (d == "assigneeId") return place(world, Kind::user, e.assignee);
  if (d == "assigneeApplicable") return e.assignee >= 0 ? flag(true) : Values{};
  if (d == "formId") return place(world, Kind::evaluation_form, e.form);
  if (d == "contextId" || d == "evaluationContextId")
    return place(world, Kind::evaluation_form, e.form, 1);
  if (d == "released") return e.finished <= t ? flag(true) : Values{};
  if (d == "rescored") return flag(e.rescored <= t);
  if (d == "deleted") return e.deleted <= t ? flag(true) : Values{};
  if (d == "systemSubmitted") return e.system_submitted ? flag(true) : Values{};
  if (d == "mediaType") return one(c.participants.front().sessions.front().media);
  return {};
}

Values session_values(const World& world, const Conversation& c, const Participant& p,
                      const Session& s, const Segment* segment, Instant t, std::string_view d) {
  if (d == "mediaType") return one(s.media);
  if (d == "direction") return one(s.direction);
  if (d == "purpose") return one(p.purpose);
  if (d == "userId") return place(world, Kind::user, p.user);
  if (d == "teamId") return place(world, Kind::team, p.team);
  if (d == "messageType") return one(s.message_type);
  if (d == "provider") return one(s.provider);
  if (d == "usedRouting") return one(s.used_routing);
  if (d == "requestedRouting") return one(s.requested_routing);
  if (d == "flowOutType") return one(s.flow_out);
  if (d == "flowInType") return one(s.flow_in);
  if (d == "flowId") return s.flow ? place(world, Kind::flow, s.flow->flow) : Values{};
  if (d == "recording") return s.recorded ? flag(true) : Values{};
  if (d == "selectedAgentId") return place(world, Kind::user, s.selected_agent);
  if (d == "externalContactId" && !p.contact) return {};
  if (auto values = conversation_values(world, c, t, d); !values.empty()) return values;
  if (segment != nullptr) return segment_value(world, c, *segment, t, d);
  Values all;
  for (const auto& row : s.segments) {
    if (row.begin > t) continue;
    for (auto& value : segment_value(world, c, row, t, d)) {
      if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(std::move(value));
    }
  }
  return all;
}

}  // namespace csatdb::sim
