#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "json/stream.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::sync {

/// What one saved text held.
struct Imported {
  std::int64_t conversations = 0, surveys = 0, others = 0;  ///< others: entities of listings
  std::int64_t changed = 0;                                 ///< of all of them, new or different
  std::int64_t older = 0;  ///< of all of them, left alone because what is stored is newer
  std::int64_t all() const { return conversations + surveys + others; }
};

/// What the caller of `import_text` decides.
struct Importing {
  std::vector<std::string> attributes;  ///< participant attributes to keep
  base::Instant now;
  /// Told after each batch how far it came.
  std::function<void(const Imported&)> progress = [](const Imported&) {};
};

/// Loads one text of saved API bodies the way a sync stores them: details-query and job-results
/// pages, single conversations, surveys alone or in arrays, listings and single entities, one after
/// the other or in arrays. All of it is stored in one transaction, or nothing: throws
/// Fault::undecodable with line, byte and JSON path, and Fault::interrupted. A payload that is
/// older than what is stored (a conversation not yet ended, a survey in an earlier status) is
/// passed over. Settles no day, marks no row gone, says nothing of the organisation.
Imported import_text(warehouse::Warehouse& warehouse, json::Source text, const Importing& how);

}  // namespace csatdb::sync
