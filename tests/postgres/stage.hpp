#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "faults/story.hpp"
#include "postgres/server.hpp"
#include "publish/postgres.hpp"
#include "support/fake_clock.hpp"

namespace csatdb::tests {

/// A warehouse of the story beside a schema to publish it to.
class Stage {
 public:
  explicit Stage(Server& on) : Stage(on.url("postgres")) {}
  explicit Stage(const std::string& database) : url(database), client(url) {
    static int schemas = 0;
    order.schema = fmt::format("Test {}", ++schemas);
    order.warehouse = file.string();
    order.target = url;
    client.rows(fmt::format("SET search_path = \"{}\"", order.schema));
  }

  /// Puts the warehouse as the story's first moments left it.
  void lay(std::size_t moments = 1) { faults::copy_warehouse(story(moments), file); }
  /// Brings it to one of the story's moments.
  void sync(std::size_t moment) { sync(file, moment); }
  publish::Summary publish(const publish::Progress& progress = [](const publish::Step&) {}) {
    return publish::publish(order, clock, progress);
  }
  /// Publishes, after checking that a plan foretells it.
  publish::Summary publish_as_planned() {
    const auto foretold = publish::plan(order);
    const auto done = publish();
    const auto lines = [](const publish::Summary& summary) {
      std::string out;
      for (const auto& each : summary.tables)
        out += fmt::format("{} {} -{}\n", each.table, each.rows, each.removed);
      return out;
    };
    CHECK(lines(foretold) == lines(done));
    CHECK(foretold.is_first == done.is_first);
    return done;
  }
  /// The fault a publish ends with, and its message.
  std::pair<base::Fault, std::string> failure(const publish::Progress& progress =
                                                  [](const publish::Step&) {}) {
    try {
      publish(progress);
    } catch (const base::Error& error) {
      return {error.fault(), error.what()};
    }
    FAIL("the publish succeeded");
    return {base::Fault::internal, ""};
  }
  /// Compares every contract view, row by row.
  void check_equal() { check_equal(client); }
  void check_equal(Client& by) {
    const auto wanted = warehouse_views(file);
    const auto got = target_views(by, order.schema);
    CHECK(got.size() == wanted.size());
    for (const auto& each : wanted) {
      const auto& view = each.first;
      const auto& rows = each.second;
      const auto there = got.find(view);
      const auto held = there == got.end() ? std::vector<std::string>() : there->second;
      const bool is_same = there != got.end() && held == rows;
      CHECK_MESSAGE(is_same, view, ": ", first_difference(rows, held));
    }
  }
  /// Everything the schema holds, for telling whether it was touched.
  std::string print() {
    std::string out;
    for (const auto& [view, rows] : target_views(client, order.schema))
      for (const auto& row : rows) out += view + row + '\n';
    for (const auto& row : client.rows(
             fmt::format("SELECT relname, relkind, reltuples FROM pg_class WHERE relnamespace = "
                         "to_regnamespace('\"{}\"') ORDER BY 1",
                         order.schema)))
      out += row[0] + ' ' + row[1] + '\n';
    return out;
  }
  /// Changes the warehouse as a writer would, in one committed transaction.
  void change(const std::string& sql) {
    warehouse::Warehouse warehouse({file.string(), base::Millis{0}, "test"});
    warehouse.begin();
    warehouse.database().exec(sql);
    warehouse.commit();
  }

  static std::string first_difference(const std::vector<std::string>& wanted,
                                      const std::vector<std::string>& got) {
    for (std::size_t i = 0; i < std::max(wanted.size(), got.size()); ++i) {
      const std::string a = i < wanted.size() ? wanted[i] : "(none)";
      const std::string b = i < got.size() ? got[i] : "(none)";
      if (a != b)
        return fmt::format("{} and {} rows\nwanted {}\ngot    {}", wanted.size(), got.size(), a, b);
    }
    return "none";
  }

  support::TempFolder folder;
  std::filesystem::path file = folder / "csat.db";
  std::string url;
  Client client;  ///< of the test, its search path the schema
  support::FakeClock clock;
  publish::Order order;

 private:
  static void sync(const std::filesystem::path& file, std::size_t moment) {
    static sim::World world(faults::Story::organisation());
    const auto ending = faults::Story(world, faults::Story::moments().at(moment)).sync(file);
    REQUIRE_MESSAGE(ending.code == 0, ending.said);
  }
  /// The warehouse after the first moments, synced once for all tests.
  static const std::filesystem::path& story(std::size_t moments) {
    static const support::TempFolder kept;
    static std::vector<std::filesystem::path> files;
    while (files.size() < moments) {
      const auto next = kept / fmt::format("{}.db", files.size());
      if (!files.empty()) faults::copy_warehouse(files.back(), next);
      sync(next, files.size());
      files.push_back(next);
    }
    return files.at(moments - 1);
  }
};

}  // namespace csatdb::tests
