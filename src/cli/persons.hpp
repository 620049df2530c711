#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "warehouse/erasure.hpp"

namespace CLI {
class App;
}

namespace csatdb::cli {

/// Whose data a command is about, as written.
struct PersonFlags {
  std::vector<std::string> conversations, contacts, addresses;
  std::string ids;  ///< file of conversation ids, one a line; "-": stdin
};
void add_person_flags(CLI::App& app, PersonFlags& flags);

/// Throws Fault::usage if nobody is named, or the file cannot be read.
std::vector<warehouse::Person> persons(Session& session, const PersonFlags& flags);

/// "3 conversations (2026-01-04 to 2026-05-03) and 2 surveys"
std::string in_words(const warehouse::Extent& extent);

/// Whether to go on after the count: `--yes`, or the answer on a terminal. Where nobody can be
/// asked it says how to go on.
bool is_confirmed(Session& session, bool yes);

}  // namespace csatdb::cli
