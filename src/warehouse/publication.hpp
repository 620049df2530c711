#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::warehouse {

/// An attempt to publish the warehouse.
struct Publication {
  std::string id;            ///< random
  std::string warehouse_id;  ///< random, made with the warehouse's first publication
  std::int64_t version = 0;  ///< no row of the warehouse has a higher one
};

/// Records a publication, with a version higher than the warehouse's and than `above`. When it
/// returns, no loss of power takes back the record or anything committed before it. Nobody else
/// writes while `warehouse` is open: a reader opened until then sees exactly what was recorded.
Publication record_publication(Warehouse& warehouse, std::int64_t above, base::Instant now);

}  // namespace csatdb::warehouse
