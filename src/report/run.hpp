#pragma once

#include <string>
#include <vector>

#include "report/catalogue.hpp"
#include "warehouse/query.hpp"

namespace csatdb::report {

/// What a report gave.
struct Outcome {
  const Report* report = nullptr;
  warehouse::Parameters parameters;  ///< as bound; what is not named took its default
  warehouse::Result result;
  std::vector<std::string> footer;
};

/// The rows of a report, without its footer. Throws Fault::usage if a required parameter is
/// missing.
warehouse::Result rows(const warehouse::Reader& reader, const Report& report,
                       const warehouse::Parameters& parameters);
/// Runs a report. Throws as rows() does.
Outcome run(const warehouse::Reader& reader, const Report& report,
            warehouse::Parameters parameters);

/// A calendar fact of the warehouse, as reports take it when no period is asked for.
struct Calendar {
  std::string zone;           ///< the warehouse's time zone
  std::string last_complete;  ///< the last local date that was read to its end; empty for an empty
                              ///< warehouse
};
Calendar calendar(const warehouse::Reader& reader);

}  // namespace csatdb::report
