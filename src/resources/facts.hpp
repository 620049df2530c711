#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "model/batch.hpp"

// What the definitions of an interaction look at, gathered from the rows of a conversation.

namespace csatdb::resources {

// Where a start is missing: before every other.
inline constexpr std::int64_t kNoStart = std::numeric_limits<std::int64_t>::min();

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
inline constexpr std::size_t kMetrics = static_cast<std::size_t>(Metric::other);

/// A participant.
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

/// What a session says with its segments and metrics.
struct Session {
  model::Ordinals ordinals;
  std::size_t party;  ///< its place among the parties
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

/// A conversation as the definitions look at it. Its texts live as long as the batch's.
struct Facts {
  std::optional<std::int64_t> started, ended;
  std::string_view direction, division;
  std::vector<Party> parties;
  std::vector<Session> sessions;

  const Party& party(const Session& session) const { return parties[session.party]; }
};
Facts facts_of(const model::Batch& batch, const model::Root& root);

}  // namespace csatdb::resources
