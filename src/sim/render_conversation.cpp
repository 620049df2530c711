#include <fmt/format.h>

#include <algorithm>

#include "sim/names.hpp"
#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;

std::uint32_t u32(int value) { return static_cast<std::uint32_t>(value); }

std::string phone(int contact) { return fmt::format("tel:+1555{:07}", contact); }
std::string contact_name(int contact) {
  const auto n = static_cast<std::size_t>(contact);
  return fmt::format("{} {}", first_names()[n], last_names()[n / 31]);
}
std::string mailbox(int contact) { return fmt::format("customer{}@example.invalid", contact); }

void list_of_one(Text& out, std::string_view name, std::string_view value) {
  out.key(name).open_list().text(value).close_list();
}

void stat(Text& out, const MediaStat& s) {
  out.open();
  out.key("codecs").open_list().plain(s.received % 3 == 0 ? "audio/PCMU" : "audio/opus");
  out.close_list();
  out.member("eventTime", s.at);
  if (s.discarded > 0) out.member("discardedPackets", s.discarded);
  out.member("maxLatencyMs", s.latency).member("minMos", s.mos).member("minRFactor", s.r_factor);
  out.member("receivedPackets", s.received).close();
}

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

void Renderer::participant(Text& out, const Conversation& c, const Participant& p, int number,
                           bool with_attributes) const {
  out.open();
  if (p.contact) id(out, "externalContactId", {Kind::contact, 0, u32(c.contact), 0});
  if (c.tagged && p.contact) out.member("flaggedReason", "general");
  id(out, "participantId", {Kind::participant, c.day, c.index, u32(number)});
  if (p.contact) {
    out.member("participantName", contact_name(c.contact));
  } else if (p.purpose == "ivr" || p.purpose == "acd") {
    out.member("participantName", p.purpose == "ivr" ? "Main Menu" : "Queue");
  }
  out.member("purpose", p.purpose);
  if (p.team >= 0) id(out, "teamId", {Kind::team, 0, u32(p.team), 0});
  if (p.user >= 0) id(out, "userId", {Kind::user, 0, u32(p.user), 0});
  out.key("sessions").open_list();
  for (const auto& s : p.sessions) {
    if (seen(s, now_)) session(out, c, p, s);
  }
  out.close_list();
  if (with_attributes && p.contact) attributes(out, c);
  out.close();
}

void Renderer::attributes(Text& out, const Conversation& c) const {
  // Keys and values are cut at 1024 characters (genesys-api 3.5).
  out.key("attributes").open();
  out.member("ivr.choice", fmt::format("{}", 1 + c.contact % 6));
  out.member("ivr.language", c.contact % 3 == 0 ? "fr" : "en");
  if (c.contact % 4 == 0) out.member("csat_inline", fmt::format("{}", 1 + c.contact % 5));
  if (c.contact % 7 == 0) out.member("customer_number", fmt::format("K-{:06}", c.contact));
  if (c.contact % 50 == 0) out.member("transcript", std::string(1024, 'x'));
  if (c.contact % 50 == 1) out.member(std::string(1024, 'k'), "");
  out.close();
}

void Renderer::addresses(Text& out, const Conversation& c, const Participant& p,
                         const Session& s) const {
  const bool customer = p.contact;
  if (s.media == "voice") {
    const auto number = phone(c.contact);
    const auto service = phone(9990000 + c.division);
    const bool inbound = c.direction == "inbound";
    out.member("ani", inbound ? number : service).member("dnis", inbound ? service : number);
    out.member("sessionDnis", inbound ? service : number);
    id(out, "edgeId", {Kind::edge, 0, c.index % 5, 0});
    out.member("protocolCallId", fmt::format("call-{:x}", mix(c.index, u32(s.number))));
    if (!customer) out.member("remote", number);
    out.member("remoteNameDisplayable", customer ? contact_name(c.contact) : "");
  } else if (s.media == "email") {
    out.member("addressFrom", mailbox(c.contact)).member("addressTo", "service@example.invalid");
    if (c.contact % 9 == 0) list_of_one(out, "cc", mailbox(c.contact + 1));
    list_of_one(out, "destinationAddresses", "service@example.invalid");
  } else if (s.media == "message") {
    out.member("addressFrom", customer ? phone(c.contact) : "acme-messages");
    out.member("addressTo", customer ? "acme-messages" : phone(c.contact));
    if (!customer) out.member("remote", contact_name(c.contact));
  } else if (s.media == "chat") {
    if (!customer) out.member("remote", contact_name(c.contact));
    out.member("roomId", fmt::format("room-{}-{}", c.day, c.index));
  } else if (s.media == "callback") {
    list_of_one(out, "callbackNumbers", phone(c.contact));
    out.member("callbackUserName", contact_name(c.contact));
    if (s.callback_at != kNever) out.member("callbackScheduledTime", s.callback_at);
    out.member("skipEnabled", true).member("timeoutSeconds", 0);
  }
}

void Renderer::session(Text& out, const Conversation& c, const Participant& p,
                       const Session& s) const {
  const auto session_place = [&](int number) {
    return Place{Kind::session, c.day, c.index, u32(number)};
  };
  const auto skill = [&](std::string_view name, int index) {
    if (index < 0) return;
    out.key(name)
        .open_list()
        .plain(world_.ids().text({Kind::skill, 0, u32(index), 0}))
        .close_list();
  };
  out.open();
  skill("activeSkillIds", s.skill);
  addresses(out, c, p, s);
  if (s.ring >= 0) out.member("agentBullseyeRing", s.ring).member("routingRing", s.ring);
  out.maybe("deliveryStatus", s.delivery);
  if (s.delivery == "DeliveryFailed") out.member("deliveryStatusChangeDate", s.begin);
  out.member("direction", s.direction);
  out.maybe("engagementSource", s.engagement);
  out.maybe("flowInType", s.flow_in).maybe("flowOutType", s.flow_out);
  if (s.media_count >= 0) out.member("mediaCount", s.media_count);
  out.member("mediaType", s.media).maybe("messageType", s.message_type);
  if (s.outbound_campaign) {
    id(out, "outboundCampaignId", {Kind::campaign, 0, c.index % 3, 0});
    id(out, "outboundContactId", {Kind::contact, 0, u32(c.contact), 1});
    id(out, "outboundContactListId", {Kind::campaign, 0, c.index % 3, 1});
    out.member("dispositionName", "DEFAULT");
  }
  if (s.peer >= 0) id(out, "peerId", session_place(s.peer));
  out.member("provider", s.provider);
  if (s.recorded) out.member("recording", true);
  if (!s.requested_routing.empty()) list_of_one(out, "requestedRoutings", s.requested_routing);
  if (s.selected_agent >= 0) id(out, "selectedAgentId", {Kind::user, 0, u32(s.selected_agent), 0});
  if (s.rank >= 0) out.member("selectedAgentRank", s.rank);
  id(out, "sessionId", session_place(s.number));
  out.maybe("usedRouting", s.used_routing);
  if (s.rank >= 0) {
    out.key("proposedAgents").open_list().open().member("agentRank", s.rank);
    id(out, "proposedAgentId", {Kind::user, 0, u32(s.selected_agent), 0});
    out.close().close_list();
  }
  const auto list = [&](std::string_view name, const auto& rows, const auto& shown, auto write) {
    bool any = false;
    for (const auto& row : rows) {
      if (!shown(row)) continue;
      if (!any) out.key(name).open_list();
      any = true;
      write(row);
    }
    if (any) out.close_list();
  };
  list(
      "mediaEndpointStats", s.stats, [&](const MediaStat& m) { return m.at <= now_; },
      [&](const MediaStat& m) { stat(out, m); });
  if (s.flow && s.flow->begin <= now_) flow_visit(out, *s.flow);
  list(
      "metrics", s.metrics, [&](const Metric& m) { return m.at <= now_; },
      [&](const Metric& m) {
        out.open().member("emitDate", m.at).key("name").plain(m.name);
        out.member("value", m.value).close();
      });
  list(
      "segments", s.segments, [&](const Segment& g) { return g.begin <= now_; },
      [&](const Segment& g) { segment(out, c, g); });
  out.close();
}

void Renderer::flow_visit(Text& out, const FlowVisit& v) const {
  const auto& flow = world_.directory().flows[static_cast<std::size_t>(v.flow)];
  const bool left = v.exit <= now_;
  out.key("flow").open();
  if (left) out.member("endingLanguage", "en-us");
  out.member("entryType", v.entry_type);
  if (left) out.member("exitReason", v.exit_reason);
  id(out, "flowId", {Kind::flow, 0, u32(v.flow), 0});
  out.member("flowName", flow.name.at(now_)).member("flowType", flow.kind);
  out.member("flowVersion", fmt::format("{}.0", v.version)).member("startingLanguage", "en-us");
  if (left && v.target_queue >= 0) {
    id(out, "transferTargetAddress", {Kind::queue, 0, u32(v.target_queue), 0});
    out.member("transferTargetName",
               world_.directory().queues[static_cast<std::size_t>(v.target_queue)].name.at(now_));
  }
  if (left) out.maybe("transferType", v.transfer_type);
  if (left && v.outcome >= 0) {
    out.key("outcomes").open_list().open();
    out.member("flowOutcome", fmt::format("Outcome {}", v.outcome + 1));
    out.member("flowOutcomeEndTimestamp", v.exit);
    id(out, "flowOutcomeId", {Kind::flow_outcome, 0, u32(v.outcome), 0});
    out.member("flowOutcomeStartTimestamp", v.begin).member("flowOutcomeValue", v.outcome_value);
    out.close().close_list();
  }
  out.close();
}

void Renderer::segment(Text& out, const Conversation& c, const Segment& s) const {
  const bool ended = s.end <= now_;
  out.open().member("conference", s.conference);
  if (ended) out.maybe("disconnectType", s.disconnect).maybe("errorCode", s.error);
  if (s.queue >= 0) id(out, "queueId", {Kind::queue, 0, u32(s.queue), 0});
  if (s.language >= 0) id(out, "requestedLanguageId", {Kind::language, 0, u32(s.language), 0});
  if (s.skill >= 0) {
    out.key("requestedRoutingSkillIds").open_list();
    for (const int skill : {s.skill, s.second_skill}) {
      if (skill >= 0) out.plain(world_.ids().text({Kind::skill, 0, u32(skill), 0}));
    }
    out.close_list();
  }
  if (ended) out.member("segmentEnd", s.end);
  out.member("segmentStart", s.begin).key("segmentType").plain(s.type);
  if (ended && s.sip > 0) out.key("sipResponseCodes").open_list().integer(s.sip).close_list();
  if (s.related >= 0)
    id(out, "sourceConversationId", {Kind::conversation, c.day, u32(s.related), 0});
  out.maybe("subject", s.subject);
  const int code = code_at(c, s, now_);
  if (code >= 0) id(out, "wrapUpCode", {Kind::wrapup_code, 0, u32(code), 0});
  if (ended) out.maybe("wrapUpCode", s.code_literal).maybe("wrapUpNote", s.note);
  out.close();
}

}  // namespace csatdb::sim
