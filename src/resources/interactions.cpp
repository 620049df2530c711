#include "resources/interactions.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "resources/facts.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Batch;
using model::Column;
using model::Table;
using model::Type;

constexpr Column kInteractionsColumns[] = {
    {"", "started_ms", Type::instant},
    {"", "ended_ms", Type::instant},
    {"", "utc_offset_s", Type::integer},
    {"", "local_date"},
    {"", "last_agent_end_ms", Type::instant},
    {"", "channel"},
    {"", "direction"},
    {"", "agent_key", Type::text, &kUsers},
    {"", "team_key", Type::text, &kTeams},
    {"", "queue_key", Type::text, &kQueues},
    {"", "wrapup_code_key", Type::text, &kWrapupCodes},
    {"", "division_key", Type::text, &kDivisions},
    {"", "handle_ms", Type::integer},
    {"", "talk_ms", Type::integer},
    {"", "hold_ms", Type::integer},
    {"", "acw_ms", Type::integer},
    {"", "wait_ms", Type::integer},
    {"", "answer_ms", Type::integer},
    {"", "transfers", Type::integer},
    {"", "agent_count", Type::integer},
    {"", "is_abandoned", Type::boolean},
};
constexpr Column kAgentLegsColumns[] = {
    {"", "agent_key", Type::text, &kUsers},
    {"", "team_key", Type::text, &kTeams},
    {"", "queue_key", Type::text, &kQueues},
    {"", "channel"},
    {"", "direction"},
    {"", "started_ms", Type::instant},
    {"", "local_date"},
    {"", "handle_ms", Type::integer},
    {"", "talk_ms", Type::integer},
    {"", "hold_ms", Type::integer},
    {"", "acw_ms", Type::integer},
    {"", "alert_ms", Type::integer},
    {"", "answer_ms", Type::integer},
    {"", "transfers", Type::integer},
    {"", "consults", Type::integer},
    {"", "is_last_agent", Type::boolean},
    {"", "wrapup_code_key", Type::text, &kWrapupCodes},
};
constexpr Column kQueueVisitsColumns[] = {
    {"", "queue_key", Type::text, &kQueues}, {"", "channel"},
    {"", "entered_ms", Type::instant},       {"", "local_date"},
    {"", "wait_ms", Type::integer},          {"", "outcome"},
    {"", "over_sla", Type::boolean},
};
constexpr std::string_view kSessionOrdinals[] = {"participant_no", "session_no"};

// Where a column stands, found when this is compiled.
consteval std::uint16_t in_interaction(std::string_view column) {
  return model::position(kInteractionsColumns, column);
}
consteval std::uint16_t in_leg(std::string_view column) {
  return model::position(kAgentLegsColumns, column);
}
consteval std::uint16_t in_visit(std::string_view column) {
  return model::position(kQueueVisitsColumns, column);
}

/// What is derived from a conversation.
class Conversation {
 public:
  Conversation(const Context& context, Batch& batch)
      : context_(context), batch_(batch), facts_(facts_of(batch, batch.roots.back())) {
    choose_agent();
  }

  void add_interaction();
  void add_legs();
  void add_visits();

 private:
  void choose_agent();

  const Party& party(const Session& session) const { return facts_.party(session); }
  const Session* earliest(bool (Party::*of)() const) const;
  std::string_view channel() const;
  Said latest(Said Session::*what, bool (Party::*of)() const) const;
  std::string_view queue() const;
  std::string_view wrapup() const;
  std::int64_t agent_count() const;
  const Session* answering(const Session& visit) const;
  std::string_view outcome(const Session& visit) const;

  void put(std::uint16_t column, std::optional<std::int64_t> value) {
    if (value) batch_.integer(column, *value);
  }
  void put(std::uint16_t column, std::string_view value) {
    if (!value.empty()) batch_.text(column, value);
  }
  /// The date in the warehouse's zone.
  std::string_view local_date(std::optional<std::int64_t> ms);

  const Context& context_;
  Batch& batch_;
  const Facts facts_;
  const Session* agent_ =
      nullptr;  ///< the session with the segment that makes its participant the agent
  std::int64_t local_day_ = std::numeric_limits<std::int64_t>::min();
  std::string_view local_date_;
};

void Conversation::choose_agent() {
  for (const std::string_view purpose : {"agent", "user"}) {
    for (const Session& session : facts_.sessions) {
      const Party& who = party(session);
      if (!session.has_interact || !who.is_agent() || who.purpose != purpose) continue;
      if (agent_ == nullptr || session.interact_start >= agent_->interact_start) agent_ = &session;
    }
    if (agent_ != nullptr) return;
  }
}

/// The earliest session of such participants that names a medium; sessions without segments come
/// last.
const Session* Conversation::earliest(bool (Party::*of)() const) const {
  const Session* first = nullptr;
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  for (const Session& session : facts_.sessions) {
    if (session.media_type.empty() || (of != nullptr && !(party(session).*of)())) continue;
    if (first == nullptr || session.start.value_or(kLast) < first->start.value_or(kLast))
      first = &session;
  }
  return first;
}

std::string_view Conversation::channel() const {
  const Session* session = earliest(&Party::is_customer);
  if (session == nullptr) session = earliest(nullptr);
  return session == nullptr ? std::string_view{} : session->media_type;
}

Said Conversation::latest(Said Session::*what, bool (Party::*of)() const) const {
  Said said;
  for (const Session& session : facts_.sessions) {
    if ((party(session).*of)()) said.hear(session.*what);
  }
  return said;
}

std::string_view Conversation::queue() const {
  Said said;
  if (agent_ != nullptr) {
    for (const Session& session : facts_.sessions) {
      if (session.party == agent_->party) said.hear(session.queue);
    }
  }
  return said.text.empty() ? latest(&Session::queue, &Party::is_acd).text : said.text;
}

std::string_view Conversation::wrapup() const {
  Said said;
  if (agent_ != nullptr) {
    for (const Session& session : facts_.sessions) {
      if (session.party == agent_->party) said.hear(session.wrapup);
    }
  }
  return said.text.empty() ? latest(&Session::wrapup, &Party::is_agent).text : said.text;
}

std::int64_t Conversation::agent_count() const {
  std::vector<std::string_view> users;
  for (const Session& session : facts_.sessions) {
    const Party& who = party(session);
    if (session.has_interact && who.is_agent() &&
        std::find(users.begin(), users.end(), who.user_id) == users.end())
      users.push_back(who.user_id);
  }
  return static_cast<std::int64_t>(users.size());
}

std::string_view Conversation::local_date(std::optional<std::int64_t> ms) {
  if (!ms) return {};
  const auto shifted = base::from_ms(*ms) + context_.zone->offset(base::from_ms(*ms));
  const auto day = base::day_of(shifted);
  if (const auto number = day.time_since_epoch().count(); number != local_day_) {
    local_day_ = number;
    local_date_ = batch_.keep(base::to_date(day));
  }
  return local_date_;
}

void Conversation::add_interaction() {
  Sum handle, talk, hold, acw, wait, transfers;
  Answer answer;
  std::optional<std::int64_t> last_agent_end;
  bool has_abandon = false, has_answered = false;
  for (const Session& session : facts_.sessions) {
    const Party& who = party(session);
    transfers.add(session.sum(Metric::transferred));
    has_abandon = has_abandon || session.sum(Metric::abandon).any;
    has_answered = has_answered || session.sum(Metric::answered).any;
    if (who.is_acd() || who.is_agent()) answer.hear(session.answer.value, session.answer.emitted);
    if (who.is_acd() && session.media_type != "callback") wait.add(session.sum(Metric::acd));
    if (!who.is_agent()) continue;
    handle.add(session.sum(Metric::handle));
    talk.add(session.complete(Metric::talk_complete, Metric::talk));
    hold.add(session.complete(Metric::held_complete, Metric::held));
    acw.add(session.sum(Metric::acw));
    if (session.interact_end && (!last_agent_end || *session.interact_end > *last_agent_end))
      last_agent_end = session.interact_end;
  }

  const auto date = local_date(facts_.started);
  const auto queue_id = queue();
  const auto wrapup_code = wrapup();
  batch_.begin_row(kInteractions);
  put(in_interaction("started_ms"), facts_.started);
  put(in_interaction("ended_ms"), facts_.ended);
  if (facts_.started)
    put(in_interaction("utc_offset_s"),
        context_.zone->offset(base::from_ms(*facts_.started)).count());
  put(in_interaction("local_date"), date);
  put(in_interaction("last_agent_end_ms"), last_agent_end);
  put(in_interaction("channel"), channel());
  put(in_interaction("direction"), facts_.direction);
  if (agent_ != nullptr) {
    put(in_interaction("agent_key"), party(*agent_).user_id);
    put(in_interaction("team_key"), party(*agent_).team_id);
  }
  put(in_interaction("queue_key"), queue_id);
  put(in_interaction("wrapup_code_key"), wrapup_code);
  put(in_interaction("division_key"), facts_.division);
  if (handle.any) {
    put(in_interaction("handle_ms"), handle.value);
    put(in_interaction("talk_ms"), talk.value);
    put(in_interaction("hold_ms"), hold.value);
    put(in_interaction("acw_ms"), acw.value);
  }
  put(in_interaction("wait_ms"), wait.maybe());
  put(in_interaction("answer_ms"), answer.value);
  put(in_interaction("transfers"), transfers.value);
  put(in_interaction("agent_count"), agent_count());
  put(in_interaction("is_abandoned"), has_abandon && !has_answered ? 1 : 0);
}

void Conversation::add_legs() {
  for (const Session& session : facts_.sessions) {
    const Party& who = party(session);
    if (!who.is_staff()) continue;
    const auto date = local_date(session.start);
    batch_.begin_row(kAgentLegs, session.ordinals);
    put(in_leg("agent_key"), who.user_id);
    put(in_leg("team_key"), who.team_id);
    put(in_leg("queue_key"), session.queue.text);
    put(in_leg("channel"), session.media_type);
    put(in_leg("direction"), session.direction);
    put(in_leg("started_ms"), session.start);
    put(in_leg("local_date"), date);
    if (session.sum(Metric::handle).any) {
      put(in_leg("handle_ms"), session.sum(Metric::handle).value);
      put(in_leg("talk_ms"), session.complete(Metric::talk_complete, Metric::talk).value);
      put(in_leg("hold_ms"), session.complete(Metric::held_complete, Metric::held).value);
      put(in_leg("acw_ms"), session.sum(Metric::acw).value);
    }
    put(in_leg("alert_ms"), session.sum(Metric::alert).maybe());
    put(in_leg("answer_ms"), session.answer.value);
    put(in_leg("transfers"), session.sum(Metric::transferred).value);
    put(in_leg("consults"), session.sum(Metric::consult).value);
    put(in_leg("is_last_agent"), &session == agent_ ? 1 : 0);
    put(in_leg("wrapup_code_key"), session.wrapup.text);
  }
}

/// The agent's session that ended a queue visit. tAnswered stands on the agent's session
/// (genesys-api.md 3.8), so each answered session belongs to the latest visit that began before the
/// agent spoke, among those with the same peer if any.
const Session* Conversation::answering(const Session& visit) const {
  for (const Session& session : facts_.sessions) {
    if (!session.answer.value || !party(session).is_agent()) continue;
    const auto spoke = session.first_interact ? session.first_interact : session.start;
    const Session* source = nullptr;
    bool source_is_peer = false;
    for (const Session& candidate : facts_.sessions) {
      if (!party(candidate).is_acd()) continue;
      if (spoke && candidate.start && *candidate.start > *spoke) continue;
      const bool is_peer = !candidate.peer_id.empty() && candidate.peer_id == session.peer_id;
      const bool is_later = source == nullptr ||
                            candidate.start.value_or(kNoStart) >= source->start.value_or(kNoStart);
      if (source == nullptr || (is_peer && !source_is_peer) ||
          (is_peer == source_is_peer && is_later)) {
        source = &candidate;
        source_is_peer = is_peer;
      }
    }
    if (source == &visit) return &session;
  }
  return nullptr;
}

std::string_view Conversation::outcome(const Session& visit) const {
  if (visit.sum(Metric::short_abandon).any) return "short_abandoned";
  if (visit.sum(Metric::abandon).any) return "abandoned";
  if (visit.sum(Metric::answered).any || answering(visit) != nullptr) return "answered";
  if (visit.sum(Metric::flow_out).any) return "flow_out";
  if (visit.has_open_segment) return "open";
  // "transfer", "consultTransfer", "noAnswerTransfer" and their like.
  const std::string_view how = visit.disconnect.text;
  if (how.ends_with("ransfer") || visit.sum(Metric::transferred).value > 0) return "transferred";
  return "other";
}

void Conversation::add_visits() {
  for (const Session& session : facts_.sessions) {
    if (!party(session).is_acd()) continue;
    const auto date = local_date(session.start);
    Sum over = session.sum(Metric::over_sla);
    if (const Session* agent = answering(session)) over.add(agent->sum(Metric::over_sla));
    batch_.begin_row(kQueueVisits, session.ordinals);
    put(in_visit("queue_key"), session.queue.text);
    put(in_visit("channel"), session.media_type);
    put(in_visit("entered_ms"), session.start);
    put(in_visit("local_date"), date);
    put(in_visit("wait_ms"), session.sum(Metric::acd).maybe());
    put(in_visit("outcome"), outcome(session));
    if (over.any) put(in_visit("over_sla"), over.value > 0 ? 1 : 0);
  }
}

}  // namespace

constinit const Table kInteractions{"interactions", "", "", {}, kInteractionsColumns};
constinit const Table kAgentLegs{"agent_legs", "", "", kSessionOrdinals, kAgentLegsColumns};
constinit const Table kQueueVisits{"queue_visits", "", "", kSessionOrdinals, kQueueVisitsColumns};

void derive_interaction(const Context& context, Batch& batch) {
  Conversation conversation(context, batch);
  conversation.add_interaction();
  conversation.add_legs();
  conversation.add_visits();
}

}  // namespace csatdb::resources
