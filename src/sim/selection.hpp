#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "json/reader.hpp"
#include "sim/world.hpp"

namespace csatdb::sim {

/// One chosen conversation.
struct Chosen {
  base::Day day;
  std::uint32_t index = 0;
  base::Instant order;
};
using Choice = std::shared_ptr<const std::vector<Chosen>>;

/// Finds the conversations an analytics query means. Remembers the last choices, since pages of
/// one query follow each other.
class Selector {
 public:
  Selector(World& world, const std::set<int>& hidden_divisions)
      : world_(world), hidden_(hidden_divisions) {}

  /// The sync rule: started on a UTC day that the interval touches (genesys-api 3.3).
  Choice by_days(const json::Value& query, base::Instant now);
  /// The async rule: alive in the interval; with `starts_inside` also begun no earlier than the
  /// interval's first day. `lake` is the moment up to which the lake knows the world.
  Choice by_overlap(const json::Value& query, base::Instant lake);
  /// Whether this client may see it: shown at t and in a division that is not hidden.
  bool visible(const Conversation& c, base::Instant t) const;

 private:
  Choice remember(std::string key, std::vector<Chosen> chosen);
  Choice recall(const std::string& key);

  World& world_;
  const std::set<int>& hidden_;
  std::list<std::pair<std::string, Choice>> recent_;
};

}  // namespace csatdb::sim
