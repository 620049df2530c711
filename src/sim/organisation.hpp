#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace csatdb::sim {

/// Later than anything the simulator is asked about; as an end it means "never".
inline constexpr base::Instant kNever{base::Millis{253402300799000}};

/// Shares of the world's rarer events, per conversation or survey.
struct Rates {
  double survey = 0.35;  ///< answered conversations with at least one survey
  double evaluation = 0.04;
  double resolution = 0.03;
  double correction = 0.01;  ///< changed by the nightly run when up to 48 h old
  double latecomer = 0.002;  ///< not visible before such a night
  double erasure = 0.0005;   ///< removed at the source days or weeks later
  double orphan = 0.001;     ///< never ends
  double survey_deleted = 0.004;
  double late_invitation = 0;  ///< of surveys: made days or weeks after the contact
};

/// What a simulated contact centre is made from. The same values give the same world, bytes
/// included, at every instant.
struct Organisation {
  std::uint64_t seed = 1;
  base::Day first_day{};             ///< the first day with conversations
  int days = 30;                     ///< so many days from the first hold exactly...
  std::int64_t interactions = 3000;  ///< ...this many conversations; later days go on like them
  int agents = 120;
  int queues = 24;
  Rates rates;
};

}  // namespace csatdb::sim
