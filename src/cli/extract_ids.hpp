#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csatdb::cli {

/// A conversation as the user named it.
struct AskedId {
  std::string text;       ///< as written, or the id in lower case where it is one
  bool is_valid = true;   ///< it has the form of an id
  std::size_t place = 0;  ///< in the list, from 1
  std::size_t first = 0;  ///< place of the first that names the same

  bool is_asked_for() const { return is_valid && place == first; }
  /// Why it is not asked for; "" if it is.
  std::string note() const;
};

/// The ids of a list: one a line, the first column of a CSV file or the words of a command line;
/// blanks and quotes around them, empty lines, # comments and a heading do not count.
std::vector<std::string> ids_of_text(std::string_view text);

/// The same in order, with what is wrong with them and which repeat.
std::vector<AskedId> checked_ids(const std::vector<std::string>& written);

}  // namespace csatdb::cli
