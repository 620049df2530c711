#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/shell.hpp"
#include "json/reader.hpp"
#include "sim/in_process.hpp"
#include "sim/service.hpp"
#include "sim/truth.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::support {

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A user's machine beside a simulated organisation of a few days; both read one clock.
class Site : public Shell {
 public:
  static constexpr base::Instant kNow{base::Millis{1748757600000}};  // 2025-06-01T06:00:00Z
  static constexpr int kDays = 8;

  explicit Site(sim::Options options = {}, sim::Organisation o = organisation())
      : world(o), now(kNow), service(world, now, without_limit(std::move(options))) {
    time = &now;
    transport = [this](int) { return std::make_unique<sim::InProcess>(service, now); };
    variables["GENESYS_ENV_URL"] = "http://127.0.0.1:1";
    variables["GENESYS_CLIENT_ID"] = "demo";
    variables["GENESYS_CLIENT_SECRET"] = "demo-secret";
    variables["CSATDB_RATE"] = "0";
  }

  static sim::Organisation organisation() {
    sim::Organisation small;
    small.first_day = base::day_of(kNow) - std::chrono::days(kDays);
    small.days = kDays;
    small.interactions = 400;
    return small;
  }

  /// A first sync of the organisation's days, which must end with `code`.
  void sync(int code = 0) {
    const auto result = run({"-q", "sync", "--since", std::to_string(kDays) + "d"});
    REQUIRE_MESSAGE(result.code == code, result.err);
  }
  std::string path() const { return (folder / "csat.db").string(); }
  /// The warehouse, to look into or to bring into a state that takes long to reach.
  std::unique_ptr<warehouse::Warehouse> open() const {
    return std::make_unique<warehouse::Warehouse>(warehouse::Opening{path()});
  }
  /// What a command prints as JSON.
  json::Value json(const std::vector<std::string>& words, int code = 0) {
    const auto result = run(words);
    REQUIRE_MESSAGE(result.code == code, result.err);
    return document_.parse(result.out);
  }

  sim::World world;
  sim::FakeClock now;
  sim::Service service;

 private:
  static sim::Options without_limit(sim::Options options) {
    options.rate = 0;
    options.job_delay = base::Millis{0};
    return options;
  }
  json::Document document_;
};

}  // namespace csatdb::support
