#pragma once

#include <string>

#include "report/catalogue.hpp"

namespace csatdb::report {

/// All reports with their titles, under daily, weekly and audit.
std::string listing();
/// The same as JSON, with parameters.
std::string listing_json();

/// A report in words: what it counts, of what, what it leaves out, how it compares with Genesys
/// Cloud's term, its parameters and its SQL.
std::string explanation(const Report& report);

}  // namespace csatdb::report
