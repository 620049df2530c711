#pragma once

#include <string_view>

#include "sim/conversation.hpp"
#include "sim/directory.hpp"
#include "sim/draw.hpp"
#include "sim/forms.hpp"

namespace csatdb::sim {

/// What the writers of conversations share: the people, the dice and the growing conversation.
/// Participants and sessions are referred to while others are added, so room for both is reserved:
/// at most 24 participants with 2 sessions each.
class Stage {
 public:
  Stage(const Directory& people, Conversation& page, std::uint64_t key);

  const Directory& directory;
  Conversation& conversation;
  Draw draw;

  Participant& join(std::string_view purpose);
  /// The participant's next session; nothing in it yet.
  Session& open(Participant& participant, std::string_view media, std::string_view direction,
                base::Instant begin);
  /// A queue that exists at t.
  int queue_at(base::Instant t);
  /// Someone of the queue who works at t, other than `not_this` where possible.
  int agent_at(int queue, base::Instant t, int not_this = -1);
  /// Joins as agent (or user) with team of the time.
  Participant& join_agent(int user, base::Instant t, std::string_view purpose = "agent");

 private:
  int sessions_ = 0;
};

inline Segment& add(Session& session, std::string_view type, base::Instant begin, base::Instant end,
                    std::string_view disconnect = {}, int queue = -1) {
  auto& segment = session.segments.emplace_back();
  segment.type = type;
  segment.begin = begin;
  segment.end = end;
  segment.disconnect = disconnect;
  segment.queue = queue;
  return segment;
}
inline void emit(Session& session, std::string_view name, std::int64_t value, base::Instant at) {
  session.metrics.push_back({name, value, at});
}
inline void emit(Session& session, std::string_view name, base::Millis value, base::Instant at) {
  emit(session, name, value.count(), at);
}

/// How a stay in a queue ends.
enum class Exit { answered, abandoned, flow_out, transferred };

/// The queue's side: an acd session from `at` for as long as `wait`; returns its end.
base::Instant wait_in_queue(Stage& stage, std::string_view media, int queue, base::Instant at,
                            base::Millis wait, Exit exit, int selected_agent, int peer);

/// How an agent works on a contact.
struct Work {
  std::string_view media = "voice";
  std::string_view direction = "inbound";
  int queue = -1;
  base::Instant from;         ///< begin of the interaction
  base::Millis answered{-1};  ///< the wait before it; -1: none
  base::Millis alert{0};      ///< before `from`
  base::Millis dialing{0};    ///< before `from` where the agent calls
  base::Millis contacting{0};
  base::Millis talk{0};  ///< from answer to end, holds and parking included
  int holds = 0;
  bool parks = false;  ///< e-mail: parked in between instead of held
  bool wraps = true;
  std::string_view disconnect = "client";
  std::string_view purpose = "agent";
  int peer = -1;
  bool transfers = false, consults = false;
};

/// The agent's side with alert, interact, hold and wrap-up segments and the metrics that follow
/// from them (identities of genesys-api 3.8). Returns when the interaction proper ended.
base::Instant work(Stage& stage, int agent, const Work& job);

// The kinds of conversation; each fills the stage's conversation from `start` on.
void write_call(Stage& stage, base::Instant start);
void write_outbound_call(Stage& stage, base::Instant start);
void write_callback(Stage& stage, base::Instant start);
void write_chat(Stage& stage, base::Instant start);
void write_message(Stage& stage, base::Instant start);
void write_email(Stage& stage, base::Instant start);

/// The surveys, evaluations and resolutions that follow a finished conversation.
void write_aftermath(Stage& stage, const Forms& forms, const Rates& rates);

}  // namespace csatdb::sim
