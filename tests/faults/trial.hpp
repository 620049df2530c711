#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cli/shell.hpp"
#include "sim/world.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::faults {

/// A command line, what it finds in its folder, and when it is run.
struct Errand {
  const char* name;
  std::size_t moment;  ///< of the story
  std::vector<std::string> words;
  bool is_older = false;  ///< the warehouse is that of an earlier csatdb
};

/// Each goes on where the one before left the folder, but for one with an older warehouse.
const std::vector<Errand>& errands();

/// A user's folder with the warehouse csat.db, laid out anew for each trial of an errand.
class Trial {
 public:
  /// Does all errands once, so that is known what they come to.
  Trial();

  /// Puts the folder as it was before an errand.
  void lay(std::size_t errand);
  /// Runs an errand's command line; `waiting` is called whenever it waits for the service.
  support::Shell::Result run(std::size_t errand, const std::function<void()>& waiting = {});

  /// The canonical text of the warehouse after an errand that nothing went wrong with.
  const std::string& after(std::size_t errand) const { return after_[errand]; }
  /// What is in the folder then.
  const std::set<std::string>& files_after(std::size_t errand) const { return names_[errand]; }
  /// What is in the folder, but for a log that could not be folded into its file, and a copy of an
  /// empty one whose schema was cut short.
  std::set<std::string> files() const;

  support::Shell shell;
  const std::string file = (shell.folder / "csat.db").string();
  const std::string snapshot = (shell.folder / "bi.db").string();

 private:
  void clear();
  void choose_ids();

  sim::World world_;
  support::TempFolder kept_;
  std::vector<std::filesystem::path> before_;
  std::vector<std::string> after_;
  std::vector<std::set<std::string>> names_;
};

/// What SQLite says of a file's integrity: "ok".
std::string integrity(const std::string& file);

}  // namespace csatdb::faults
