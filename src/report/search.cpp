#include "report/search.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "embed/sql_files.hpp"

namespace csatdb::report {
namespace {

using base::Error;
using base::Fault;

/// Refuses words that FTS5 cannot read.
void check_words(const warehouse::Reader& reader, const warehouse::Parameters& parameters) {
  try {
    reader.run("SELECT 1 FROM survey_comments WHERE survey_comments MATCH :words LIMIT 1",
               parameters);
  } catch (const Error& error) {
    // The statement is right, so what SQLite does not understand are the words.
    if (error.fault() != Fault::internal) throw;
    const auto words = std::get<std::string>(parameters.find("words")->second);
    throw Error(
        Fault::usage,
        fmt::format("cannot search for {}: words, \"two words\" in a row, refund*, OR, NOT, "
                    "NEAR(late refund) and parentheses can be searched for; put what has other "
                    "characters in double quotes, for example '\"e-mail\"'",
                    words));
  }
}

}  // namespace

const Report& search_report() {
  // Headed like the files of queries/, so that its options are bound and checked like theirs.
  static const Report report = parse_report("search", embed::find("src/report/search.sql")->text);
  return report;
}

Outcome search(const warehouse::Reader& reader, warehouse::Parameters parameters, bool is_excerpt) {
  check_words(reader, parameters);
  if (is_excerpt) parameters["excerpt"] = std::int64_t{1};
  auto outcome = run(reader, search_report(), std::move(parameters));
  outcome.parameters.erase("excerpt");
  return outcome;
}

}  // namespace csatdb::report
