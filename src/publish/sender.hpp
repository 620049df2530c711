#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "publish/postgres.hpp"
#include "publish/source.hpp"
#include "publish/target.hpp"
#include "warehouse/query.hpp"

namespace csatdb::publish {

/// Brings the tables of a target to where a warehouse is.
class Sender {
 public:
  /// All must outlive it. `is_full`: everything is sent, whatever the target holds.
  Sender(const warehouse::Reader& reader, Target& target,
         const std::map<std::string_view, Columns>& columns, bool is_full, const Progress& progress)
      : reader_(reader),
        target_(target),
        columns_(columns),
        is_full_(is_full),
        progress_(progress) {}

  /// Sends what changed since the target's versions and takes out what is gone; the state the
  /// target then has, at the warehouse's version.
  State send(State before, std::int64_t version);
  /// The tables for which something was sent.
  std::vector<Sent> sent() const;

 private:
  Connection& db() { return target_.connection(); }
  Holding& held(const Table& table) { return state_.tables.find(table.name)->second; }
  Sent& tally(const Table& table);

  void send_dimension(const Due& what);
  void send_whole(const Due& what);
  void send_facts(const std::vector<Due>& facts);
  std::int64_t copy(const Due& what, const std::string& into);
  void replace(const Table& table, const std::string& stage, const std::string& roots);
  void remove(const Table& root, const std::vector<Due>& with);
  void tell(std::string_view doing, bool is_merging = false);

  const warehouse::Reader& reader_;
  Target& target_;
  const std::map<std::string_view, Columns>& columns_;
  bool is_full_;
  const Progress& progress_;
  State state_;
  std::deque<Sent> sent_;                            // references to its elements stay
  std::int64_t rows_ = 0, of_rows_ = 0, bytes_ = 0;  // of all tables
};

}  // namespace csatdb::publish
