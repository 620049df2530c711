#pragma once

#include <string>

#include "report/run.hpp"
#include "sim/in_process.hpp"
#include "sim/service.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::tests {

/// A warehouse of a simulated contact centre, filled by the engine as `sync` fills it: six weeks in
/// Berlin, the satisfaction, effort and resolution questions mapped. Always the same rows.
class Golden {
 public:
  /// The one that tests read; made when first asked for.
  static Golden& shared();

  Golden();

  const std::string& path() const { return path_; }
  sim::World& world() { return world_; }
  const base::Zone& zone() const { return zone_; }
  /// The instant of the sync.
  static base::Instant now();
  /// The first day it holds.
  static base::Day first_day();

  warehouse::Reader reader() const { return warehouse::Reader(path_); }
  /// Runs a canned report.
  report::Outcome run(std::string_view name, warehouse::Parameters parameters = {}) const;

 private:
  support::TempFolder folder_;
  std::string path_;
  base::Zone zone_;
  sim::World world_;
  sim::FakeClock clock_;
  sim::Service service_;
};

/// The questions that the golden warehouse maps, as rows of `measures`.
extern const char* const kMeasures;

}  // namespace csatdb::tests
