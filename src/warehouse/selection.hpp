#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/table.hpp"
#include "warehouse/privacy.hpp"

namespace SQLite {
class Database;
}

namespace csatdb::warehouse {

/// How much is selected.
struct Extent {
  std::int64_t conversations = 0, surveys = 0;
  std::optional<base::Instant> first, last;  ///< begin of the earliest and latest conversation
};

/// Conversations with their surveys, gathered in the temporary tables `selected_conversations` and
/// `selected_surveys`. An id that no row has may be selected too.
class Selection {
 public:
  /// Begins empty. `tables` are the conversation's table and, below it, what it owns.
  explicit Selection(SQLite::Database& database);

  void add_conversation(std::string_view id);
  /// Those a customer's record in external contacts took part in.
  void add_contact(std::string_view id);
  /// Those in which a column of `conversations` or of what it owns holds the address, in whatever
  /// spelling; `privacy` as the rows were written.
  void add_address(std::string_view address, const model::Table& conversations, Privacy& privacy);
  /// Those that began before `floor`, and surveys of unknown conversations completed before it.
  void add_before(base::Instant floor);

  Extent extent();
  /// The ids of what is selected.
  std::vector<std::string> conversations();
  std::vector<std::string> surveys();

  /// Deletes the rows of every table that belong to what is selected, and what the bookkeeping says
  /// of it.
  void remove();
  /// Clears the columns by which other conversations name a selected one; they get `version`.
  void unlink(std::int64_t version);

 private:
  void add_surveys();
  std::vector<std::string> texts(std::string_view sql);
  std::vector<std::string> tables_with(std::string_view column);
  SQLite::Database& database_;
};

}  // namespace csatdb::warehouse
