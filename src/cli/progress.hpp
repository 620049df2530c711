#pragma once

#include <iosfwd>
#include <memory>

#include "base/time.hpp"
#include "cli/terminal.hpp"
#include "sync/progress.hpp"

namespace csatdb::cli {

/// What shows a run: one line that is rewritten on a terminal, a log line every ten seconds
/// otherwise, nothing with -q.
std::unique_ptr<sync::Progress> progress(std::ostream& err, const Terminal& terminal,
                                         const base::Clock& clock, bool is_quiet);

}  // namespace csatdb::cli
