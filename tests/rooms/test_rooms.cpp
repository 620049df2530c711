#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "doors.hpp"
#include "support/source.hpp"

using namespace csatdb::rooms;

namespace {

const std::filesystem::path kSource = csatdb::support::in_source("");
const Rules kRules = read_rules(kSource / "tests/rooms/rooms.txt");

}  // namespace

TEST_SUITE("rooms") {
  TEST_CASE("no file opens a door that its room does not have") {
    for (const auto& violation : violations(kSource / "src", kRules)) FAIL_CHECK(violation);
  }
  TEST_CASE("planted violations of every kind are found, and nothing else") {
    const std::vector<std::string> expected{
        "api/wanders.cpp: ../api/token.hpp: names no room: write \"room/file.hpp\"",
        "api/wanders.cpp: cli/options.hpp: api may not open cli",
        "api/wanders.cpp: token.hpp: names no room: write \"room/file.hpp\"",
        "attic/lost.cpp: no such room",
        "json/looks_out.cpp: fstream: json may not include it",
        "json/looks_out.cpp: rapidjson/document.h: not in this file of json",
        "report/peeks.cpp: json/rapid.hpp: is private to json",
        "report/peeks.cpp: json/reader.hpp: report may not open json",
        "resources/reaches_out.hpp: curl/curl.h: resources may not include it",
        "resources/reaches_out.hpp: http/transport.hpp: resources may not open http",
        "resources/reaches_out.hpp: sys/socket.h: resources may not include it",
        "resources/reaches_out.hpp: warehouse/warehouse.hpp: resources may not open warehouse",
    };
    CHECK(violations(kSource / "tests/rooms/planted", kRules) == expected);
  }
}
