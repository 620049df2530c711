#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/session.hpp"

namespace csatdb::cli {

/// What was found of one thing that was looked at.
struct Finding {
  enum class State { ok, note, problem };
  State state = State::ok;
  std::string check;   ///< what was looked at
  std::string found;   ///< what is so
  std::string remedy;  ///< what to do about it; empty where nothing is to be done
  /// Of a problem: the way a run would end by it.
  base::Fault fault = base::Fault::usage;
};

/// What is so and well.
inline Finding fine(std::string check, std::string found) {
  return {Finding::State::ok, std::move(check), std::move(found), "", {}};
}
/// What the user should know, and can do without mending.
inline Finding note(std::string check, std::string found, std::string remedy) {
  return {Finding::State::note, std::move(check), std::move(found), std::move(remedy), {}};
}
inline Finding problem(std::string check, base::Fault fault, std::string found,
                       std::string remedy) {
  return {Finding::State::problem, std::move(check), std::move(found), std::move(remedy), fault};
}

/// Looks at the service, without changing anything there: host, token, permissions, divisions,
/// clock, and how far jobs are behind. Throws Fault::interrupted.
std::vector<Finding> examine_service(Session& session);

/// Looks at the warehouse file: organisation, integrity, references, gaps, disk, forms. Reads all
/// of it.
std::vector<Finding> examine_warehouse(Session& session);

}  // namespace csatdb::cli
