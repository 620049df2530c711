#include "report/heat_map.hpp"

#include <fmt/format.h>

#include "report/text.hpp"

namespace csatdb::report {
namespace {

constexpr int kRow = 22;  // pixels
constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

}  // namespace

std::string heat_map(const std::string& name, const std::function<HeatCell(int, int)>& cell) {
  std::string inner;
  for (int day = 1; day <= 7; ++day) {
    inner += fmt::format("<text x=\"-8\" y=\"{}\" text-anchor=\"end\">{}</text>",
                         day * kRow - kRow / 2 + 4, kDays[day - 1]);
    for (int hour = 0; hour < 24; ++hour) {
      const auto shown = cell(day, hour);
      inner += fmt::format(
          "<rect class=\"cell {}\" x=\"{:.3f}%\" y=\"{}\" width=\"4.1%\" "
          "height=\"{}\"><title>{} {:02}:00: {}</title></rect>",
          shown.colour.empty() ? "none" : shown.colour, hour / 0.24, (day - 1) * kRow, kRow - 1,
          kDays[day - 1], hour, html_text(shown.said));
    }
  }
  for (int hour = 0; hour <= 24; hour += 6)
    inner += fmt::format("<text x=\"{:.2f}%\" y=\"{}\" text-anchor=\"middle\">{:02}</text>",
                         hour / 0.24, 7 * kRow + 15, hour);
  return fmt::format(
      "<div class=\"chart\"><svg width=\"100%\" height=\"{}\" role=\"img\" "
      "aria-label=\"{}\">{}</svg></div>",
      7 * kRow + 20, html_text(name), inner);
}

}  // namespace csatdb::report
