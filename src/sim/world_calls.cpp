#include <algorithm>
#include <tuple>

#include "sim/stage.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using base::Millis;

struct Menu {
  Instant end;
  bool hung_up = false;
};

Session& customer_side(Stage& stage, std::string_view media, std::string_view direction,
                       Instant start) {
  auto& customer = stage.join("customer");
  auto& session = stage.open(customer, media, direction, start);
  session.recorded = media == "voice";
  return session;
}

/// The customer's own leg: it spans everything the others do.
void close_customer(Stage& stage, Session& session, Instant start, Instant end,
                    std::string_view disconnect, int queue) {
  const Instant from = std::min(end, start + stage.draw.ms(80, 300));
  add(session, "system", start, from);
  add(session, "interact", from, end, disconnect, queue);
  emit(session, "nConnected", 1, from);
  emit(session, "tConnected", end - from, end);
  if (session.media != "voice") return;
  session.stats.push_back({end, 4.4, 92.0, 40, 1200, 0});
  if (stage.draw.chance(0.4)) session.stats.push_back({end + Millis{2}, 4.1, 90.5, 30, 2500, 3});
}

/// The menu before the queue. tFlow is a little shorter than tIvr (genesys-api 3.8).
Menu menu(Stage& stage, Instant start, int target, int peer) {
  auto& participant = stage.join("ivr");
  auto& session = stage.open(participant, "voice", "inbound", start + Millis{50});
  session.peer = peer;
  const Instant begin = start + stage.draw.ms(40, 70);
  const Instant from = begin + Millis{10};
  const Millis length = std::min(stage.draw.around(24000), Millis{400000}) + Millis{900};
  const Instant end = from + length;
  const bool hangs_up = stage.draw.chance(0.05);
  const bool turned_away = !hangs_up && stage.draw.chance(0.02);
  add(session, "system", begin, from);
  add(session, "ivr", from, end, hangs_up || turned_away ? "peer" : "transfer");
  FlowVisit visit;
  visit.flow = target % 4;
  visit.entry_type = "dnis";
  visit.exit_reason = hangs_up || turned_away ? "DISCONNECT" : "TRANSFER";
  visit.transfer_type = hangs_up || turned_away ? "" : "ACD";
  visit.target_queue = hangs_up || turned_away ? -1 : target;
  visit.version = 40 + target % 33;
  visit.begin = from;
  visit.exit = end;
  const Instant entered = from + stage.draw.ms(150, 250);
  emit(session, "nFlow", 1, entered);
  if (stage.draw.chance(0.35)) {
    visit.outcome = stage.draw.below(6);
    visit.outcome_value = stage.draw.chance(0.8) ? "SUCCESS" : "FAILURE";
    emit(session, "nFlowOutcome", 1, end);
    if (visit.outcome_value == "FAILURE") emit(session, "nFlowOutcomeFailed", 1, end);
    emit(session, "tFlowOutcome", end - entered, end);
  }
  if (stage.draw.chance(0.3)) emit(session, "nFlowMilestone", 1, end);
  emit(session, "tIvr", length, end);
  emit(session, "tFlow", end - entered, end + Millis{2});
  emit(session, hangs_up || turned_away ? "tFlowDisconnect" : "tFlowExit", end - entered,
       end + Millis{2});
  session.flow = visit;
  session.stats.push_back({end + Millis{30}, 4.84, 92.1, 30, 2457, 0});
  return {end + Millis{4}, hangs_up || turned_away};
}

/// Rings at agents who do not answer, which some do first.
Instant unanswered_rings(Stage& stage, int queue, Instant at, int peer) {
  while (stage.draw.chance(0.04)) {
    const int agent = stage.agent_at(queue, at);
    auto& session = stage.open(stage.join_agent(agent, at), "voice", "inbound", at);
    session.peer = peer;
    const Instant end = at + stage.draw.ms(8000, 20000);
    add(session, "alert", at, end, "noAnswerTransfer", queue);
    emit(session, "tAlert", end - at, end);
    emit(session, "tNotResponding", end - at, end);
    at = end;
  }
  return at;
}

/// One stay in a queue and the agent who answers it; its end, or nothing if nobody did.
struct Leg {
  Instant end;
  int agent = -1;
  Exit exit = Exit::answered;
};

Leg serve(Stage& stage, Instant at, int queue, int peer, bool transfers, int not_this) {
  const double fate = stage.draw.unit();
  const Exit exit = fate < 0.07 ? Exit::abandoned : fate < 0.09 ? Exit::flow_out : Exit::answered;
  Millis wait = std::min(stage.draw.around(14000), Millis{1800000});
  if (exit == Exit::abandoned && stage.draw.chance(0.3)) wait = stage.draw.ms(400, 9000);
  const int agent = stage.agent_at(queue, at, not_this);
  const Instant end = wait_in_queue(stage, "voice", queue, at, wait, exit, agent, peer);
  if (exit != Exit::answered) return {end, -1, exit};
  Work job;
  job.queue = queue;
  job.peer = peer;
  job.answered = wait;
  job.from = unanswered_rings(stage, queue, end, peer) + stage.draw.ms(-4, 4);
  job.from = std::max(job.from, end);
  job.alert = stage.draw.chance(0.05) ? Millis{0} : std::min(stage.draw.around(1600), wait);
  job.talk = std::min(stage.draw.around(210000), Millis{9000000});
  const double holding = stage.draw.unit();
  job.holds = holding < 0.3 ? 0 : holding < 0.55 ? 1 : holding < 0.75 ? 2 : 3 + stage.draw.below(6);
  job.transfers = transfers;
  job.consults = transfers && stage.draw.chance(0.5);
  job.disconnect = transfers                ? (job.consults ? "consultTransfer" : "transfer")
                   : stage.draw.chance(0.6) ? "peer"
                                            : "client";
  return {work(stage, agent, job), agent, exit};
}

/// A colleague asked for advice while the customer holds.
void consult(Stage& stage, Instant around, int agent) {
  const int other = stage.agent_at(stage.queue_at(around), around, agent);
  Work job;
  job.direction = "outbound";
  job.purpose = "user";
  job.from = around;
  job.dialing = stage.draw.ms(900, 6000);
  job.talk = stage.draw.ms(15000, 90000);
  job.wraps = false;
  auto& c = stage.conversation;
  const auto kept = std::tuple(c.last_agent, c.last_queue, c.last_agent_end);
  work(stage, other, job);
  std::tie(c.last_agent, c.last_queue, c.last_agent_end) = kept;
  c.conference = around;
  c.participants.back().until = c.corrected;
  // The consultation is a conversation of its own elsewhere.
  c.participants.back().sessions.front().segments.front().related = static_cast<int>(c.index ^ 1U);
}

Instant voice_survey(Stage& stage, Instant at, int peer) {
  auto& session = stage.open(stage.join("voicesurveyflow"), "voice", "inbound", at);
  session.peer = peer;
  const Instant from = at + Millis{12};
  const Instant end = from + stage.draw.ms(9000, 70000);
  add(session, "system", at, from);
  add(session, "ivr", from, end, "peer");
  FlowVisit visit;
  visit.flow = 9;
  visit.entry_type = "flow";
  visit.exit_reason = "DISCONNECT";
  visit.version = 3;
  visit.begin = from;
  visit.exit = end;
  session.flow = visit;
  emit(session, "nFlow", 1, from);
  emit(session, "tIvr", end - from, end);
  emit(session, "tFlow", end - from, end + Millis{2});
  emit(session, "tFlowDisconnect", end - from, end + Millis{2});
  stage.conversation.voice_survey_begin = from;
  stage.conversation.voice_survey_end = end;
  return end;
}

void voicemail(Stage& stage, Instant at, int queue, int peer, Instant& end) {
  auto& session = stage.open(stage.join("voicemail"), "voice", "inbound", at);
  session.peer = peer;
  const Instant from = at + stage.draw.ms(10, 50);
  end = from + stage.draw.ms(4000, 90000);
  add(session, "system", at, from, {}, queue);
  add(session, "interact", from, end, "peer", queue);
  emit(session, "tVoicemail", end - from, end);
}

}  // namespace

void write_call(Stage& stage, Instant start) {
  auto& c = stage.conversation;
  c.direction = "inbound";
  c.initiator = "customer";
  int queue = stage.queue_at(start);
  auto& customer = customer_side(stage, "voice", "inbound", start);
  const auto entry = menu(stage, start, queue, customer.number);
  if (entry.hung_up) {
    c.self_served = true;
    close_customer(stage, customer, start, entry.end, "endpoint", -1);
    return;
  }
  Leg leg{entry.end + stage.draw.ms(40, 110), -1, Exit::answered};
  int last_agent = -1;
  for (int legs = 0; legs < 4; ++legs) {
    const bool transfers = legs < 3 && stage.draw.chance(0.30);
    const Instant begin = leg.end;
    leg = serve(stage, begin, queue, customer.number, transfers, last_agent);
    if (leg.agent >= 0 && stage.draw.chance(0.12)) consult(stage, leg.end, leg.agent);
    last_agent = leg.agent;
    if (!transfers || leg.agent < 0) break;
    leg.end += stage.draw.ms(20, 120);
    queue = stage.queue_at(leg.end);
  }
  Instant end = leg.end;
  std::string_view disconnect = "peer";
  if (leg.exit == Exit::abandoned) disconnect = "endpoint";
  if (leg.exit == Exit::flow_out) voicemail(stage, leg.end, queue, customer.number, end);
  if (leg.agent >= 0 && stage.draw.chance(0.09)) end = voice_survey(stage, end, customer.number);
  close_customer(stage, customer, start, end, disconnect, queue);
}

void write_callback(Stage& stage, Instant start) {
  auto& c = stage.conversation;
  c.direction = "inbound";
  c.initiator = "customer";
  const int queue = stage.queue_at(start);
  auto& customer = customer_side(stage, "voice", "inbound", start);
  auto& participant = c.participants.back();
  const auto entry = menu(stage, start, queue, customer.number);
  const Instant asked = entry.end;
  close_customer(stage, customer, start, asked + stage.draw.ms(200, 2000), "endpoint", queue);
  // Most are called back the same day; some are booked two months ahead (past 32 bits of ms).
  Millis wait = stage.draw.around(2700000);
  if (stage.draw.chance(0.08)) wait = stage.draw.ms(5000000000, 5300000000);
  const bool given_up = stage.draw.chance(0.15);
  const Instant from = asked + stage.draw.ms(200, 60000);
  const Instant ready = from + wait;
  auto& wish = stage.open(participant, "callback", "outbound", asked);
  wish.callback = true;
  wish.callback_at = ready;
  add(wish, "uploading", asked, from, {}, queue);
  auto& acd = stage.open(stage.join("acd"), "callback", "outbound", asked);
  acd.callback = true;
  acd.peer = wish.number;
  acd.flow_in = "flow";
  acd.requested_routing = "Standard";
  add(acd, "uploading", asked, from, {}, queue);
  add(acd, "interact", from, ready, given_up ? "peer" : "transfer", queue);
  emit(acd, "nOffered", 1, from);
  emit(acd, "nCallbackScheduled", 1, from);
  emit(acd, "tAcd", wait, ready);
  Instant end = ready;
  if (!given_up) {
    const int agent = stage.agent_at(queue, ready);
    Work job;
    job.media = "callback";
    job.queue = queue;
    job.peer = wish.number;
    job.answered = wait;
    job.alert = stage.draw.ms(0, 4000);
    job.from = ready + job.alert;
    job.talk = stage.draw.around(120000);
    end = work(stage, agent, job);
    emit(c.participants.back().sessions.front(), "nCallbackAttempts", 1,
         c.participants.back().sessions.front().metrics.back().at);
  }
  add(wish, "interact", from, end, given_up ? "client" : "peer", queue);
  emit(wish, "nConnected", 1, from);
  emit(wish, "tConnected", end - from, end);
}

}  // namespace csatdb::sim
