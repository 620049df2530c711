#pragma once

#include <iosfwd>

#include "report/render.hpp"

namespace csatdb::report {

/// An aligned table with title and footer. Where the terminal is too narrow, long texts are cut;
/// where that does not do, ids are left out, then the columns stand in several tables below each
/// other, or, where there is prose to read, each row as a block.
void write_table(std::ostream& out, const Outcome& outcome, const Style& style);

}  // namespace csatdb::report
