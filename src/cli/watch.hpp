#pragma once

#include <functional>
#include <string>

#include "base/time.hpp"
#include "cli/service_manager.hpp"
#include "cli/session.hpp"

namespace csatdb::cli {

/// How one round ended.
struct Round {
  int code = 0;         ///< as the process would return it
  std::string summary;  ///< what it did, and why it ended early
};

/// Runs `round` every so often until a signal asks for an end (then 0), and logs a line for each.
/// What network, service, disk or another run do to a round, the next one may find mended. It ends
/// with the round's code where no repetition mends it: usage, credentials refused in the first
/// round (refused later, the secret is read again), a file that this csatdb cannot use, or a
/// defect.
int watch(Session& session, base::Millis every, ServiceManager& manager,
          const std::function<Round()>& round);

}  // namespace csatdb::cli
