#pragma once

#include <cstdint>
#include <string>

#include "api/client.hpp"
#include "base/time.hpp"

namespace csatdb::sync {

/// What a run looks like from outside, at one moment.
struct Status {
  std::string doing;  ///< the newest work begun, e.g. "conversations 2026-05-01"
  std::int64_t scopes_done = 0;
  std::int64_t scopes_left = 0;  ///< due and not done, as far as known
  std::int64_t rows_seen = 0, rows_changed = 0;
  std::uint64_t requests = 0;
  base::Millis elapsed{0};
  std::optional<base::Millis> left;  ///< estimate
  std::optional<api::Hold> hold;     ///< why nothing leaves at the moment
};

/// Shows a run to whoever watches it: a line on a terminal, log lines otherwise, nothing in tests.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void show(const Status& status) = 0;
  virtual void finish() {}
};

/// Shows nothing.
class Silent final : public Progress {
 public:
  void show(const Status&) override {}
};

}  // namespace csatdb::sync
