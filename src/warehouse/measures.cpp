#include "warehouse/measures.hpp"

#include <optional>

#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

std::vector<Measure> stored_measures(SQLite::Database& db) {
  std::vector<Measure> measures;
  Statement rows(db,
                 "SELECT name, form_context_id, question_context_id, question_text, scale, "
                 "measure_no FROM measures ORDER BY measure_no");
  Statement options(
      db, "SELECT json_each.value FROM measures, json_each(positive) WHERE measure_no = ?");
  while (rows.step()) {
    const auto text = [&](int column) { return rows.maybe_text(column).value_or(""); };
    Measure measure{text(0), text(1), text(2), text(3), {}, text(4)};
    options.with(rows.integer(5));
    while (options.step()) measure.positive.emplace_back(options.text(0));
    measures.push_back(std::move(measure));
  }
  return measures;
}

void replace_measures(SQLite::Database& db, const std::vector<Measure>& measures) {
  Statement(db, "DELETE FROM measures").run();
  Statement insert(db,
                   "INSERT INTO measures (measure_no, name, form_context_id, question_context_id, "
                   "question_text, positive, scale) VALUES (?, ?, ?, ?, ?, '[]', ?)");
  Statement add(db,
                "UPDATE measures SET positive = json_insert(positive, '$[#]', ?) WHERE measure_no "
                "= ?");
  std::int64_t number = 0;
  for (const Measure& m : measures) {
    insert
        .with(++number, m.name, or_null(m.form_context_id), or_null(m.question_context_id),
              or_null(m.question_text), or_null(m.scale))
        .run();
    for (const auto& option : m.positive) add.with(option, number).run();
  }
}

}  // namespace csatdb::warehouse
