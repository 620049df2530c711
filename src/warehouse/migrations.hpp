#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace SQLite {
class Database;
}

namespace csatdb::warehouse {

/// The application id of a warehouse, "csat": tells it from other programs' SQLite files.
inline constexpr int kApplicationId = 0x63736174;
/// The file is none that this csatdb can use, now or later: another program's, or a newer csatdb's.
class Unusable : public base::Error {
 public:
  explicit Unusable(const std::string& message) : Error(base::Fault::storage, message) {}
};
/// What is said of a file that has another one.
Unusable foreign();

/// A numbered step from one schema to the next, one file of migrations/.
struct Migration {
  int number = 0;
  std::string name, sql, sha256;
};

/// The steps this binary knows, in order; throws Fault::internal if their numbers have a gap.
std::vector<Migration> migrations();

/// How many steps the file has seen; 0 for an empty file. Throws `Unusable` if the file is none of
/// ours, was written by a newer csatdb, lacks a step before its last, or records one that differs
/// from the one known here.
int applied(SQLite::Database& database, const std::vector<Migration>& known);

/// Throws Fault::storage unless the file has seen every step known here, and no other.
void require_current(SQLite::Database& database);

/// Applies what is missing, each step in a transaction with its record, and recreates the views. A
/// file that holds data is copied to `PATH.before-NNNN` first; the last such copy is kept.
void migrate(SQLite::Database& database, const std::string& path);

}  // namespace csatdb::warehouse
