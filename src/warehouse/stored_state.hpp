#pragma once

#include <string>
#include <string_view>

#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

/// How far what is stored has come, to tell an older payload by.
class StoredState {
 public:
  explicit StoredState(SQLite::Database& database);
  /// Whether the conversation is stored with its end.
  bool has_ended(std::string_view conversation_id);
  /// The survey's status as the quality API last delivered it; "" if it did not.
  std::string survey_status(std::string_view survey_id);

 private:
  Statement ended_, status_;
};

}  // namespace csatdb::warehouse
