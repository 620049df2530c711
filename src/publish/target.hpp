#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "publish/binary_copy.hpp"
#include "publish/connection.hpp"
#include "publish/tables.hpp"
#include "warehouse/query.hpp"

namespace csatdb::publish {

/// A table's columns, as the warehouse's statement gives them.
struct Columns {
  std::vector<std::string> names;
  std::vector<Type> types;
};

/// What the target says of a table it holds.
struct Holding {
  std::int64_t version = 0;  ///< it holds every change up to this version
  std::int64_t roots = 0;    ///< rows, of tables whose rows are counted
  std::string digest;        ///< of the rows of a `whole` table
};

/// What the target says of itself.
struct State {
  std::string warehouse_id, publication, digest;  ///< whose it is; its last publish; of the layout
  std::int64_t layout = 0, version = 0;
  bool is_distributed = false;
  std::vector<std::string> views;
  std::map<std::string, Holding, std::less<>> tables;

  bool is_new() const { return layout == 0; }
};

/// A schema of a PostgreSQL database in one transaction, which its destruction rolls back.
class Target {
 public:
  /// Opens it and reads its state. Throws Fault::storage if it is a newer csatdb's or holds another
  /// program's relations of our names.
  Target(const std::string& target, const std::string& schema);
  /// Keeps others from publishing to it, and reads its state again. Throws Fault::busy if another
  /// publish goes on for longer than `wait`.
  void lock(base::Millis wait, const base::Clock& clock);

  const State& state() const { return state_; }
  Connection& connection() { return connection_; }

  /// Makes it hold these views and what they need, in the layout of `columns`. A target of another
  /// layout is made anew, empty. `distributes` is of a target that is new.
  void shape(const std::vector<std::string>& views,
             const std::map<std::string_view, Columns>& columns, bool distributes);
  /// A table to copy into, empty, with the columns of this one, its rows where that one's are.
  std::string staging(const Table& table);

  /// Records what it holds now, and makes it all visible; then gives the server statistics of what
  /// was filled for the first time: until it gathers its own, joins of the reports could take it
  /// minutes.
  void commit(const State& state, base::Instant now);

 private:
  void refuse_foreign();
  void load();
  void clear();
  void make_functions();
  void create(const Table& table, const Columns& columns);
  void distribute(const std::string& name, const Table& table);

  Connection connection_;
  std::string schema_;
  State state_;
};

/// The identity of the layout that these columns and the views make.
std::string layout_digest(const std::map<std::string_view, Columns>& columns);

}  // namespace csatdb::publish
