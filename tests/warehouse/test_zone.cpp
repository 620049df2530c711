#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/contract.hpp"
#include "warehouse/calendar.hpp"

namespace csatdb::tests {
namespace {

/// The local places of conversations that begin at these instants.
std::vector<std::string> places(ContractWorld& world, const std::vector<std::string>& starts) {
  for (std::size_t i = 0; i < starts.size(); ++i) {
    Talk talk;
    talk.id = "c" + std::to_string(i);
    talk.start = starts[i];
    world.deliver("conversations", talk.json());
  }
  std::vector<std::string> found;
  for (auto& row : world.view("fact_interactions"))
    found.push_back(row.at("local_started_at") + " " + row.at("local_date") + " " +
                    row.at("local_hour") + " " + row.at("local_weekday"));
  return found;
}

const std::vector<std::string> kSpring{"2024-03-31T00:59:59.999Z", "2024-03-31T01:00:00.000Z"};
const std::vector<std::string> kAutumn{"2024-10-27T00:30:00.000Z", "2024-10-27T01:30:00.000Z",
                                       "2024-10-27T23:00:00.000Z"};
using Places = std::vector<std::string>;

TEST_SUITE("warehouse") {
  TEST_CASE("where the clock goes forward an hour is skipped") {
    ContractWorld world("Europe/Berlin");
    CHECK(places(world, kSpring) ==
          Places{"2024-03-31 01:59:59 2024-03-31 1 7", "2024-03-31 03:00:00 2024-03-31 3 7"});
  }

  TEST_CASE("where the clock goes back an hour comes twice, and midnight an hour later") {
    ContractWorld world("Europe/Berlin");
    CHECK(places(world, kAutumn) == Places{"2024-10-27 02:30:00 2024-10-27 2 7",
                                           "2024-10-27 02:30:00 2024-10-27 2 7",
                                           "2024-10-28 00:00:00 2024-10-28 0 1"});
  }

  TEST_CASE("zones of half and quarter hours, and one whose change is half an hour") {
    ContractWorld kolkata("Asia/Kolkata");
    CHECK(places(kolkata, {"2024-01-01T18:29:59.000Z", "2024-01-01T18:30:00.000Z"}) ==
          Places{"2024-01-01 23:59:59 2024-01-01 23 1", "2024-01-02 00:00:00 2024-01-02 0 2"});
    ContractWorld kathmandu("Asia/Kathmandu");
    CHECK(places(kathmandu, {"2024-01-01T18:15:00.000Z"}) ==
          Places{"2024-01-02 00:00:00 2024-01-02 0 2"});
    ContractWorld lord_howe("Australia/Lord_Howe");
    CHECK(places(lord_howe, {"2024-04-06T14:59:00.000Z", "2024-04-06T15:00:00.000Z"}) ==
          Places{"2024-04-07 01:59:00 2024-04-07 1 7", "2024-04-07 01:30:00 2024-04-07 1 7"});
  }

  TEST_CASE("moved to another zone a warehouse reads as if it had been there from the beginning") {
    std::vector<std::string> starts = kSpring;
    starts.insert(starts.end(), kAutumn.begin(), kAutumn.end());
    for (const char* zone : {"Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "UTC"}) {
      ContractWorld moved("Pacific/Auckland"), stayed(zone);
      places(moved, starts);
      warehouse::relocate(moved.db(), base::Zone(zone));
      places(stayed, starts);
      const std::string where(zone);
      CHECK_MESSAGE(differences(stayed.facts(), moved.facts()).empty(), where);
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
