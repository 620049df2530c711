#pragma once

#include <string>
#include <vector>

#include "warehouse/erased.hpp"
#include "warehouse/selection.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::warehouse {

/// Whose data: those of a conversation, a contact or an address.
struct Person {
  Erased::Kind kind;
  std::string id;
};

/// Selects what the warehouse holds of them; `conversations` as the catalogue declares it.
Selection select(Warehouse& warehouse, const std::vector<Person>& persons,
                 const model::Table& conversations);

/// Erases a selection for good: rows, what is derived from them, what the bookkeeping says of them.
/// Tombstones keep the conversations and surveys, and whatever else of these persons began before
/// `now`, from coming back. Committed when it returns; `compact` then clears the file's free pages.
void forget(Warehouse& warehouse, Selection& selection, const std::vector<Person>& persons,
            base::Instant now);

/// Erases all that began before `floor`, and keeps it from coming back. Committed when it returns.
Extent prune(Warehouse& warehouse, base::Instant floor, base::Instant now);

/// Notes an act upon the data in `sync_audit`; `detail` holds nothing personal.
void audit(Warehouse& warehouse, std::string_view act, std::string_view detail,
           std::int64_t rows_removed, base::Instant now);

/// Since when bytes of something erased may still stand in free pages; nothing: none do.
std::optional<base::Instant> compaction_due(const Warehouse& warehouse);
/// Rewrites the file without free pages and empties its write-ahead log. Needs as much free disk as
/// the file has bytes, twice. Throws Fault::busy where a reader still holds the old pages.
void compact(Warehouse& warehouse);

/// The retention floor of an age: the first instant of its UTC day, so that a day is kept or pruned
/// as a whole.
base::Instant floor_of(base::Millis age, base::Instant now);

}  // namespace csatdb::warehouse
