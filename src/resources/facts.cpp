#include "resources/facts.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Batch;
using model::Cell;
using model::Row;
using model::Table;

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

/// Goes through the rows in the order of the payload.
class Gathering {
 public:
  explicit Gathering(const Batch& batch) : batch_(batch) {}

  void read(const Row& row);
  Facts take() { return std::move(facts_); }

 private:
  void read_participant(const Row& row);
  void read_session(const Row& row);
  void read_segment(const Row& row);
  void read_metric(const Row& row);

  const Batch& batch_;
  Facts facts_;
};

void Gathering::read(const Row& row) {
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
      if (cell.column == at.started) facts_.started = cell.integer;
      if (cell.column == at.ended) facts_.ended = cell.integer;
      if (cell.column == at.direction) facts_.direction = cell.text();
    }
  } else if (row.table == &kConversationDivisions && row.ordinals[0] == 0) {
    for (const Cell& cell : batch_.cells(row)) facts_.division = cell.text();
  }
}

void Gathering::read_participant(const Row& row) {
  const Places& at = places();
  Party& party = facts_.parties.emplace_back();
  for (const Cell& cell : batch_.cells(row)) {
    if (cell.column == at.purpose) party.purpose = cell.text();
    if (cell.column == at.user) party.user_id = cell.text();
    if (cell.column == at.team) party.team_id = cell.text();
  }
}

void Gathering::read_session(const Row& row) {
  const Places& at = places();
  Session& session = facts_.sessions.emplace_back();
  session.ordinals = row.ordinals;
  session.party = facts_.parties.size() - 1;
  for (const Cell& cell : batch_.cells(row)) {
    if (cell.column == at.media_type) session.media_type = cell.text();
    if (cell.column == at.session_direction) session.direction = cell.text();
    if (cell.column == at.peer) session.peer_id = cell.text();
  }
}

void Gathering::read_segment(const Row& row) {
  const Places& at = places();
  Session& session = facts_.sessions.back();
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

void Gathering::read_metric(const Row& row) {
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
  Session& session = facts_.sessions.back();
  session.sums[static_cast<std::size_t>(which)].add(value.value_or(0));
  if (which == Metric::answered) session.answer.hear(value, emitted);
}

}  // namespace

Facts facts_of(const model::Batch& batch, const model::Root& root) {
  Gathering gathering(batch);
  for (const Row& row : batch.rows(root)) gathering.read(row);
  return gathering.take();
}

}  // namespace csatdb::resources
