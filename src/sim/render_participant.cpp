#include <fmt/format.h>

#include "sim/names.hpp"
#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

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
  session_parts(out, c, s);
  out.close();
}

void Renderer::session_parts(Text& out, const Conversation& c, const Session& s) const {
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
