#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/conversation.hpp"
#include "sim/directory.hpp"
#include "sim/forms.hpp"
#include "sim/ids.hpp"
#include "sim/organisation.hpp"

namespace csatdb::sim {

/// All conversations that start on one UTC day, by start.
using DayOfConversations = std::vector<Conversation>;

/// What of a day is kept when its conversations are not: enough to find those that matter later.
struct DayOutline {
  struct Life {
    std::uint32_t index;
    base::Instant end;  ///< kNever: an orphan
  };
  struct Event {
    base::Instant at;
    std::uint32_t index;
  };
  std::vector<Life> long_lived;  ///< conversations that end after the day's own end
  std::vector<Event> events;     ///< of surveys, evaluations and resolutions
};

/// A simulated contact centre: pure data, a function of the Organisation alone. Days are written
/// when they are first looked at and a bounded number of conversations is kept. Not thread-safe.
class World {
 public:
  explicit World(const Organisation& organisation);

  const Organisation& organisation() const { return organisation_; }
  const Directory& directory() const { return directory_; }
  const Forms& forms() const { return forms_; }
  const Ids& ids() const { return ids_; }

  /// How many conversations start on a day, from all eternity's view.
  int count(base::Day day) const;
  /// The day's conversations with their whole lives.
  std::shared_ptr<const DayOfConversations> day(base::Day day);
  const DayOutline& outline(base::Day day);
  /// One conversation by its id; nothing if the world never holds it.
  std::optional<Conversation> conversation(std::string_view id) const;
  Conversation write(base::Day day, int index) const;

  std::string id(const Conversation& c) const;
  std::string id(const Conversation& c, const Survey& s) const;
  std::string id(const Conversation& c, const Evaluation& e) const;

 private:
  base::Instant start_of(base::Day day, int index, int count) const;
  void forget_old_days();

  Organisation organisation_;
  Directory directory_;
  Forms forms_;
  Ids ids_;
  std::vector<int> counts_;
  std::map<base::Day, DayOutline> outlines_;
  std::list<std::pair<base::Day, std::shared_ptr<const DayOfConversations>>> kept_;  // newest first
};

/// The life of a survey at an instant.
struct SurveyState {
  std::string_view status;  ///< as the quality API spells it; empty: does not exist
  base::Instant since;      ///< of the last event
};
SurveyState state_of(const Survey& survey, base::Instant t);
/// "In Progress" and "Opt Out" where the quality API says InProgress and OptOut.
std::string_view analytics_spelling(std::string_view status);
/// The answers of a finished survey.
Answers answers_of(const World& world, const Conversation& c, const Survey& s);

}  // namespace csatdb::sim
