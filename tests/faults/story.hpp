#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/transport.hpp"
#include "sim/clock.hpp"
#include "sim/in_process.hpp"
#include "sim/service.hpp"
#include "sim/world.hpp"
#include "sync/engine.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::faults {

/// How a sync ended, as its user sees it.
struct Ending {
  int code = 0;
  std::string said;  ///< the fault that ended it, or its gaps
  sync::Report report;
};

/// A sync of one warehouse file from a small organisation, at moments whose date stands still: what
/// was cut short and done again must come to the same as what ran through.
class Story {
 public:
  /// Ten days with conversations of every kind, then days that go on like them.
  static sim::Organisation organisation();
  /// An instant of the story, and how the service treats its clients then.
  struct Moment {
    base::Instant now;
    sim::Options options;
  };
  /// A first load, the same warehouse a day and five days later, and once more a day after: the
  /// last two without the permission to hear of surveys, so that a search stands in.
  static const std::vector<Moment>& moments();

  /// `world` is shared by all stories: it is a function of its organisation alone.
  Story(sim::World& world, const Moment& moment);

  /// What a trial puts between the product and the world.
  struct Doors {
    std::function<void()> crossing;                      ///< every start, wait and progress display
    std::function<void()> commit;                        ///< before every commit
    std::function<void(const http::Request&)> answered;  ///< a request, as its answer is handed out
    std::function<void()> waiting;                       ///< before the next answer is waited for
  };
  /// Opens the warehouse and brings it up to date. What `doors` throw passes through, unless it is
  /// a base::Error.
  Ending sync(const std::filesystem::path& file, const sync::Settings& settings,
              const Doors& doors = {});
  Ending sync(const std::filesystem::path& file) { return sync(file, settings()); }

  static sync::Settings settings();

  sim::FakeClock clock;
  sim::Service service;
};

/// One canonical text of all a warehouse holds but its bookkeeping.
std::string logical(const std::filesystem::path& file);

/// Copies a warehouse as a crash would leave it: the file and its write-ahead log.
void copy_warehouse(const std::filesystem::path& from, const std::filesystem::path& to);

/// Where two texts part, for messages: the first differing line of each.
std::string difference(const std::string& wanted, const std::string& got);

/// Whether the long versions were asked for (scripts/test --faults).
bool is_thorough();

}  // namespace csatdb::faults
