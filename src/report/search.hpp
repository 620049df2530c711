#pragma once

#include <string>

#include "report/run.hpp"

namespace csatdb::report {

/// The search over comments as a report: its header, its parameters (`words` is required), its SQL.
const Report& search_report();

/// Surveys whose comments have the words, best match first (bm25), newest first among equals. With
/// `is_excerpt` the comments are cut to the matches, which stand in « ». Throws Fault::usage, with
/// what to write instead, for words that FTS5 does not understand.
Outcome search(const warehouse::Reader& reader, warehouse::Parameters parameters, bool is_excerpt);

}  // namespace csatdb::report
