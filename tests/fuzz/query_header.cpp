#include <algorithm>

#include "fuzz/target.hpp"
#include "report/catalogue.hpp"

namespace csatdb::fuzz {

void query_header(std::string_view input) {
  report::Report report;
  if (!is_taken({base::Fault::internal}, [&] { report = report::parse_report("trial", input); }))
    return;
  require(report.sql == input, "the SQL is the whole file");
  require(!report.title.empty() && !report.description.empty(), "a report says what it is");
  require(std::ranges::all_of(report.parameters,
                              [](const auto& p) { return !p.name.empty() && !p.text.empty(); }),
          "a parameter says what it is");
}

}  // namespace csatdb::fuzz
