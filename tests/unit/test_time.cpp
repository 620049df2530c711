#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/time.hpp"

using namespace csatdb::base;

TEST_SUITE("unit") {
  TEST_CASE("an instant may have any number of decimals and an offset") {
    const Instant t = *parse_instant("2026-05-01T10:00:00.000Z");
    CHECK(parse_instant("2026-05-01T10:00:00Z") == t);
    CHECK(parse_instant("2026-05-01T12:00:00.0000001+02:00") == t);
    CHECK(parse_instant("2026-05-01T12:00:00+0200") == t);
    CHECK(to_ms(*parse_instant("2026-05-01T10:00:00.5Z")) == to_ms(t) + 500);
    CHECK(to_iso(t) == "2026-05-01T10:00:00.000Z");
    CHECK(to_sql(t) == "2026-05-01 10:00:00");
  }
  TEST_CASE("what is no instant is refused") {
    for (const char* bad : {"", "2021-04-2T00:00:00Z", "2026-02-30T00:00:00Z", "2026-05-01",
                            "2026-05-01T10:00:00", "2026-05-01T25:00:00Z", "2026-05-01T10:00:00.Z",
                            "1969-12-31T23:59:59Z", "2026-05-01T10:00:00Zx"})
      CHECK_MESSAGE(!parse_instant(bad), bad);
  }
  TEST_CASE("an HTTP date reads back as written") {
    const Instant t = *parse_instant("1994-11-06T08:49:37Z");
    CHECK(to_http_date(t) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(parse_http_date(to_http_date(t)) == t);
    CHECK(!parse_http_date("yesterday"));
  }
  TEST_CASE("local time follows daylight saving") {
    const Zone berlin("Europe/Berlin");
    CHECK(berlin.local(*parse_instant("2026-03-29T00:59:59Z")).hour == 1);
    CHECK(berlin.local(*parse_instant("2026-03-29T01:00:00Z")).hour == 3);
    const auto late = berlin.local(*parse_instant("2026-05-31T22:30:00Z"));
    CHECK(late.date == "2026-06-01");
    CHECK(late.weekday == 1);
    CHECK(to_iso(berlin.start_of("2026-06-01")) == "2026-05-31T22:00:00.000Z");
    CHECK_THROWS_AS(Zone("Mars/Olympus"), Error);
    CHECK_THROWS_AS(Zone("localtime"), Error);  // means another zone on another machine
  }
  TEST_CASE("durations are written with a unit") {
    CHECK(parse_duration("15m") == std::chrono::minutes(15));
    CHECK(parse_duration("2y") == std::chrono::days(730));
    for (const char* bad : {"", "15", "m", "-3h", "1e3s", "3 h", "101y", "99999y"})
      CHECK(!parse_duration(bad));
    CHECK(parse_duration("100y") == std::chrono::days(36500));
  }
}
