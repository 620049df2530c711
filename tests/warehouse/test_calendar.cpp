#include <doctest/doctest.h>

#include "support/contract.hpp"
#include "warehouse/calendar.hpp"

namespace csatdb::tests {
namespace {

base::Instant instant(const char* text) { return *base::parse_instant(text); }

Cells date(ContractWorld& world, const std::string& wanted) {
  for (const Cells& row : world.view("dim_dates")) {
    if (row.at("local_date") == wanted) return row;
  }
  return {};
}

TEST_SUITE("warehouse") {
  TEST_CASE("the calendar covers whole years, once each, without holes") {
    ContractWorld world;
    const base::Zone zone("Europe/Berlin");
    warehouse::extend_calendar(world.db(), zone, instant("2023-06-01T00:00:00Z"),
                               instant("2024-02-01T00:00:00Z"));
    CHECK(world.view("dim_dates").size() == 365 + 366);
    warehouse::extend_calendar(world.db(), zone, instant("2026-01-01T00:00:00Z"),
                               instant("2026-01-01T00:00:00Z"));
    CHECK(world.view("dim_dates").size() == 365 + 366 + 365 + 365);
    warehouse::extend_calendar(world.db(), zone, instant("2023-06-01T00:00:00Z"),
                               instant("2024-02-01T00:00:00Z"));
    CHECK(world.view("dim_dates").size() == 365 + 366 + 365 + 365);
  }

  TEST_CASE("a date knows its week, quarter and length, also where the clock changes") {
    ContractWorld world;
    warehouse::extend_calendar(world.db(), base::Zone("Europe/Berlin"),
                               instant("2024-01-01T00:00:00Z"), instant("2025-01-02T00:00:00Z"));
    CHECK(date(world, "2024-03-31") == Cells{{"local_date", "2024-03-31"},
                                             {"year", "2024"},
                                             {"quarter", "1"},
                                             {"month", "3"},
                                             {"day", "31"},
                                             {"iso_year", "2024"},
                                             {"iso_week", "13"},
                                             {"weekday", "7"},
                                             {"is_weekend", "1"},
                                             {"week_start", "2024-03-25"},
                                             {"month_start", "2024-03-01"},
                                             {"starts_at", "2024-03-30 23:00:00"},
                                             {"starts_ms", "1711839600000"},
                                             {"hours", "23"}});
    CHECK(date(world, "2024-10-27").at("hours") == "25");
    CHECK(date(world, "2024-10-28").at("hours") == "24");
    CHECK(date(world, "2024-12-30").at("iso_year") + "-" +
              date(world, "2024-12-30").at("iso_week") ==
          "2025-1");
    CHECK(date(world, "2025-01-01").at("week_start") == "2024-12-30");
    CHECK(date(world, "2024-10-01").at("quarter") == "4");
  }

  TEST_CASE("another zone rewrites every local date to what a sync in that zone had stored") {
    Talk talk;
    talk.start = "2024-05-06T22:30:00.000Z";
    talk.parties = {{"acd", "", "", {{.segments = {{"interact", 0, 10}}}}},
                    {"agent", "a1", "", {{.segments = {{"interact", 10, 20}}}}}};
    talk.surveys = {{.id = "s1", .status = "Finished", .completed = "2024-05-07T01:30:00Z"}};
    ContractWorld there("America/New_York");
    there.deliver("conversations", talk.json());
    warehouse::extend_calendar(there.db(), base::Zone("America/New_York"),
                               instant(talk.start.c_str()), instant(talk.start.c_str()));
    ContractWorld here("Europe/Berlin");
    here.deliver("conversations", talk.json());
    warehouse::extend_calendar(here.db(), base::Zone("Europe/Berlin"), instant(talk.start.c_str()),
                               instant(talk.start.c_str()));
    CHECK(differences(there.facts(), here.facts()).size() == 8);
    warehouse::relocate(here.db(), base::Zone("America/New_York"));
    CHECK(differences(there.facts(), here.facts()).empty());
    CHECK(there.view("dim_dates") == here.view("dim_dates"));
  }
}

}  // namespace
}  // namespace csatdb::tests
