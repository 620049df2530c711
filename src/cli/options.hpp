#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "cli/config_file.hpp"
#include "cli/identity.hpp"
#include "cli/process.hpp"
#include "cli/setting.hpp"

namespace csatdb::cli {

/// A value and where it comes from, e.g. "--db", "CSATDB_RATE", "~/.config/csatdb/config.toml:3:1",
/// "default".
template <class T>
struct Chosen {
  T value{};
  std::string origin;
  bool is_default() const { return origin == "default"; }
};

/// The first day wanted: so long ago, or a local date.
struct Since {
  std::optional<base::Millis> ago;
  std::string date;  ///< YYYY-MM-DD, if not `ago`
};

/// Every setting after all layers had their say: flags > environment > `.env` > TOML > defaults.
struct Options {
  Chosen<std::filesystem::path> database;
  Chosen<std::optional<std::string>> timezone;  ///< a known IANA zone; nothing: the warehouse's own
  Chosen<std::string> privacy;                  ///< standard, strict or none
  Chosen<std::filesystem::path> privacy_key_file;  ///< empty: the default place
  Chosen<std::optional<base::Millis>> retention;
  Chosen<Since> since;
  Chosen<base::Millis> horizon;
  Chosen<std::vector<std::string>> attributes;
  Chosen<std::vector<std::string>> only;
  Chosen<double> budget;  ///< 0 < share <= 1
  Chosen<double> rate;    ///< requests a minute; 0: unlimited
  Chosen<int> parallel;
  std::vector<Measure> measures;
  bool has_file = false;  ///< a configuration file was read: without measures in it there are none

  std::vector<Layer> layers;          ///< as found, the strongest first
  std::vector<std::string> warnings;  ///< what the user should know, and can do without
};

/// What the global flags ask for.
struct Globals {
  std::optional<std::string> profile;
  std::optional<std::string> config;
};

/// Reads and merges all layers. Throws Fault::usage, naming the origin, for a value that cannot be
/// used.
Options read_options(const Process& process, const Globals& globals, Layer flags);

/// A first day as users write it: "90d", "2y", "2026-01-31". Throws Fault::usage naming the origin.
Since parse_since(const std::string& text, const std::string& origin);

/// The names of all profiles, csatdb's and the official CLI's.
std::vector<std::string> profile_names(const Process& process, const Globals& globals);

}  // namespace csatdb::cli
