#include <fmt/format.h>

#include <algorithm>

#include "report/figures.hpp"
#include "report/sections.hpp"
#include "report/text.hpp"
#include "report/trend.hpp"

namespace csatdb::report {
namespace {

/// Steps of a trend: few enough to see each, long enough to have answers.
const char* step_of(int days) { return days <= 45 ? "day" : days <= 200 ? "week" : "month"; }

std::vector<TrendPoint> points_of(const Records& rows, std::string_view score) {
  std::vector<TrendPoint> points;
  const std::string moving =
      score == "nps" ? "last_28d_nps" : fmt::format("last_28d_{}_pct", score);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double n = rows.count(r, "n");
    points.push_back({rows.text(r, "period_from"), rows.text(r, "period_to"),
                      n > 0 ? estimate_of(rows, r, score, n) : Estimate{}, rows.number(r, moving),
                      n});
  }
  return points;
}

std::string trend_keys(const char* what) {
  return fmt::format(
      "<div class=\"keys\"><span><i class=\"key stroke\"></i>{}</span><span><i class=\"key "
      "shade\"></i>95% interval</span><span><i class=\"key dashes\"></i>the 28 days up to "
      "then</span><span><i class=\"key ring\"></i>fewer than 30 answers</span></div>",
      what);
}

Section trend_section(const Source& source, std::string_view score, std::string title,
                      const TrendAxis& axis, const char* what) {
  const char* step = step_of(source.period().days);
  const auto& outcome = source.run(fmt::format("{}-trend", score), by(step));
  auto section = section_of(source, fmt::format("{}-trend", score), std::move(title), outcome);
  const Records rows(outcome.result);
  section.lead = fmt::format("{}, by {} of completion; answers per {} below.", what, step, step);
  section.body = rows.size() > 0 ? trend_chart(axis, points_of(rows, score)) + trend_keys(what)
                                 : nothing(outcome);
  return section;
}

/// "up 2.3 points on the 28 days before", or that no change is clear.
std::string change_text(const Records& rows, std::string_view measure, std::string_view unit) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows.text(r, "measure") != measure) continue;
    const auto change = rows.number(r, "change");
    const std::string verdict = rows.text(r, "verdict");
    if (rows.text(r, "note") == "immature") return "<p>answers are still coming in</p>";
    if (!change || verdict.empty()) return "<p>nothing before to compare with</p>";
    const std::string span = fmt::format("{} to {}", signed_decimal(rows.number(r, "change_low")),
                                         signed_decimal(rows.number(r, "change_high")));
    if (verdict == "moved up")
      return fmt::format("<p><span class=\"up\">up {} {}</span> ({})</p>", decimal(change), unit,
                         span);
    if (verdict == "moved down")
      return fmt::format("<p><span class=\"down\">down {} {}</span> ({})</p>", decimal(-*change),
                         unit, span);
    return fmt::format("<p>no clear change ({})</p>", span);
  }
  return {};
}

struct Tile {
  std::string name, value, unit, about, change;
};

std::string tile_of(const Tile& tile) {
  return fmt::format(
      "<div class=\"tile\"><h2>{}</h2><p class=\"big\">{}<small>{}</small></p><p>{}</p>{}</div>\n",
      tile.name, tile.value, tile.unit, tile.about, tile.change);
}

/// A score of the whole period: the one row of a report by total.
Tile score_tile(const warehouse::Result& whole, std::string_view score, std::string_view count,
                std::string name, std::string unit, std::string without = "no answers") {
  const Records rows(whole);
  Tile tile{std::move(name), "–", "", std::move(without), ""};
  if (rows.size() == 0 || rows.count(0, count) == 0) return tile;
  tile.unit = std::move(unit);
  const auto estimate = estimate_of(rows, 0, score, rows.count(0, count));
  tile.value = decimal(estimate.value);
  tile.about = fmt::format("{} to {} · n = {}", decimal(estimate.low), decimal(estimate.high),
                           grouped(rows.count(0, count)));
  return tile;
}

}  // namespace

std::string tiles(const Source& source) {
  const Records changes(source.rows("period-comparison"));
  // The trend's footer says which question could be mapped.
  const bool is_mapped = std::ranges::none_of(
      source.run("csat-trend").footer,
      [](const auto& line) { return line.starts_with("No question is mapped"); });
  auto csat = score_tile(
      source.rows("csat-trend", by("total")), "csat", "n", "Satisfied (CSAT)", "%",
      is_mapped ? "no answers" : "no question is mapped yet: see <code>csatdb measures</code>");
  csat.change = change_text(changes, "csat_pct", "points");
  auto nps =
      score_tile(source.rows("nps-trend", by("total")), "nps", "n", "Net promoter score", "");
  nps.change = change_text(changes, "nps", "points");
  auto rate = score_tile(source.rows("response-rate", by("total")), "response", "sent",
                         "Response rate", "%");
  rate.change = change_text(changes, "response_pct", "points");
  std::string out = tile_of(csat) + tile_of(nps) + tile_of(rate);
  const auto& settled = source.rows("first-contact-resolution", by("total"));
  if (!settled.rows.empty()) {
    auto fcr = score_tile(settled, "fcr", "n", "Resolved (FCR)", "%");
    fcr.change = change_text(changes, "fcr_pct", "points");
    out += tile_of(fcr);
  }
  for (std::size_t r = 0; r < changes.size(); ++r) {
    if (changes.text(r, "measure") == "responses")
      out += tile_of({"Answers", grouped(changes.count(r, "this")), "",
                      fmt::format("{} in the period before", grouped(changes.count(r, "previous"))),
                      ""});
  }
  return out;
}

Section csat_trend_section(const Source& source) {
  return trend_section(source, "csat", "Satisfaction over time",
                       {"Share of positive answers over time", {0, 100}, {0, 25, 50, 75, 100}, "%"},
                       "Share of positive answers");
}

Section nps_trend_section(const Source& source) {
  auto section =
      trend_section(source, "nps", "Recommendation over time",
                    {"Net promoter score over time", {-100, 100}, {-100, -50, 0, 50, 100}, ""},
                    "Net promoter score");
  const Records whole(source.rows("nps-trend", by("total")));
  if (whole.size() == 0) return section;
  const auto share = [&](const char* column) { return whole.number(0, column).value_or(0); };
  section.body += fmt::format(
      "<p class=\"note\">Whole period: detractors {}%, passives {}%, promoters {}%</p>{}",
      decimal(share("detractors_pct")), decimal(share("passives_pct")),
      decimal(share("promoters_pct")),
      stack_plot({{share("detractors_pct"), "low", "detractors, 0 to 6"},
                  {share("passives_pct"), "middle", "passives, 7 and 8"},
                  {share("promoters_pct"), "high", "promoters, 9 and 10"}}));
  return section;
}

}  // namespace csatdb::report
