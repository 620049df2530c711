#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/golden.hpp"
#include "report/oracle.hpp"

namespace csatdb::tests {

/// The golden warehouse beside what its reports should find.
struct Site {
  static const Site& shared();

  Golden& golden;
  std::vector<OracleTalk> talks;
  std::string from, to;  ///< the default period's local dates
  std::map<std::string, std::string> queues, agents, teams,
      wrapups;  ///< names by id, as the lists tell them

  bool in_period(const std::string& date) const { return from <= date && date <= to; }
  /// Conversations that began in the period.
  std::vector<const OracleTalk*> contacts() const;
  /// Finished surveys that were completed in the period, with their conversations.
  std::vector<std::pair<const OracleTalk*, const OracleSurvey*>> completed() const;
  /// Finished surveys of conversations that began in the period.
  std::vector<std::pair<const OracleTalk*, const OracleSurvey*>> responses() const;
  /// The last date whose contacts have all but 5 % of their answers.
  std::string mature_through() const;
  /// A queue's name; `none` for no queue, and for one that no list names.
  std::string queue_name(const std::string& id, const std::string& none) const;
};

}  // namespace csatdb::tests
