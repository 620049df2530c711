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

/// Runs `round` every so often until a signal asks for an end (then 0), or a round ends in a way
/// that no repetition mends: usage, denied, or a defect. Everything else, a next round may find
/// mended: it is logged in one line, like every round.
int watch(Session& session, base::Millis every, ServiceManager& manager,
          const std::function<Round()>& round);

}  // namespace csatdb::cli
