#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.hpp"
#include "model/batch.hpp"
#include "warehouse/derive.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

/// Names of the chased resources, as the catalogue and the ledger spell them.
inline constexpr std::string_view kFollowUps =
    "follow_ups";  ///< conversation records re-read by id
inline constexpr std::string_view kSurveys =
    "surveys";  ///< the quality API's surveys of a conversation

/// How long to wait before a key is read again: an eighth of its age, between 15 minutes and 23
/// hours (so that a daily run always finds it due).
base::Millis chase_delay(base::Millis age);

/// Decides, whenever a conversation or its surveys change, what is still to be fetched of them, and
/// writes that to the ledger.
class Chase {
 public:
  Chase(SQLite::Database& database, Ledger& ledger, const base::Zone& zone);

  /// The conversation's record or one of its surveys was stored: resolve its surveys, and chase
  /// what is not final.
  void touch(std::int64_t conversation_key, bool may_have_surveys, base::Instant now);
  /// Something was heard of a conversation elsewhere: chase it unless that is stored already, or
  /// was heard before.
  void hear(const model::Hint& hint, base::Instant now);
  /// A chased key was read: if it has not come to its end, it is due again later, or given up past
  /// the horizon. False if nothing is left to chase.
  bool read_again(std::string_view resource, std::string_view id, std::string_view outcome,
                  base::Instant now);

  /// Forgets what was last heard before `t`: no look-back reaches there again.
  void forget_before(base::Instant t);

  /// How long after its end (or its start, while open) a conversation is followed.
  void set_horizon(base::Millis horizon) { horizon_ = horizon; }

 private:
  bool hear_survey(const model::Hint& hint, base::Instant since, base::Instant now);
  void follow(std::string_view resource, std::string_view id, bool is_needed, base::Instant due,
              base::Instant since, base::Instant now);

  Ledger& ledger_;
  SurveyDerivation derivation_;
  base::Millis horizon_ =
      std::chrono::days(120);  // invited up to day 90, answered later (genesys-api.md 7)
  Statement conversation_, has_surveys_, by_id_, survey_, evaluation_, resolution_;
  Statement heard_, remember_, forget_;
};

}  // namespace csatdb::warehouse
