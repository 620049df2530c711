#include <algorithm>

#include "sim/stage.hpp"

namespace csatdb::sim {

using base::Instant;
using base::Millis;

void write_outbound_call(Stage& stage, Instant start) {
  auto& c = stage.conversation;
  c.direction = "outbound";
  const bool campaign = stage.draw.chance(0.4);
  c.initiator = campaign ? "dialer" : "agent";
  const int queue = stage.queue_at(start);
  const bool reached = stage.draw.chance(0.7);
  const int agent = stage.agent_at(queue, start);
  const Millis dialing = stage.draw.ms(3000, 25000);
  Work job;
  job.direction = "outbound";
  job.queue = queue;
  job.dialing = dialing;
  job.contacting = stage.draw.chance(0.3) ? stage.draw.ms(200, 2000) : Millis{0};
  job.from = start + dialing + job.contacting;
  job.talk = reached ? std::min(stage.draw.around(150000), Millis{5000000}) : Millis{0};
  job.holds = reached && stage.draw.chance(0.2) ? 1 : 0;
  job.disconnect = reached ? "client" : "uncallable";
  const Instant end = work(stage, agent, job);
  auto& agent_session = c.participants.back().sessions.front();
  agent_session.outbound_campaign = campaign;
  agent_session.metrics.insert(agent_session.metrics.begin(), {"nOutbound", 1, start});
  if (campaign) {
    agent_session.metrics.insert(agent_session.metrics.begin() + 1,
                                 {"nOutboundAttempted", 1, start});
    if (reached) emit(agent_session, "nOutboundConnected", 1, agent_session.metrics.back().at);
  }
  auto& other = stage.join(stage.draw.chance(0.2) ? "external" : "customer");
  auto& session = stage.open(other, "voice", "outbound", start);
  session.peer = 0;
  session.outbound_campaign = campaign;
  add(session, "dialing", start, job.from);
  if (!reached) return;
  add(session, "interact", job.from, end, "peer", queue);
  emit(session, "nConnected", 1, job.from);
  emit(session, "tConnected", end - job.from, end);
}

}  // namespace csatdb::sim
