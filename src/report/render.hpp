#pragma once

#include <cstddef>
#include <iosfwd>
#include <string_view>

#include "report/run.hpp"

namespace csatdb::report {

enum class Format { table, csv, json, ndjson, markdown };

/// How to print an outcome.
struct Style {
  Format format = Format::table;
  std::size_t width = 0;     ///< columns of the terminal; 0: no limit
  bool colour = false;       ///< the table alone, on a terminal
  bool is_csv_safe = false;  ///< texts that spreadsheets would calculate are led by an apostrophe
};

/// The version of the JSON format; it rises when a member changes its meaning or goes.
inline constexpr int kFormatVersion = 1;

/// Prints an outcome. CSV and NDJSON hold the rows alone; their footer is `footer_text`.
void render(std::ostream& out, const Outcome& outcome, const Style& style);

/// The footer as lines of text.
std::string footer_text(const Outcome& outcome);

/// "no data for csat-trend …", with the period where one was asked for.
std::string nothing_found(const Outcome& outcome);

/// A value as text: reals as SQLite prints them, NULL as "".
std::string plain(const warehouse::Value& value);

}  // namespace csatdb::report
