#pragma once

#include <string>

#include "report/catalogue.hpp"
#include "warehouse/query.hpp"

namespace csatdb::report {

/// A script for psql: what is bound, as its variables, then the report's SQL as it stands. It runs
/// on what `csatdb publish` made, in the schema `csatdb` or the one that `-v schema=NAME` says.
std::string psql_script(const Report& report, const warehouse::Parameters& parameters);

}  // namespace csatdb::report
