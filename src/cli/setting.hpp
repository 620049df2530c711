#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csatdb::cli {

/// How a setting is written.
enum class Kind { text, number, list };

/// One thing a user can set, by whichever layer.
struct Setting {
  std::string_view key;                       ///< its name in TOML and in `config show`
  std::array<std::string_view, 2> variables;  ///< its names in the environment and in `.env`
  Kind kind;
  std::string_view fallback;  ///< its default; empty: none
  std::string_view meaning;
};

/// All settings, in the order `config show` prints them. Measures, being tables, are apart.
std::span<const Setting> settings();
const Setting* find_setting(std::string_view key);

/// Where values come from, the strongest first.
enum class Source { flag, environment, dotenv, file, gc, fallback };

/// A value as written (one item unless it is a list) and where, e.g. "GENESYSCLOUD_REGION in .env".
struct Entry {
  std::vector<std::string> items;
  std::string origin;
};

/// What one source says.
struct Layer {
  Source source;
  std::string name;  ///< for messages, e.g. "the environment", "~/.config/csatdb/config.toml"
  std::map<std::string, Entry, std::less<>> entries;  ///< by key

  const Entry* find(std::string_view key) const {
    const auto at = entries.find(key);
    return at == entries.end() ? nullptr : &at->second;
  }
  bool has(std::string_view key) const { return find(key) != nullptr; }
};

/// The items of a comma-separated list, without the white space around them and without empty ones.
std::vector<std::string> split_list(std::string_view text);
/// Stores `text` as the setting's entry: a list is split at its commas.
void put(Layer& layer, const Setting& setting, std::string_view text, std::string origin);

}  // namespace csatdb::cli
