#include <fmt/format.h>

#include <algorithm>

#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;

std::uint32_t u32(int value) { return static_cast<std::uint32_t>(value); }

}  // namespace

int code_at(const Conversation& c, const Segment& s, Instant t) {
  if (s.end > t) return -1;
  return t >= c.corrected && s.code_corrected >= 0 ? s.code_corrected : s.code;
}

std::string_view status_at(const Evaluation& e, Instant t) {
  if (t >= e.finished) return "Finished";
  return t >= e.started ? "InProgress" : "Pending";
}

Instant event_at(const Evaluation& e, Instant t) {
  Instant latest = e.created;
  for (const Instant event : {e.started, e.finished, e.rescored, e.deleted}) {
    if (event <= t) latest = std::max(latest, event);
  }
  return latest;
}

void Renderer::id(Text& out, std::string_view name, const Place& place) const {
  out.key(name);
  out.out() += '"';
  world_.ids().append(out.out(), place);
  out.out() += '"';
}

void Renderer::conversation(Text& out, const Conversation& c, bool with_attributes) const {
  out.open();
  if (c.conference <= now_) out.member("conferenceStart", c.conference);
  if (c.end <= now_) out.member("conversationEnd", c.end);
  id(out, "conversationId", {Kind::conversation, c.day, c.index, 0});
  out.member("conversationInitiator", c.initiator).member("conversationStart", c.start);
  if (c.last_agent >= 0) out.member("customerParticipation", true);
  out.key("divisionIds").open_list();
  for (const int d :
       {c.division, c.second_division, now_ >= c.corrected ? c.corrected_division : -1}) {
    if (d >= 0) out.plain(world_.ids().text({Kind::division, 0, u32(d), 0}));
  }
  out.close_list();
  if (c.tagged) out.member("externalTag", fmt::format("CRM-{}", c.contact));
  if (c.mos >= 0 && c.end <= now_) {
    out.member("mediaStatsMinConversationMos", c.mos);
    out.member("mediaStatsMinConversationRFactor", c.r_factor);
  }
  out.member("originatingDirection", c.direction);
  if (c.self_served) out.member("selfServed", true);
  bool any = false;
  for (const auto& e : c.evaluations) {
    if (e.created > now_) continue;
    if (!any) out.key("evaluations").open_list();
    any = true;
    evaluation(out, c, e);
  }
  if (any) out.close_list();
  any = false;
  for (const auto& s : c.surveys) {
    if (state_of(s, now_).status.empty()) continue;
    if (!any) out.key("surveys").open_list();
    any = true;
    analytics_survey(out, c, s);
  }
  if (any) out.close_list();
  any = false;
  for (const auto& r : c.resolutions) {
    if (r.at > now_) continue;
    if (!any) out.key("resolutions").open_list();
    any = true;
    resolution(out, r);
  }
  if (any) out.close_list();
  out.key("participants").open_list();
  for (std::size_t i = 0; i < c.participants.size(); ++i) {
    if (seen(c.participants[i], now_))
      participant(out, c, c.participants[i], static_cast<int>(i), with_attributes);
  }
  out.close_list().close();
}

void Renderer::analytics_survey(Text& out, const Conversation& c, const Survey& s) const {
  const auto state = state_of(s, now_);
  out.open().member("eventTime", state.since);
  if (s.queue >= 0) id(out, "queueId", {Kind::queue, 0, u32(s.queue), 0});
  const bool finished = state.status == "Finished";
  if (finished) out.member("surveyCompletedDate", s.closed);
  id(out, "surveyFormContextId", {Kind::form_context, 0, u32(s.context), 0});
  id(out, "surveyFormId", {Kind::form, 0, u32(s.context), u32(s.version)});
  out.member("surveyFormName", world_.forms().form(s.context, s.version).name);
  id(out, "surveyId", {Kind::survey, c.day, c.index, u32(s.number)});
  if (finished) {
    const auto answers = answers_of(world_, c, s);
    out.member("surveyPartialResponse", s.partial);
    if (answers.nps >= 0) out.member("surveyPromoterScore", answers.nps);
    out.member("oSurveyTotalScore", static_cast<std::int64_t>(answers.total + 0.5));
  }
  out.member("surveyStatus", analytics_spelling(state.status));
  out.member("surveyType", s.voice ? "Voice" : "Web");
  if (s.user >= 0) id(out, "userId", {Kind::user, 0, u32(s.user), 0});
  out.close();
}

void Renderer::evaluation(Text& out, const Conversation& c, const Evaluation& e) const {
  out.open();
  if (e.assignee >= 0) {
    out.member("assigneeApplicable", true);
    id(out, "assigneeId", {Kind::user, 0, u32(e.assignee), 0});
  }
  if (e.calibration) id(out, "calibrationId", {Kind::other, c.day, c.index, u32(e.number)});
  id(out, "contextId", {Kind::evaluation_form, 0, u32(e.form), 1});
  if (e.deleted <= now_) out.member("deleted", true);
  id(out, "evaluationId", {Kind::evaluation, c.day, c.index, u32(e.number)});
  out.member("evaluationStatus", status_at(e, now_));
  id(out, "evaluatorId", {Kind::user, 0, u32(e.evaluator), 0});
  out.member("eventTime", event_at(e, now_));
  id(out, "formId", {Kind::evaluation_form, 0, u32(e.form), 0});
  out.member("formName", fmt::format("Quality form {}", e.form + 1));
  id(out, "queueId", {Kind::queue, 0, u32(e.queue), 0});
  if (e.finished <= now_) {
    out.member("released", true);
    out.member("oTotalCriticalScore", e.critical);
    out.member("oTotalScore", e.rescored <= now_ ? std::min(100, e.score + 5) : e.score);
  }
  out.member("rescored", e.rescored <= now_);
  if (e.system_submitted) out.member("systemSubmitted", true);
  id(out, "userId", {Kind::user, 0, u32(e.user), 0});
  out.close();
}

void Renderer::resolution(Text& out, const Resolution& r) const {
  out.open().member("eventTime", r.at);
  if (r.queue >= 0) id(out, "queueId", {Kind::queue, 0, u32(r.queue), 0});
  if (r.user >= 0) id(out, "userId", {Kind::user, 0, u32(r.user), 0});
  if (r.avoided >= 0) out.member("nNextContactAvoided", r.avoided);
  out.close();
}

}  // namespace csatdb::sim
