#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/config_file.hpp"
#include "cli/proposal.hpp"

namespace csatdb::cli {

/// A configuration file about to be written.
struct Draft {
  std::filesystem::path path;
  std::string shown;                          ///< the path, for messages
  std::optional<std::string> profile;         ///< the table that the values go to; nothing: the top
  bool append = false;                        ///< the profile joins a file that exists
  std::map<std::string, std::string> values;  ///< by setting
  std::vector<std::pair<Question, Measure>> measures;
  bool map_measures = false;  ///< written live; else as comments to choose from
};

/// The file's text: each setting with its meaning, those without a value as a comment with the
/// default.
std::string text_of(const Draft& draft);

/// Writes the file so that nobody else can read it, whole or not at all. Throws Fault::storage.
void write(const Draft& draft);

}  // namespace csatdb::cli
