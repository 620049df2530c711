#include "sim/stage.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace csatdb::sim {
namespace {

using base::Instant;
using base::Millis;

constexpr std::size_t kMostParticipants = 24;
constexpr std::size_t kMostSessions = 2;

/// Requested skills and language of a queue: the same for all its segments.
void ask_for_skills(Segment& segment, int queue) {
  if (queue < 0) return;
  segment.skill = queue % 17;
  if (queue % 3 == 0) segment.second_skill = (queue + 7) % 17;
  if (queue % 4 == 1) segment.language = queue % 5;
}

void finish_with_code(Stage& stage, Segment& wrapup) {
  const double fate = stage.draw.unit();
  if (fate < 0.06) {
    wrapup.code_literal = "ININ-WRAP-UP-TIMEOUT";
  } else if (fate < 0.08) {
    wrapup.code_literal = "ININ-WRAP-UP-SKIPPED";
  } else if (fate < 0.94) {
    wrapup.code = stage.draw.below(static_cast<int>(stage.directory.codes.size()));
    wrapup.code_corrected = (wrapup.code + 1) % static_cast<int>(stage.directory.codes.size());
  }
  if (stage.draw.chance(0.05)) wrapup.note = "Customer will send the papers, see ticket \"4711\"";
}

void add_stats(Stage& stage, Session& session, Instant at) {
  auto& c = stage.conversation;
  MediaStat stat;
  stat.at = at;
  stat.mos = 3.6 + stage.draw.unit() * 1.28;
  stat.r_factor = 70.0 + stage.draw.unit() * 22.5;
  stat.latency = 10 + stage.draw.below(60);
  stat.received = 500 + stage.draw.below(60000);
  stat.discarded = stage.draw.chance(0.2) ? stage.draw.below(40) : 0;
  if (c.mos < 0 || stat.mos < c.mos) c.mos = stat.mos;
  if (c.r_factor < 0 || stat.r_factor < c.r_factor) c.r_factor = stat.r_factor;
  session.stats.push_back(stat);
}

/// The parts of an interaction: talk and hold in turns, beginning and ending with talk.
struct Parts {
  Millis talk{0}, held{0};
  Instant end;
};

Parts converse(Stage& stage, Session& session, const Work& job, Instant from, Instant until) {
  const auto hold_type = job.parks ? "parked" : "hold";
  const auto held_name = job.parks ? "tPark" : "tHeld";
  Parts parts;
  Instant at = from;
  const auto slice = (until - from) / (2 * job.holds + 1);
  for (int i = 0; i < job.holds; ++i) {
    const Instant pause = at + slice + stage.draw.ms(-slice.count() / 3, slice.count() / 3);
    // A hold may have no length at all (genesys-api 3.8).
    const Instant resume = stage.draw.chance(0.03) ? pause : pause + slice;
    ask_for_skills(add(session, "interact", at, pause, {}, job.queue), job.queue);
    emit(session, "tTalk", pause - at, pause);
    ask_for_skills(add(session, hold_type, pause, resume, {}, job.queue), job.queue);
    emit(session, held_name, resume - pause, resume);
    parts.talk += pause - at;
    parts.held += resume - pause;
    at = resume;
  }
  until = std::max(until, at);
  auto& last = add(session, "interact", at, until, job.disconnect, job.queue);
  ask_for_skills(last, job.queue);
  if (job.holds > 0)
    emit(session, job.parks ? "tParkComplete" : "tHeldComplete", parts.held, until);
  emit(session, "tTalk", until - at, until);
  parts.talk += until - at;
  emit(session, "tTalkComplete", parts.talk, until);
  parts.end = until;
  return parts;
}

/// What comes before the first word: dialing, contacting, alerting.
void lead_in(Session& session, const Work& job, Instant at) {
  if (job.dialing.count() > 0) {
    add(session, "dialing", at, at + job.dialing, {}, job.queue);
    at += job.dialing;
    emit(session, "tDialing", job.dialing, at);
  }
  if (job.contacting.count() > 0) {
    add(session, "contacting", at, at + job.contacting, {}, job.queue);
    at += job.contacting;
    emit(session, "tContacting", job.contacting, at);
  }
  if (job.answered.count() >= 0) {
    ask_for_skills(add(session, "alert", at, job.from, {}, job.queue), job.queue);
    emit(session, "tAlert", job.from - at, job.from);
    emit(session, "tAnswered", job.answered, job.from);
  }
}

}  // namespace

Stage::Stage(const Directory& people, Conversation& page, std::uint64_t key)
    : directory(people), conversation(page), draw(key) {
  conversation.participants.reserve(kMostParticipants);
}

Participant& Stage::join(std::string_view purpose) {
  auto& participant = conversation.participants.emplace_back();
  participant.purpose = purpose;
  participant.contact = purpose == "customer" || purpose == "external";
  participant.sessions.reserve(kMostSessions);
  return participant;
}

Session& Stage::open(Participant& participant, std::string_view media, std::string_view direction,
                     Instant begin) {
  auto& session = participant.sessions.emplace_back();
  session.number = sessions_++;
  session.media = media;
  session.direction = direction;
  session.begin = begin;
  session.provider = media == "voice"      ? "Edge"
                     : media == "callback" ? "PureCloud Callback"
                     : media == "chat"     ? "Webchat Provider"
                     : media == "email"    ? "PureCloud Email"
                                           : "PureCloud Messaging";
  return session;
}

int Stage::queue_at(Instant t) {
  const auto& queues = directory.queues;
  for (int tries = 0; tries < 20; ++tries) {
    // The square favours the first queues: a few are busy, most are not.
    const double u = draw.unit();
    const int queue = static_cast<int>(u * u * static_cast<double>(queues.size()));
    const auto& row = queues[static_cast<std::size_t>(queue)];
    if (row.created <= t && t < row.deleted) return queue;
  }
  return 0;
}

int Stage::agent_at(int queue, Instant t, int not_this) {
  const int count = static_cast<int>(directory.users.size());
  const int window = std::max(1, std::min(count, 25));
  for (int tries = 0; tries < 40; ++tries) {
    const int user = (queue * 5 + draw.below(window)) % count;
    if (user != not_this && directory.users[static_cast<std::size_t>(user)].works(t)) return user;
  }
  return 0;
}

Participant& Stage::join_agent(int user, Instant t, std::string_view purpose) {
  auto& participant = join(purpose);
  participant.user = user;
  participant.team = directory.users[static_cast<std::size_t>(user)].team_at(t);
  return participant;
}

Instant wait_in_queue(Stage& stage, std::string_view media, int queue, Instant at, Millis wait,
                      Exit exit, int selected_agent, int peer) {
  auto& session = stage.open(stage.join("acd"), media, "inbound", at);
  session.peer = peer;
  session.requested_routing = "Standard";
  session.used_routing = exit == Exit::answered ? "Standard" : "";
  session.selected_agent = exit == Exit::answered ? selected_agent : -1;
  session.skill = queue % 17;
  if (queue % 5 == 2) session.ring = 1 + stage.draw.below(3);
  if (media == "voice") session.flow_in = "flow";
  const Instant from = at + stage.draw.ms(4, 60);
  const Instant end = from + wait;
  ask_for_skills(add(session, "delay", at, from, {}, queue), queue);
  auto& segment =
      add(session, "interact", from, end, exit == Exit::abandoned ? "peer" : "transfer", queue);
  ask_for_skills(segment, queue);
  if (media == "voice" && exit == Exit::answered) segment.sip = 410;
  emit(session, "nOffered", 1, from);
  if (stage.draw.chance(0.3)) emit(session, "oSkillExpressionApplications", 1, from);
  const auto level = Millis{stage.directory.queues[static_cast<std::size_t>(queue)].level_s * 1000};
  if (exit == Exit::answered && media == "voice" && wait > level) emit(session, "nOverSla", 1, end);
  if (exit == Exit::abandoned) {
    emit(session, "tAbandon", wait, end);
    if (wait < Millis{10000}) emit(session, "tShortAbandon", wait, end);
  }
  if (exit == Exit::flow_out) {
    session.flow_out = stage.draw.chance(0.5) ? "voicemail" : "flow";
    emit(session, "tFlowOut", wait, end);
  }
  emit(session, "tAcd", wait, end);
  if (media == "voice") add_stats(stage, session, end);
  return end;
}

Instant work(Stage& stage, int agent, const Work& job) {
  const Instant begin = job.from - job.alert - job.dialing - job.contacting;
  auto& participant = stage.join_agent(agent, begin, job.purpose);
  auto& session = stage.open(participant, job.media, job.direction, begin);
  session.peer = job.peer;
  session.recorded = job.media == "voice" && stage.draw.chance(0.7);
  session.skill = job.queue >= 0 ? job.queue % 17 : -1;
  if (job.answered.count() >= 0) {
    session.requested_routing = "Standard";
    session.used_routing = stage.draw.chance(0.9) ? "Standard" : "Bullseye";
    session.selected_agent = agent;
    session.rank = stage.draw.chance(0.2) ? stage.draw.below(5) : -1;
  }
  lead_in(session, job, begin);
  const Instant until = job.from + job.talk;
  if (job.consults) emit(session, "nConsult", 1, job.from);
  const auto parts = converse(stage, session, job, job.from, until);
  if (job.transfers) {
    if (job.consults)
      emit(session, "nConsultTransferred", 1, parts.end);
    else
      emit(session, "nBlindTransferred", 1, parts.end);
    emit(session, "nTransferred", 1, parts.end);
  }
  Instant end = parts.end;
  Millis acw{0};
  if (stage.draw.chance(0.02)) emit(session, "nError", 1, parts.end + Millis{1});
  if (job.wraps) {
    acw = std::min(stage.draw.around(25000), Millis{900000});
    end += acw;
    auto& wrapup = add(session, "wrapup", parts.end, end, job.disconnect, job.queue);
    ask_for_skills(wrapup, job.queue);
    if (stage.draw.chance(0.02)) wrapup.error = "error.ininedgecontrol.session.inactive";
    finish_with_code(stage, wrapup);
    emit(session, "tAcw", acw, end);
  }
  const Millis held = job.parks ? Millis{0} : parts.held;
  emit(session, "tHandle", parts.talk + held + acw + job.contacting + job.dialing, end);
  if (job.media == "voice") {
    add_stats(stage, session, parts.end);
    if (job.holds > 0) add_stats(stage, session, parts.end);
  }
  auto& c = stage.conversation;
  c.last_agent = agent;
  c.last_queue = job.queue;
  c.last_agent_end = parts.end;
  return parts.end;
}

}  // namespace csatdb::sim
