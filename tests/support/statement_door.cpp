#include "support/statement_door.hpp"

#include <dlfcn.h>
#include <sqlite3.h>

namespace csatdb::support {
namespace {

StatementDoor::Refuse the_door;

}  // namespace

StatementDoor::StatementDoor(Refuse refuse) { the_door = std::move(refuse); }
StatementDoor::~StatementDoor() { the_door = nullptr; }

}  // namespace csatdb::support

/// Takes the place of the library's own function for everything linked into the tests. Statements
/// that the library runs on its own account (sqlite3_exec) never come here with a first step
/// refused: it would take the refusal for the end.
extern "C" int sqlite3_step(sqlite3_stmt* statement) {
  using Step = int (*)(sqlite3_stmt*);
  static const auto real = reinterpret_cast<Step>(dlsym(RTLD_NEXT, "sqlite3_step"));
  const auto& door = csatdb::support::the_door;
  if (door && sqlite3_stmt_busy(statement) == 0 && door()) return SQLITE_INTERRUPT;
  return real(statement);
}
