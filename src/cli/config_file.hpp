#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/process.hpp"
#include "cli/setting.hpp"

namespace csatdb::cli {

/// A `[[measures]]` table: which question measures what.
struct Measure {
  std::string name;                   ///< csat, ces or fcr
  std::string form_context_id;        ///< empty: any form that asks this question
  std::string question_context_id;    ///< empty: found by its text
  std::string question;               ///< the question's text, where it has no context id
  std::vector<std::string> positive;  ///< the option texts or values that count as positive
  std::string scale;                  ///< e.g. "1-5"
  std::string origin;                 ///< file and line
};

/// csatdb's own TOML file, read for one profile.
struct ConfigFile {
  std::filesystem::path path;
  Layer layer{Source::file, {}, {}};
  std::vector<Measure> measures;
  std::vector<std::string> profiles;  ///< all that the file names
  bool has_profile = false;           ///< it has the profile asked for
  bool is_there = false;
};

/// Reads `path`, or $XDG_CONFIG_HOME/csatdb/config.toml; of the latter an absent one is empty. A
/// profile's tables win over those at the top. Throws Fault::usage with line and column for what
/// TOML or csatdb does not know, for a file that others can write, and for one with a secret in it
/// that others can read.
ConfigFile read_config(const Process& process, const std::optional<std::string>& path,
                       const std::optional<std::string>& profile);

/// Where the file is looked for when no other is named; nothing without a home folder.
std::optional<std::filesystem::path> default_config_path(const Process& process);

/// The official CLI's file (~/.gc/config.toml), read for one profile ("DEFAULT" unless named; case
/// is ignored).
struct GcFile {
  Layer layer{Source::gc, {}, {}};
  std::vector<std::string> profiles;
  bool has_profile = false;
  std::string warning;  ///< what the user should mend; empty if nothing
};

/// Profiles of other grants than client credentials say nothing. Warns if others can read the file;
/// a damaged one is passed over with a warning, since it is not csatdb's to refuse.
GcFile read_gc(const Process& process, const std::optional<std::string>& profile);

}  // namespace csatdb::cli
