#include "warehouse/stored_state.hpp"

#include "warehouse/survey_status.hpp"

namespace csatdb::warehouse {

StoredState::StoredState(SQLite::Database& database)
    : ended_(database,
             "SELECT 1 FROM conversations WHERE conversation_id = ? AND ended_ms IS NOT NULL"),
      status_(database,
              "SELECT status FROM surveys WHERE survey_id = ? AND payload_hash IS NOT NULL AND "
              "status IS NOT NULL") {}

bool StoredState::has_ended(std::string_view conversation_id) {
  const bool found = ended_.with(conversation_id).step();
  ended_.reset();
  return found;
}

std::string StoredState::survey_status(std::string_view survey_id) {
  auto& row = status_.with(survey_id);
  const auto status = row.step() ? canonical_status(row.text(0)) : std::string();
  row.reset();
  return status;
}

}  // namespace csatdb::warehouse
