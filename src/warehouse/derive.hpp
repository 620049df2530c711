#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <memory>

#include "base/time.hpp"

namespace csatdb::warehouse {

/// What a conversation's surveys still need.
struct FollowUp {
  bool record_is_open = false;   ///< the conversation had not ended when last read
  bool any_survey_open = false;  ///< a survey of it may still change
  bool answers_missing =
      false;              ///< a survey is Finished, but the quality API did not deliver it so
  int facts_changed = 0;  ///< rows of survey_facts inserted, updated or deleted
};

/// Derives what reports read about a conversation's surveys from both sources of them: the
/// conversation's record (conversation_surveys) and the quality API (surveys). The definitions
/// stand beside the columns of survey_facts. Reads the measures when made: make another after
/// changing them.
class SurveyDerivation {
 public:
  SurveyDerivation(SQLite::Database& db, const base::Zone& zone);
  ~SurveyDerivation();
  SurveyDerivation(SurveyDerivation&&) noexcept;
  SurveyDerivation& operator=(SurveyDerivation&&) noexcept;

  /// Writes survey_facts of the conversation's surveys, sets surveys.conversation_key and the
  /// survey columns of interactions, and completes survey_answers from survey_questions where a
  /// survey came without its form. Call it, in the same transaction, after storing the conversation
  /// or any of its surveys. A row that does not change is not written.
  FollowUp run(std::int64_t conversation_key);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::warehouse
