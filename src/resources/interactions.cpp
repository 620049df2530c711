#include "resources/interactions.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_map>

#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Batch;
using model::Cell;
using model::Column;
using model::Ordinals;
using model::Row;
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

// Where a start is missing: before every other.
constexpr std::int64_t kNoStart = std::numeric_limits<std::int64_t>::min();

/// A text and the start of the segment that says it.
struct Said {
  std::string_view text;
  std::int64_t start = kNoStart;

  /// Later, or as late and further down the payload, wins.
  void hear(std::string_view what, std::int64_t when) {
    if (what.empty() || (!text.empty() && when < start)) return;
    text = what;
    start = when;
  }
  void hear(const Said& other) { hear(other.text, other.start); }
};

/// A sum that knows whether there was anything to add.
struct Sum {
  std::int64_t value = 0;
  bool any = false;
  void add(std::int64_t more) {
    value += more;
    any = true;
  }
  void add(const Sum& other) {
    value += other.value;
    any = any || other.any;
  }
  std::optional<std::int64_t> maybe() const { return any ? std::optional(value) : std::nullopt; }
};

/// The metrics that definitions use, by name.
enum class Metric {
  handle,
  talk,
  talk_complete,
  held,
  held_complete,
  acw,
  acd,
  alert,
  answered,
  abandon,
  short_abandon,
  flow_out,
  transferred,
  consult,
  over_sla,
  other,
};
constexpr std::size_t kMetrics = static_cast<std::size_t>(Metric::other);

Metric metric(std::string_view name) {
  static const std::unordered_map<std::string_view, Metric> kNames{
      {"tHandle", Metric::handle},
      {"tTalk", Metric::talk},
      {"tTalkComplete", Metric::talk_complete},
      {"tHeld", Metric::held},
      {"tHeldComplete", Metric::held_complete},
      {"tAcw", Metric::acw},
      {"tAcd", Metric::acd},
      {"tAlert", Metric::alert},
      {"tAnswered", Metric::answered},
      {"tAbandon", Metric::abandon},
      {"tShortAbandon", Metric::short_abandon},
      {"tFlowOut", Metric::flow_out},
      {"nTransferred", Metric::transferred},
      {"nConsult", Metric::consult},
      {"nOverSla", Metric::over_sla},
  };
  const auto found = kNames.find(name);
  return found == kNames.end() ? Metric::other : found->second;
}

struct Party {
  std::string_view purpose, user_id, team_id;
  bool is_staff() const { return purpose == "agent" || purpose == "user"; }
  bool is_agent() const { return is_staff() && !user_id.empty(); }  ///< an agent participant
  bool is_acd() const { return purpose == "acd"; }
  bool is_customer() const { return purpose == "customer" || purpose == "external"; }
};

/// The time an answer took, and when that was said.
struct Answer {
  std::optional<std::int64_t> value;
  std::int64_t emitted = std::numeric_limits<std::int64_t>::max();

  /// Earlier wins; as early, the one further up the payload.
  void hear(std::optional<std::int64_t> what, std::int64_t when) {
    if (!what || (value && when >= emitted)) return;
    value = what;
    emitted = when;
  }
};

struct Session {
  Ordinals ordinals;
  std::size_t party;
  std::string_view media_type, direction, peer_id;
  std::optional<std::int64_t> start, end;  ///< earliest segmentStart, latest segmentEnd
  bool has_open_segment = false;
  bool has_interact = false;
  std::int64_t interact_start = kNoStart;  ///< of the latest-starting interact segment
  std::optional<std::int64_t> first_interact,
      interact_end;  ///< earliest start and latest end of them
  Said queue, wrapup;
  Said disconnect;  ///< how the latest-starting segment that says so ended
  std::array<Sum, kMetrics> sums;
  Answer answer;

  const Sum& sum(Metric which) const { return sums[static_cast<std::size_t>(which)]; }
  /// The complete value of a time where the session has it, else the sum of its parts.
  const Sum& complete(Metric whole, Metric parts) const {
    return sum(whole).any ? sum(whole) : sum(parts);
  }
};

/// A conversation as the definitions look at it.
class Conversation {
 public:
  Conversation(const Context& context, Batch& batch)
      : context_(context), batch_(batch), root_(batch.roots.back()) {
    for (const Row& row : batch.rows(root_)) read(row);
    choose_agent();
  }

  void add_interaction();
  void add_legs();
  void add_visits();

 private:
  void read(const Row& row);
  void read_participant(const Row& row);
  void read_session(const Row& row);
  void read_segment(const Row& row);
  void read_metric(const Row& row);
  void choose_agent();

  const Party& party(const Session& session) const { return parties_[session.party]; }
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

  static bool anyone(const Party&) { return true; }

  const Context& context_;
  Batch& batch_;
  const model::Root& root_;
  std::optional<std::int64_t> started_, ended_;
  std::string_view direction_, division_;
  std::vector<Party> parties_;
  std::vector<Session> sessions_;
  const Session* agent_ =
      nullptr;  ///< the session with the segment that makes its participant the agent
  std::int64_t local_day_ = std::numeric_limits<std::int64_t>::min();
  std::string_view local_date_;
};

/// Where the columns read here stand in their tables.
struct Places {
  static std::uint16_t of(const Table& table, std::string_view column) {
    return model::position(table.columns, column);
  }
  std::uint16_t started = of(kConversations, "started_ms");
  std::uint16_t ended = of(kConversations, "ended_ms");
  std::uint16_t direction = of(kConversations, "originating_direction");
  std::uint16_t purpose = of(kParticipants, "purpose");
  std::uint16_t user = of(kParticipants, "user_key");
  std::uint16_t team = of(kParticipants, "team_key");
  std::uint16_t media_type = of(kSessions, "media_type");
  std::uint16_t session_direction = of(kSessions, "direction");
  std::uint16_t peer = of(kSessions, "peer_id");
  std::uint16_t segment_start = of(kSegments, "started_ms");
  std::uint16_t segment_end = of(kSegments, "ended_ms");
  std::uint16_t segment_type = of(kSegments, "segment_type");
  std::uint16_t queue = of(kSegments, "queue_key");
  std::uint16_t wrapup = of(kSegments, "wrapup_code_key");
  std::uint16_t disconnect = of(kSegments, "disconnect_type");
  std::uint16_t metric_name = of(kSessionMetrics, "name");
  std::uint16_t metric_value = of(kSessionMetrics, "value");
  std::uint16_t metric_emitted = of(kSessionMetrics, "emitted_ms");
};

const Places& places() {
  static const Places kPlaces;
  return kPlaces;
}

void Conversation::read(const Row& row) {
  const Places& at = places();
  if (row.table == &kSessionMetrics) {
    read_metric(row);
  } else if (row.table == &kSegments) {
    read_segment(row);
  } else if (row.table == &kSessions) {
    read_session(row);
  } else if (row.table == &kParticipants) {
    read_participant(row);
  } else if (row.table == &kConversations) {
    for (const Cell& cell : batch_.cells(row)) {
      if (cell.column == at.started) started_ = cell.integer;
      if (cell.column == at.ended) ended_ = cell.integer;
      if (cell.column == at.direction) direction_ = cell.text();
    }
  } else if (row.table == &kConversationDivisions && row.ordinals[0] == 0) {
    for (const Cell& cell : batch_.cells(row)) division_ = cell.text();
  }
}

void Conversation::read_participant(const Row& row) {
  const Places& at = places();
  Party& party = parties_.emplace_back();
  for (const Cell& cell : batch_.cells(row)) {
    if (cell.column == at.purpose) party.purpose = cell.text();
    if (cell.column == at.user) party.user_id = cell.text();
    if (cell.column == at.team) party.team_id = cell.text();
  }
}

void Conversation::read_session(const Row& row) {
  const Places& at = places();
  Session& session = sessions_.emplace_back();
  session.ordinals = row.ordinals;
  session.party = parties_.size() - 1;
  for (const Cell& cell : batch_.cells(row)) {
    if (cell.column == at.media_type) session.media_type = cell.text();
    if (cell.column == at.session_direction) session.direction = cell.text();
    if (cell.column == at.peer) session.peer_id = cell.text();
  }
}

void Conversation::read_segment(const Row& row) {
  const Places& at = places();
  Session& session = sessions_.back();
  std::optional<std::int64_t> start, end;
  std::string_view type, queue, wrapup, disconnect;
  for (const Cell& cell : batch_.cells(row)) {
    if (cell.column == at.segment_start) start = cell.integer;
    if (cell.column == at.segment_end) end = cell.integer;
    if (cell.column == at.segment_type) type = cell.text();
    if (cell.column == at.queue) queue = cell.text();
    if (cell.column == at.wrapup) wrapup = cell.text();
    if (cell.column == at.disconnect) disconnect = cell.text();
  }
  const std::int64_t when = start.value_or(kNoStart);
  if (start && (!session.start || *start < *session.start)) session.start = start;
  if (end && (!session.end || *end > *session.end)) session.end = end;
  if (!end) session.has_open_segment = true;
  session.queue.hear(queue, when);
  session.wrapup.hear(wrapup, when);
  session.disconnect.hear(disconnect, when);
  if (type != "interact") return;
  session.has_interact = true;
  session.interact_start = std::max(session.interact_start, when);
  if (start && (!session.first_interact || *start < *session.first_interact))
    session.first_interact = start;
  if (end && (!session.interact_end || *end > *session.interact_end)) session.interact_end = end;
}

void Conversation::read_metric(const Row& row) {
  const Places& at = places();
  std::string_view name;
  std::optional<std::int64_t> value;
  std::int64_t emitted = std::numeric_limits<std::int64_t>::max();
  for (const Cell& cell : batch_.cells(row)) {
    if (cell.column == at.metric_name) name = cell.text();
    if (cell.column == at.metric_value) value = cell.integer;
    if (cell.column == at.metric_emitted) emitted = cell.integer;
  }
  const Metric which = metric(name);
  if (which == Metric::other) return;
  Session& session = sessions_.back();
  session.sums[static_cast<std::size_t>(which)].add(value.value_or(0));
  if (which == Metric::answered) session.answer.hear(value, emitted);
}

void Conversation::choose_agent() {
  for (const std::string_view purpose : {"agent", "user"}) {
    for (const Session& session : sessions_) {
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
  for (const Session& session : sessions_) {
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
  for (const Session& session : sessions_) {
    if ((party(session).*of)()) said.hear(session.*what);
  }
  return said;
}

std::string_view Conversation::queue() const {
  Said said;
  if (agent_ != nullptr) {
    for (const Session& session : sessions_) {
      if (session.party == agent_->party) said.hear(session.queue);
    }
  }
  return said.text.empty() ? latest(&Session::queue, &Party::is_acd).text : said.text;
}

std::string_view Conversation::wrapup() const {
  Said said;
  if (agent_ != nullptr) {
    for (const Session& session : sessions_) {
      if (session.party == agent_->party) said.hear(session.wrapup);
    }
  }
  return said.text.empty() ? latest(&Session::wrapup, &Party::is_agent).text : said.text;
}

std::int64_t Conversation::agent_count() const {
  std::vector<std::string_view> users;
  for (const Session& session : sessions_) {
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
  for (const Session& session : sessions_) {
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

  const auto date = local_date(started_);
  const auto queue_id = queue();
  const auto wrapup_code = wrapup();
  batch_.begin_row(kInteractions);
  put(in_interaction("started_ms"), started_);
  put(in_interaction("ended_ms"), ended_);
  if (started_)
    put(in_interaction("utc_offset_s"), context_.zone->offset(base::from_ms(*started_)).count());
  put(in_interaction("local_date"), date);
  put(in_interaction("last_agent_end_ms"), last_agent_end);
  put(in_interaction("channel"), channel());
  put(in_interaction("direction"), direction_);
  if (agent_ != nullptr) {
    put(in_interaction("agent_key"), party(*agent_).user_id);
    put(in_interaction("team_key"), party(*agent_).team_id);
  }
  put(in_interaction("queue_key"), queue_id);
  put(in_interaction("wrapup_code_key"), wrapup_code);
  put(in_interaction("division_key"), division_);
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
  for (const Session& session : sessions_) {
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
  for (const Session& session : sessions_) {
    if (!session.answer.value || !party(session).is_agent()) continue;
    const auto spoke = session.first_interact ? session.first_interact : session.start;
    const Session* source = nullptr;
    bool source_is_peer = false;
    for (const Session& candidate : sessions_) {
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
  for (const Session& session : sessions_) {
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
