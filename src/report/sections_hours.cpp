#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/figures.hpp"
#include "report/heat_map.hpp"
#include "report/sections.hpp"

namespace csatdb::report {
namespace {

constexpr double kFewest = 5;  // answers that a cell needs to show their mean

/// The rows of csat-by-hour by weekday and hour; -1: no contacts.
std::array<std::array<int, 24>, 8> places_of(const Records& rows) {
  std::array<std::array<int, 24>, 8> places;
  for (auto& day : places) day.fill(-1);
  for (std::size_t r = 0; r < rows.size(); ++r)
    places.at(static_cast<std::size_t>(rows.count(r, "weekday")))
        .at(static_cast<std::size_t>(rows.count(r, "hour"))) = static_cast<int>(r);
  return places;
}

/// The share of positive answers over all cells.
std::optional<double> mean_of(const Records& rows) {
  double n = 0, positive = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    n += rows.count(r, "n");
    positive += rows.count(r, "n") * rows.count(r, "csat_pct");
  }
  return n > 0 ? std::optional(positive / n) : std::nullopt;
}

/// A colour by how many points a cell lies off the mean.
const char* colour_of(double off) {
  if (off <= -15) return "c-2";
  if (off < -5) return "c-1";
  if (off <= 5) return "c0";
  return off < 15 ? "c1" : "c2";
}

std::string keys(std::initializer_list<std::pair<const char*, std::string>> words) {
  std::string out = "<div class=\"keys\">";
  for (const auto& [colour, word] : words)
    out += fmt::format("<span><i class=\"key {}\"></i>{}</span>", colour, word);
  return out + "</div>";
}

}  // namespace

Section volume_section(const Source& source) {
  const auto& outcome = source.run("csat-by-hour");
  auto section = section_of(source, "volume", "When customers come", outcome);
  section.lead = "Contacts by weekday and hour of their start.";
  section.table.clear();  // stands with the satisfaction of the same hours
  const Records rows(outcome.result);
  const auto places = places_of(rows);
  double most = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) most = std::max(most, rows.count(r, "contacts"));
  section.body = heat_map("Contacts by weekday and hour", [&](int day, int hour) -> HeatCell {
    const int at = places.at(static_cast<std::size_t>(day)).at(static_cast<std::size_t>(hour));
    if (at < 0) return {"", "no contacts"};
    const double contacts = rows.count(static_cast<std::size_t>(at), "contacts");
    const int fifth = std::clamp(static_cast<int>(contacts / most * 5) + 1, 1, 5);
    return {fmt::format("v{}", fifth), grouped(contacts) + " contacts"};
  });
  const auto up_to = [&](int fifth) { return grouped(most * fifth / 5); };
  section.body += keys({{"none", "none"},
                        {"v1", "up to " + up_to(1)},
                        {"v2", "up to " + up_to(2)},
                        {"v3", "up to " + up_to(3)},
                        {"v4", "up to " + up_to(4)},
                        {"v5", "up to " + up_to(5)}});
  if (rows.size() == 0) section.body = nothing(outcome);
  return section;
}

Section hours_section(const Source& source) {
  const auto& outcome = source.run("csat-by-hour");
  auto section = section_of(source, "hours", "Satisfaction by weekday and hour", outcome);
  const Records rows(outcome.result);
  const auto mean = mean_of(rows);
  section.lead = fmt::format(
      "How far each hour's share of positive answers lies from {}%, that of all hours, in points. "
      "A "
      "single cell rests on few answers: look for rows and columns, not for cells.",
      decimal(mean));
  if (!mean) {
    section.lead = "Share of positive answers by weekday and hour of the contact.";
    section.body = nothing(outcome);
    return section;
  }
  const auto places = places_of(rows);
  section.body = heat_map("Satisfaction by weekday and hour", [&](int day, int hour) -> HeatCell {
    const int place = places.at(static_cast<std::size_t>(day)).at(static_cast<std::size_t>(hour));
    if (place < 0) return {"", "no contacts"};
    const auto at = static_cast<std::size_t>(place);
    const double n = rows.count(at, "n");
    if (n < kFewest) return {"", fmt::format("n = {}: too few", grouped(n))};
    const double value = rows.count(at, "csat_pct");
    return {colour_of(value - *mean),
            fmt::format("{}%, 95% interval {} to {}, n = {}", decimal(value),
                        decimal(rows.number(at, "csat_low_pct")),
                        decimal(rows.number(at, "csat_high_pct")), grouped(n))};
  });
  section.body += keys({{"c-2", "15 or more below"},
                        {"c-1", "5 to 15 below"},
                        {"c0", "within 5"},
                        {"c1", "5 to 15 above"},
                        {"c2", "15 or more above"},
                        {"none", fmt::format("fewer than {} answers", kFewest)}});
  return section;
}

}  // namespace csatdb::report
