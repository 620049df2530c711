#pragma once

#include <string_view>

namespace csatdb::sim {

/// A read-only list of words.
struct Words {
  const std::string_view* first;
  std::size_t count;
  std::size_t size() const { return count; }
  std::string_view operator[](std::size_t i) const { return first[i % count]; }
};

// Invented: no row describes a person.
Words first_names();
Words last_names();
Words queue_names();
Words code_names();
Words skill_names();
Words team_names();
Words flow_names();
/// Free texts as customers type them: other scripts, quotes, mark-up, spreadsheet formulas,
/// control characters, right-to-left marks.
Words comments();
Words email_subjects();
Words survey_errors();

}  // namespace csatdb::sim
