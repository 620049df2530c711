#include "warehouse/calendar.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <ratio>
#include <string>

#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

using base::Day;
using std::chrono::days;

/// The ISO-8601 year and week of a day: those of its Thursday.
struct IsoWeek {
  int year, week;
};
IsoWeek iso_week(Day day) {
  const unsigned weekday = std::chrono::weekday{day}.iso_encoding();
  const Day thursday = day + days{4} - days{weekday};
  const auto year = std::chrono::year_month_day{thursday}.year();
  const Day first{year / std::chrono::January / 1};
  return {int{year}, static_cast<int>((thursday - first).count() / 7 + 1)};
}

void insert_date(SQLite::Statement& insert, const base::Zone& zone, Day day) {
  const std::chrono::year_month_day ymd{day};
  const unsigned weekday = std::chrono::weekday{day}.iso_encoding();
  const IsoWeek week = iso_week(day);
  const std::string date = base::to_date(day);
  const auto starts = zone.start_of(date);
  const auto ends = zone.start_of(base::to_date(day + days{1}));
  int at = 0;
  insert.bind(++at, date);
  insert.bind(++at, int{ymd.year()});
  insert.bind(++at, (static_cast<int>(unsigned{ymd.month()}) + 2) / 3);
  insert.bind(++at, static_cast<int>(unsigned{ymd.month()}));
  insert.bind(++at, static_cast<int>(unsigned{ymd.day()}));
  insert.bind(++at, week.year);
  insert.bind(++at, week.week);
  insert.bind(++at, static_cast<int>(weekday));
  insert.bind(++at, weekday >= 6 ? 1 : 0);
  insert.bind(++at, base::to_date(day + days{1} - days{weekday}));
  insert.bind(++at, base::to_date(Day{ymd.year() / ymd.month() / 1}));
  insert.bind(++at, base::to_ms(starts));
  insert.bind(++at, std::chrono::duration<double, std::ratio<3600>>(ends - starts).count());
  insert.exec();
  insert.reset();
}

int year_of(const base::Zone& zone, base::Instant t) {
  return std::stoi(zone.local(t).date.substr(0, 4));
}

const base::Zone& zone_of(sqlite3_context* context) {
  return *static_cast<const base::Zone*>(sqlite3_user_data(context));
}

/// SQL: local_date(ms), in the zone the function was made with.
void sql_local_date(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto date = zone_of(context).local(base::from_ms(sqlite3_value_int64(values[0]))).date;
  sqlite3_result_text(context, date.data(), static_cast<int>(date.size()), SQLITE_TRANSIENT);
}

/// SQL: utc_offset(ms), seconds.
void sql_utc_offset(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto offset = zone_of(context).offset(base::from_ms(sqlite3_value_int64(values[0])));
  sqlite3_result_int64(context, offset.count());
}

void cover_years(SQLite::Database& db, const base::Zone& zone, base::Instant first,
                     base::Instant last) {
  SQLite::Statement known(db, "SELECT min(year), max(year) FROM dates");
  known.executeStep();
  const bool is_empty = known.getColumn(0).isNull();
  const int known_first = known.getColumn(0).getInt();
  const int known_last = known.getColumn(1).getInt();
  // Without holes between what it has and what is asked for.
  const int begin = is_empty ? year_of(zone, first) : std::min(year_of(zone, first), known_first);
  const int end = is_empty ? year_of(zone, last) : std::max(year_of(zone, last), known_last);
  SQLite::Statement insert(db, "INSERT INTO dates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (int year = begin; year <= end; ++year) {
    if (!is_empty && year >= known_first && year <= known_last) continue;
    const std::chrono::year which{year};
    for (Day day{which / 1 / 1}; day <= Day{which / 12 / 31}; day += days{1})
      insert_date(insert, zone, day);
  }
}

void rewrite_dates(SQLite::Database& db, const base::Zone& zone) {
  auto* const app = const_cast<base::Zone*>(&zone);
  db.createFunction("local_date", 1, true, app, sql_local_date);
  db.createFunction("utc_offset", 1, true, app, sql_utc_offset);
  db.exec(
      "UPDATE interactions SET utc_offset_s = utc_offset(started_ms), local_date = "
      "local_date(started_ms);"
      "UPDATE agent_legs SET local_date = local_date(started_ms);"
      "UPDATE queue_visits SET local_date = local_date(entered_ms);"
      "UPDATE survey_facts SET completed_local_date = local_date(completed_ms);");
  SQLite::Statement known(db, "SELECT min(starts_ms), max(starts_ms) FROM dates");
  known.executeStep();
  if (known.getColumn(0).isNull()) return;
  // A day inside its first and last year, whatever the zone.
  const auto first = base::from_ms(known.getColumn(0).getInt64()) + days{1};
  const auto last = base::from_ms(known.getColumn(1).getInt64()) - days{1};
  known.reset();
  db.exec("DELETE FROM dates");
  cover_years(db, zone, first, last);
}

}  // namespace

void extend_calendar(SQLite::Database& db, const base::Zone& zone, base::Instant first,
                     base::Instant last) {
  translated([&] { cover_years(db, zone, first, last); });
}

void relocate(SQLite::Database& db, const base::Zone& zone) {
  translated([&] { rewrite_dates(db, zone); });
}

}  // namespace csatdb::warehouse
