#include <algorithm>

#include "sim/names.hpp"
#include "sim/stage.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using base::Millis;

/// Puts metrics measured during an interaction in their place by time.
void order(Session& session) {
  std::stable_sort(session.metrics.begin(), session.metrics.end(),
                   [](const Metric& a, const Metric& b) { return a.at < b.at; });
}

/// Question and answer in turns between two sides, as messages and chats count them.
void take_turns(Stage& stage, Session& agent, Session& customer, Instant from, Instant end,
                int turns) {
  const auto slice = (end - from) / (turns + 1);
  Millis agent_sum{0};
  Millis customer_sum{0};
  for (int i = 0; i < turns; ++i) {
    const Instant asked = from + slice * i;
    const Millis reply = slice / 3 + stage.draw.ms(0, std::max<std::int64_t>(slice.count() / 3, 1));
    emit(agent, i == 0 ? "tFirstResponse" : "tAgentResponseTime", reply, asked + reply);
    if (i > 0) agent_sum += reply;
    const Millis back = slice - reply;
    emit(customer, "tUserResponseTime", back, asked + slice);
    customer_sum += back;
  }
  if (turns > 1) emit(agent, "tAverageAgentResponseTime", agent_sum / (turns - 1), end);
  emit(agent, "oMessageTurn", turns, end);
  emit(agent, "oMessageCount", turns * 2 + 1, end);
  emit(agent, "oMessageSegmentCount", turns * 3, end);
  if (turns > 0) emit(customer, "tAverageCustomerResponseTime", customer_sum / turns, end);
  if (stage.draw.chance(0.2)) {
    agent.media_count = 1 + stage.draw.below(3);
    emit(agent, "oMediaCount", agent.media_count, end);
  }
  order(agent);
  order(customer);
}

struct Digital {
  std::string_view media;
  std::int64_t wait, talk;  ///< medians, ms
  int turns;
  bool parks = false;
  double abandoned = 0.05, transferred = 0.12;
};

/// Queue and agent(s) of a digital conversation; its end.
Instant serve(Stage& stage, const Digital& kind, Session& customer, Instant at, int& queue,
              bool& answered) {
  answered = false;
  for (int legs = 0; legs < 3; ++legs) {
    const bool abandoned = stage.draw.chance(kind.abandoned);
    const Millis wait = stage.draw.around(kind.wait);
    const int agent = stage.agent_at(queue, at);
    const Instant end =
        wait_in_queue(stage, kind.media, queue, at, wait,
                      abandoned ? Exit::abandoned : Exit::answered, agent, customer.number);
    if (abandoned) return end;
    answered = true;
    const bool transfers = legs < 2 && stage.draw.chance(kind.transferred);
    Work job;
    job.media = kind.media;
    job.queue = queue;
    job.peer = customer.number;
    job.answered = wait;
    job.alert = std::min(wait, stage.draw.around(3000));
    job.from = end + stage.draw.ms(0, 5);
    job.talk = stage.draw.around(kind.talk);
    job.holds = stage.draw.chance(kind.parks ? 0.4 : 0.06) ? 1 : 0;
    job.parks = kind.parks;
    job.transfers = transfers;
    job.disconnect = transfers ? "transfer" : stage.draw.chance(0.5) ? "client" : "peer";
    const Instant done = work(stage, agent, job);
    auto& session = stage.conversation.participants.back().sessions.front();
    if (kind.turns > 0)
      take_turns(stage, session, customer, job.from, done, 1 + stage.draw.below(kind.turns * 2));
    at = done;
    if (!transfers) break;
    at += stage.draw.ms(10, 400);
    queue = stage.queue_at(at);
  }
  return at;
}

void close_customer(Session& session, Instant start, Instant end, std::string_view disconnect,
                    int queue) {
  session.segments.clear();
  add(session, "interact", start, end, disconnect, queue);
  session.metrics.insert(session.metrics.begin(), {"nConnected", 1, start});
  emit(session, "tConnected", end - start, end);
}

/// The bot that greets a customer before a queue does.
Instant bot(Stage& stage, Instant start, int peer, int flow, std::string_view media) {
  auto& session = stage.open(stage.join(flow == 5 ? "botflow" : "workflow"), media, "inbound",
                             start + Millis{3});
  session.peer = peer;
  const Instant from = start + Millis{3};
  const Instant end = from + stage.draw.around(20000);
  add(session, flow == 5 ? "interact" : "ivr", from, end, "transfer");
  FlowVisit visit;
  visit.flow = flow;
  visit.entry_type = "direct";
  visit.exit_reason = "TRANSFER";
  visit.transfer_type = "ACD";
  visit.version = 12;
  visit.begin = from;
  visit.exit = end;
  if (stage.draw.chance(0.5)) {
    visit.outcome = stage.draw.below(6);
    visit.outcome_value = "SUCCESS";
    emit(session, "nFlowOutcome", 1, end);
  }
  session.flow = visit;
  emit(session, "nFlow", 1, from);
  if (flow == 5) emit(session, "nBotInteractions", 1, end);
  emit(session, "tFlow", end - from, end);
  emit(session, "tFlowExit", end - from, end);
  order(session);
  return end;
}

}  // namespace

void write_chat(Stage& stage, Instant start) {
  auto& c = stage.conversation;
  c.direction = "inbound";
  c.initiator = "customer";
  int queue = stage.queue_at(start);
  auto& customer = stage.open(stage.join("customer"), "chat", "inbound", start);
  customer.requested_routing = customer.used_routing = "Standard";
  bool answered = false;
  const Instant end = serve(stage, {"chat", 8000, 420000, 16, false, 0.05, 0.25}, customer,
                            start + stage.draw.ms(3, 30), queue, answered);
  close_customer(customer, start, end, answered ? "peer" : "timeout", queue);
}

void write_message(Stage& stage, Instant start) {
  auto& c = stage.conversation;
  c.direction = "inbound";
  c.initiator = "customer";
  int queue = stage.queue_at(start);
  auto& customer = stage.open(stage.join("customer"), "message", "inbound", start);
  static constexpr std::string_view kTypes[] = {"webmessaging", "whatsapp", "facebook", "sms"};
  static constexpr std::string_view kSources[] = {"WebChat", "WhatsApp", "Facebook", "SMS"};
  const auto type = static_cast<std::size_t>(stage.draw.below(4));
  customer.message_type = kTypes[type];
  customer.engagement = kSources[type];
  customer.delivery = stage.draw.chance(0.9) ? "Received" : "DeliveryFailed";
  const Instant greeted = bot(stage, start, customer.number, 5, "message");
  bool answered = false;
  const Instant end = serve(stage, {"message", 25000, 900000, 22, false, 0.04, 0.3}, customer,
                            greeted + Millis{7}, queue, answered);
  for (auto& participant : c.participants) {
    for (auto& session : participant.sessions) session.message_type = kTypes[type];
  }
  close_customer(customer, start, end, answered ? "peer" : "inactivity", queue);
  // A screen looked at together is a session without segments of its own.
  if (answered && stage.draw.chance(0.03))
    stage.open(c.participants.back(), "screenshare", "inbound", greeted).peer = customer.number;
}

void write_email(Stage& stage, Instant start) {
  auto& c = stage.conversation;
  c.direction = "inbound";
  c.initiator = "external";
  int queue = stage.queue_at(start);
  const auto subject = stage.draw.pick(email_subjects());
  auto& customer = stage.open(stage.join("external"), "email", "inbound", start);
  const Instant sorted = bot(stage, start, customer.number, 6, "email");
  bool answered = false;
  const Instant end = serve(stage, {"email", 3600000, 480000, 0, true, 0.0, 0.15}, customer,
                            sorted + Millis{11}, queue, answered);
  close_customer(customer, start, end, "client", queue);
  for (auto& participant : c.participants) {
    for (auto& session : participant.sessions) {
      for (auto& segment : session.segments) {
        if (participant.purpose != "acd") segment.subject = subject;
      }
    }
  }
}

}  // namespace csatdb::sim
