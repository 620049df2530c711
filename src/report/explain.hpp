#pragma once

#include <string>

#include "report/catalogue.hpp"

namespace csatdb::report {

/// The reports that run on a dialect of SQL with their titles, under daily, weekly and audit.
std::string listing(std::string_view dialect);
/// The same as JSON, with parameters.
std::string listing_json(std::string_view dialect);

/// A report in words: what it counts, of what, what it leaves out, how it compares with Genesys
/// Cloud's term, its parameters and its SQL.
std::string explanation(const Report& report);

}  // namespace csatdb::report
