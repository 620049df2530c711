#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "report/page.hpp"
#include "report/plots.hpp"
#include "report/records.hpp"
#include "report/run.hpp"

// The parts of the dashboard, each made of a canned report's rows.

namespace csatdb::report {

/// Runs canned reports for one page: the same filters for all.
class Source {
 public:
  Source(const warehouse::Reader& reader, const warehouse::Parameters& asked);

  /// A report with what was asked for, as far as it takes it, and with what the page adds. Run
  /// once.
  const Outcome& run(const std::string& name, const warehouse::Parameters& added = {}) const;
  /// The rows of such a report alone, for what shows none of its remarks: a footer counts, too, and
  /// takes as long.
  const warehouse::Result& rows(const std::string& name,
                                const warehouse::Parameters& added = {}) const;
  /// The period's dates, the zone and how far the data are settled.
  struct Period {
    std::string from, to, zone, settlement;
    int days = 0;
  };
  const Period& period() const { return period_; }
  /// The filters asked for, in words.
  std::string filters() const;
  /// What of them the report does not know, as a sentence; "" if it knows all.
  std::string unheeded(const Report& report) const;

 private:
  /// Of a report's parameters what was asked for and `added`.
  warehouse::Parameters taken(const Report& report, warehouse::Parameters added) const;

  const warehouse::Reader& reader_;
  const warehouse::Parameters& asked_;
  Period period_;
  template <class Kept>
  using Runs = std::map<std::pair<std::string, warehouse::Parameters>, Kept>;
  mutable Runs<Outcome> outcomes_;
  mutable Runs<warehouse::Result> results_;
};

/// What a report's rows are to be: its parameter `by`.
inline warehouse::Parameters by(std::string_view word) { return {{"by", std::string(word)}}; }

/// A section of one report: its notes are the report's footer without what the page's head says,
/// and what of the filters the report does not know; its table is all its rows.
Section section_of(const Source& source, std::string id, std::string title, const Outcome& outcome);
/// "no answers …" where a chart would be.
std::string nothing(const Outcome& outcome);
/// A score of a row by the names of its columns, e.g. "csat" of csat_pct, csat_low_pct and
/// csat_high_pct.
Estimate estimate_of(const Records& rows, std::size_t row, std::string_view score, double n);

std::string tiles(const Source& source);
Section funnel_section(const Source& source);
Section csat_trend_section(const Source& source);
Section nps_trend_section(const Source& source);
Section group_section(const Source& source, std::string_view group, std::string title);
Section agents_section(const Source& source);
Section queues_section(const Source& source);
Section questions_section(const Source& source);
Section delay_section(const Source& source);
Section volume_section(const Source& source);
Section hours_section(const Source& source);
Section wait_section(const Source& source);
Section handling_section(const Source& source);
Section wrapup_section(const Source& source);
Section verbatims_section(const Source& source, bool with_agents);
Section completeness_section(const Source& source);

}  // namespace csatdb::report
