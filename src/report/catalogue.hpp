#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csatdb::report {

/// A parameter of a report, `:name` in its SQL. Unbound it is NULL and stands for its default.
struct Parameter {
  std::string name;
  std::string type;  ///< date, text, integer, real or flag
  bool is_required = false;
  std::string text;

  /// The values that the text lists: "a, b (of x) or c; default a." gives a, b and c.
  std::vector<std::string> words() const;
};

/// One file of queries/: what its header says, and its SQL.
///
/// A file holds two statements. The first gives the report's rows. The second, its footer, gives
/// one text a row: period, n, what was left out and why, how far the data are settled.
struct Report {
  std::string name;    ///< the file's, e.g. "csat-trend"
  std::string title;   ///< ends with the date basis
  std::string rhythm;  ///< daily, weekly or audit; ", exploratory" may follow
  std::string description;
  std::string basis;        ///< which date puts a row into the period
  std::string denominator;  ///< of what each share is a share
  std::string exclusions;
  std::string genesys;  ///< the Genesys Cloud term it equals or differs from
  std::string dialect;  ///< "sqlite", and "postgresql" after it where the SQL runs there unchanged
  std::vector<Parameter> parameters;
  std::string sql;  ///< the whole file

  const Parameter* parameter(std::string_view name) const;
  bool runs_on(std::string_view dialect) const;
};

/// Reads a file of queries/. Throws Fault::internal, naming file and line, for a header that is
/// incomplete or says what none does.
Report parse_report(std::string_view name, std::string_view text);

/// Every report of this binary, by name.
std::span<const Report> reports();
/// The report of this name; null if there is none.
const Report* find_report(std::string_view name);

}  // namespace csatdb::report
