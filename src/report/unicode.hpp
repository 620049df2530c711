#pragma once

#include <cstddef>
#include <string_view>

namespace csatdb::report {

/// One character of a UTF-8 text. An invalid byte is a character of its own, U+FFFD.
struct Character {
  char32_t code;
  std::string_view bytes;
  bool valid;
};

/// Removes the first character of a text that is not empty.
Character take(std::string_view& text);

/// Terminal columns of a character: 0, 1 or 2 (Unicode's East Asian Width and general categories
/// Mn, Me).
std::size_t column_width(char32_t c);

}  // namespace csatdb::report
