#pragma once

#include <optional>
#include <string>
#include <string_view>

// Numbers and dates as a page shows them to people.

namespace csatdb::report {

/// A count, in groups of three: "12,345".
std::string grouped(double count);
/// "66.4", with a true minus sign; "–" for nothing.
std::string decimal(std::optional<double> value, int places = 1);
/// A difference with its sign: "+1.2".
std::string signed_decimal(std::optional<double> value);
/// A length of time of so many seconds: "45 s", "6 min 20 s", "3.1 h"; "–" for nothing.
std::string spoken_time(std::optional<double> seconds);
/// A length of time of so many days: "12 min", "3.4 h", "2.1 days"; "–" for nothing.
std::string spoken_days(std::optional<double> days);
/// "2026-05-03" as "3 May 2026", without the year where not `with_year`; other texts stay.
std::string spoken_date(std::string_view date, bool with_year = true);
/// Two dates as a period: "3 to 30 May 2026", "3 May to 2 June 2026", or the one date.
std::string spoken_span(std::string_view first, std::string_view last);

}  // namespace csatdb::report
