#pragma once

#include <string>
#include <vector>

#include "support/sync_rig.hpp"

namespace csatdb::support {

/// What a warehouse must hold, told from the simulator's truth alone: none of the product's code
/// that reads payloads takes part.
class Oracle {
 public:
  explicit Oracle(SyncRig& rig) : rig_(rig) {}

  /// How far the warehouse may lag behind the service.
  struct Bounds {
    base::Day first;    ///< the first day whose conversations are there
    base::Day settled;  ///< days before it are exact; later ones may miss a night's correction
    bool hears_deletions = true;  ///< of surveys: a search for surveys finds none that is gone
  };
  /// Where the warehouse differs from what the service shows now; empty: nowhere.
  std::vector<std::string> differences(const Bounds& bounds) const;

 private:
  SyncRig& rig_;
};

}  // namespace csatdb::support
