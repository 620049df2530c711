#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/organisation.hpp"

namespace csatdb::sim {

// A conversation is written down whole, from its beginning to an end that may lie months ahead.
// What the service shows at an instant is cut out of it when it is rendered: segments that have
// begun, metrics that have been emitted, surveys that exist. Numbers below are places in the
// Directory; -1 is none.

struct Metric {
  std::string_view name;
  std::int64_t value = 0;
  base::Instant at;
};

struct Segment {
  std::string_view type;
  base::Instant begin, end = kNever;
  std::string_view disconnect;  ///< known once ended
  int queue = -1, language = -1, skill = -1, second_skill = -1;
  int code = -1;                  ///< wrap-up code, known once ended
  int code_corrected = -1;        ///< what the nightly correction makes of it
  std::string_view code_literal;  ///< a built-in code such as ININ-WRAP-UP-TIMEOUT
  std::string_view error, note, subject;
  int sip = 0;
  int related = -1;  ///< another conversation of the day: sourceConversationId
  bool conference = false;
};

struct FlowVisit {
  int flow = 0;
  std::string_view entry_type, exit_reason, transfer_type;
  int target_queue = -1;
  int version = 1;
  base::Instant begin, exit = kNever;
  int outcome = -1;
  std::string_view outcome_value;
};

struct MediaStat {
  base::Instant at;
  double mos = 0, r_factor = 0;
  int latency = 0, received = 0, discarded = 0;
};

struct Session {
  int number = 0;  ///< within the conversation, from 0
  int peer = -1;
  std::string_view media, direction, provider, message_type, engagement;
  std::string_view requested_routing, used_routing, flow_in, flow_out, delivery;
  base::Instant begin;
  base::Instant callback_at = kNever;
  bool callback = false, recorded = false, outbound_campaign = false;
  int selected_agent = -1, rank = -1, ring = -1, skill = -1, removed_skill = -1;
  int media_count = -1;
  std::optional<FlowVisit> flow;
  std::vector<MediaStat> stats;
  std::vector<Metric> metrics;  ///< in order of emission
  std::vector<Segment> segments;
};

struct Participant {
  std::string_view purpose;
  int user = -1, team = -1;
  bool contact = false;          ///< is the customer: name, addresses, external contact
  base::Instant until = kNever;  ///< the nightly correction takes it out
  std::vector<Session> sessions;
};

enum class SurveyEnd : std::uint8_t { finished, expired, opted_out, error, pending };

/// One survey of a conversation with its whole life.
struct Survey {
  int number = 0;
  bool voice = false;
  int context = 0, version = 0;
  int user = -1, team = -1, queue = -1;
  base::Instant created, sent = kNever, opened = kNever, closed = kNever, deleted = kNever;
  SurveyEnd end = SurveyEnd::pending;
  bool partial = false;
  double mood = 0.5;
  std::string_view error;
};

struct Evaluation {
  int number = 0;
  int user = -1, queue = -1, evaluator = -1, assignee = -1;
  base::Instant created, started = kNever, finished = kNever, rescored = kNever, deleted = kNever;
  int score = 0, critical = 0;
  int form = 0;
  bool calibration = false, system_submitted = false;
};

struct Resolution {
  base::Instant at;
  int queue = -1, user = -1;
  std::int64_t avoided = -1;  ///< -1: not stated
};

struct Conversation {
  std::uint32_t day = 0, index = 0;
  base::Instant start, end = kNever;
  base::Instant visible;             ///< when the service first shows it
  base::Instant corrected = kNever;  ///< when the nightly run changes it
  base::Instant erased = kNever;
  base::Instant conference = kNever;
  std::string_view direction, initiator;
  int division = 0, second_division = -1, corrected_division = -1;
  int contact = 0;  ///< who the customer is
  double mos = -1, r_factor = -1;
  bool tagged = false, self_served = false;
  std::vector<Participant> participants;
  std::vector<Survey> surveys;
  std::vector<Evaluation> evaluations;
  std::vector<Resolution> resolutions;

  // What surveys and evaluations are about.
  int last_agent = -1, last_queue = -1;
  base::Instant last_agent_end = kNever;
  base::Instant voice_survey_begin = kNever, voice_survey_end = kNever;

  bool shown(base::Instant t) const { return visible <= t && t < erased; }
};

}  // namespace csatdb::sim
