#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/organisation.hpp"

namespace csatdb::sim {

/// A name that may change once.
struct Name {
  std::string first;
  std::string later;
  base::Instant changed = kNever;
  const std::string& at(base::Instant t) const { return t < changed ? first : later; }
};

struct Division {
  std::string name, description;
};

struct Team {
  std::string name;
  int division = 0;
  base::Instant created;
};

struct User {
  Name name;
  std::string email, department;
  Name title;
  int division = 0;
  int team = -1, later_team = -1;  ///< -1: none
  int manager = -1;
  base::Instant created, moved = kNever, inactive = kNever, deleted = kNever;
  bool auto_answer = false;

  int team_at(base::Instant t) const { return t < moved ? team : later_team; }
  /// "active", "inactive", "deleted", or empty before it exists.
  std::string_view state(base::Instant t) const;
  /// Counts the changes so far, as the service does.
  int version(base::Instant t) const;
  bool works(base::Instant t) const { return created <= t && t < inactive && t < deleted; }
};

struct Queue {
  Name name;
  std::string description;
  int division = 0;
  base::Instant created, deleted = kNever;
  int members = 0;
  int level_s = 20;        ///< service level for calls; the other media are multiples
  bool has_levels = true;  ///< some queues carry no mediaSettings
};

/// A wrap-up code, skill, language or flow.
struct Label {
  Name name;
  int division = 0;
  base::Instant created, deleted = kNever;
  std::string_view kind;  ///< flows: flowType as analytics spells it
};

/// The rows that the listings give and the conversations point at.
struct Directory {
  std::vector<Division> divisions;
  std::vector<Team> teams;
  std::vector<User> users;
  std::vector<Queue> queues;
  std::vector<Label> codes, skills, languages, flows;
};

Directory make_directory(const Organisation& organisation);

}  // namespace csatdb::sim
