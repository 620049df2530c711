#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace csatdb::warehouse {

/// Which question measures what: a row of `measures`. Of several of one name the first that finds
/// an answer counts.
struct Measure {
  std::string name;                   ///< csat, ces or fcr
  std::string form_context_id;        ///< "": any form that asks the question
  std::string question_context_id;    ///< "": found by its text
  std::string question_text;          ///< for forms without contexts
  std::vector<std::string> positive;  ///< option texts or values that count as positive
  std::string scale;                  ///< what the values mean, in the administrator's words
  friend bool operator==(const Measure&, const Measure&) = default;
};

/// The measures a warehouse holds, in order.
std::vector<Measure> stored_measures(SQLite::Database& db);

/// Puts others in their place; what was derived by the old ones is not touched.
void replace_measures(SQLite::Database& db, const std::vector<Measure>& measures);

}  // namespace csatdb::warehouse
