#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace csatdb::publish {

/// What to publish, and where.
struct Order {
  std::string warehouse;  ///< path of the file
  std::string target;     ///< postgresql://…, service=…, as libpq reads them
  std::string schema = "csatdb";
  std::vector<std::string> views;  ///< contract views; none: those the target has, at first all
  bool distributes = false;  ///< a Citus cluster: facts by conversation_id, the rest everywhere
  bool sends_all = false;    ///< whatever the target holds: it is this warehouse afterwards
  base::Millis wait{0};      ///< how long to wait for another run to end, here or there
};

/// What happened, or would happen, to one table of the target.
struct Sent {
  std::string table;
  std::int64_t rows = 0;     ///< rows that are new or may have changed
  std::int64_t bytes = 0;    ///< on the wire, before TLS
  std::int64_t removed = 0;  ///< rows of roots that the warehouse no longer holds
};

struct Summary {
  std::string target;  ///< for people
  std::string schema;
  bool is_first = false;  ///< the target held no publish, or one of another layout
  bool is_distributed = false;
  std::int64_t before = 0;   ///< version the target had
  std::int64_t version = 0;  ///< version it has now; with a plan: the warehouse's
  std::vector<Sent> tables;  ///< those that something was sent for; with a plan: would be

  std::int64_t rows() const;
  std::int64_t bytes() const;
  std::int64_t removed() const;
};

/// How far it is: called every few thousand rows, and before the target works for long.
struct Step {
  std::string_view doing;  ///< the table
  bool is_merging = false;
  std::int64_t rows = 0, of_rows = 0, bytes = 0;  ///< of all tables
};
using Progress = std::function<void(const Step&)>;

/// Makes the target equal to the warehouse: what it holds, what it no longer holds, and the
/// target's record of it in one transaction there, so that whatever dies, the target holds one
/// whole publish and knows which. Throws as Connection does; Fault::busy while another publish to
/// the schema runs, Fault::storage for a target that a newer csatdb wrote, that is another
/// program's or another warehouse's, or whose last publish is not in this warehouse's past: such a
/// target is left as it is.
Summary publish(const Order& order, const base::Clock& clock, const Progress& progress);

/// What `publish` would send and take out. Changes nothing.
Summary plan(const Order& order);

}  // namespace csatdb::publish
