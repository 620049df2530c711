#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace csatdb::base {

/// Every way in which a unit of work can end early, told apart by what the user does next.
enum class Fault {
  internal,     ///< a defect of csatdb itself
  usage,        ///< wrong flags, arguments or configuration
  gaps,         ///< the run ended, but some scopes stay due
  denied,       ///< the service refuses the credentials or a permission
  unavailable,  ///< the service did not answer within the retry budget, or asks for too long a wait
  storage,      ///< the warehouse cannot be opened, read or written
  undecodable,  ///< the service or a file said something that cannot be understood
  busy,         ///< another run holds the warehouse
  interrupted,  ///< a signal asked for a clean end
};

/// The process exit code of a fault; the README and `--help` print the same table.
int exit_code(Fault fault);

/// The fault's name as logs and `sync_scopes.outcome` spell it, e.g. "unavailable".
std::string_view name(Fault fault);

/// Ends a unit of work. The message says what happened and what to do next, never a secret or personal data.
class Error : public std::runtime_error {
 public:
  Error(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace csatdb::base
