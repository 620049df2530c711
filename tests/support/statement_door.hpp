#pragma once

#include <functional>

namespace csatdb::support {

/// Stands at the door of SQLite: every step of every prepared statement the product takes passes
/// it. Where `refuse` says so, the step is not taken and ends with an error.
class StatementDoor {
 public:
  using Refuse = std::function<bool()>;
  explicit StatementDoor(Refuse refuse);
  ~StatementDoor();
  StatementDoor(const StatementDoor&) = delete;
  StatementDoor& operator=(const StatementDoor&) = delete;
};

}  // namespace csatdb::support
