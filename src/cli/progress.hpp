#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "cli/process.hpp"
#include "sync/progress.hpp"

namespace csatdb::cli {

/// Shows how far long work is, in a text that changes: one line that is rewritten on a terminal, a
/// log line every ten seconds otherwise, nothing with -q.
class Ticker {
 public:
  virtual ~Ticker() = default;
  /// Whether a text shown now would be seen; making one may cost more than the work it tells of.
  virtual bool is_due() = 0;
  virtual void show(const std::string& text) = 0;
  virtual void finish() {}
};
std::unique_ptr<Ticker> ticker(std::ostream& err, const Terminal& terminal,
                               const base::Clock& clock, bool is_quiet);

/// What shows a run, by a ticker; nothing with -q.
std::unique_ptr<sync::Progress> progress(const Process& process);

}  // namespace csatdb::cli
