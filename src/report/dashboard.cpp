#include "report/dashboard.hpp"

#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/sections.hpp"
#include "report/text.hpp"

namespace csatdb::report {

std::string dashboard(const warehouse::Reader& reader, const warehouse::Parameters& asked,
                      const Audience& audience) {
  const Source source(reader, asked);
  std::vector<Section> sections = {funnel_section(source), csat_trend_section(source),
                                   nps_trend_section(source),
                                   group_section(source, "queue", "Satisfaction by queue"),
                                   group_section(source, "channel", "Satisfaction by channel")};
  if (audience.agents) sections.push_back(agents_section(source));
  for (auto* make : {queues_section, questions_section, delay_section, volume_section,
                     hours_section, wait_section, handling_section, wrapup_section})
    sections.push_back(make(source));
  if (audience.verbatims) sections.push_back(verbatims_section(source, audience.agents));
  sections.push_back(completeness_section(source));

  const auto& period = source.period();
  Head head;
  head.title = "Customer satisfaction, " + spoken_span(period.from, period.to);
  head.subtitle =
      fmt::format("{} days, local dates of {}{}", period.days, period.zone, source.filters());
  head.notes = {period.settlement};
  head.tiles = tiles(source);
  return page(head, sections);
}

}  // namespace csatdb::report
