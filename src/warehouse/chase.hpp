#pragma once

#include <cstdint>
#include <optional>
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

  /// What of a conversation was stored.
  enum class Stored { record, record_with_surveys, record_with_news, survey };
  /// When the latest event was that the conversation's record tells of a survey whose answers are
  /// stored. A later one than before the record was stored is news: the answers changed.
  std::optional<base::Instant> last_told(std::string_view conversation_id);
  /// The conversation's record or one of its surveys was stored: resolve its surveys, and chase
  /// what is not final.
  void touch(std::int64_t conversation_key, Stored what, base::Instant now);
  /// Something was heard of a conversation elsewhere: chase it unless that is stored already, or
  /// was heard before.
  void hear(const model::Hint& hint, base::Instant now);
  /// A chased key was read, and what it brought is stored: if it has not come to its end, it is due
  /// again later, or given up past the horizon. False if nothing is left to chase.
  bool read_again(std::string_view resource, std::string_view id, bool is_found, base::Instant now);
  /// Every conversation whose surveys the quality API delivered is to be asked for them again.
  void ask_again(base::Instant now);

  /// The measures changed: derives every stored survey again.
  void derive_again(SQLite::Database& database, const base::Zone& zone, std::int64_t version);

  /// Forgets what was last heard before `t`: no look-back reaches there again.
  void forget_before(base::Instant t);

  /// How long after its end (or its start, while open) a conversation is followed.
  void set_horizon(base::Millis horizon) { horizon_ = horizon; }

 private:
  /// A conversation as far as it is stored.
  struct Record {
    std::int64_t key = 0;
    std::optional<base::Instant> since;  ///< its end, or its start while it is open
    bool is_stored = false;              ///< its record was delivered, and not only its id
    bool is_open = false;
    bool is_gone = false;
  };
  std::optional<Record> record_of(std::string_view conversation_id);
  bool is_record_behind(const model::Hint& hint, std::string_view heard);
  bool are_answers_behind(const model::Hint& hint, std::string_view heard);
  void follow(std::string_view resource, std::string_view id, base::Instant due,
              base::Instant since, base::Instant now);

  Ledger& ledger_;
  SurveyDerivation derivation_;
  base::Millis horizon_ =
      std::chrono::days(120);  // invited up to day 90, answered later (genesys-api.md 7)
  Statement conversation_, by_id_, has_surveys_, unlisted_, stated_, survey_, evaluation_,
      resolution_, last_told_;
  Statement heard_, remember_, forget_, ask_again_;
};

}  // namespace csatdb::warehouse
