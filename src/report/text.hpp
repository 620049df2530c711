#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Texts from the service (names, questions, comments) are untrusted: whatever prints them goes
// through here.

namespace csatdb::report {

/// What becomes of line breaks.
enum class Lines { keep, mark };

/// The text without anything that acts on a terminal or turns the reading direction: control
/// characters, ANSI escapes, bidirectional marks and invalid UTF-8 become U+FFFD, a tab a blank; a
/// line break stays or is shown as "⏎".
std::string printable(std::string_view text, Lines lines);

/// Columns a printable text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for
/// combining marks.
std::size_t display_width(std::string_view text);

/// A printable text cut to `width` columns, the last one "…" if something was cut.
std::string fitted(std::string_view text, std::size_t width);

/// One field of RFC 4180: quoted where it must be. With `safe`, a text that spreadsheets would
/// calculate is led by an apostrophe.
std::string csv_field(std::string_view text, bool safe);

/// A cell of a Markdown table (GitHub's dialect): no HTML, no markup, no links of its own.
std::string markdown_cell(std::string_view text);

/// Text for HTML content and quoted attributes.
std::string html_text(std::string_view text);

/// A JSON text that is harmless when shown: what `printable` replaces stays, but as \u escapes.
std::string json_shown(std::string_view json);

}  // namespace csatdb::report
