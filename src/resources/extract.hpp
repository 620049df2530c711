#pragma once

#include <functional>

#include "json/reader.hpp"
#include "model/batch.hpp"
#include "resources/resource.hpp"

namespace csatdb::resources {

/// Called for each row after its delivered values and before the rows it owns: may add computed
/// values.
using RowHook = std::function<void(const model::Table& table, const json::Value& object)>;

/// Reads one object as `table` declares it: begins a root with its own row and the rows it owns,
/// parents before children, arrays numbered from 0 as delivered. Absent and null members are NULL,
/// absent arrays empty, ids kept verbatim, an empty id is no reference. Members neither declared
/// nor ignored become problems. Throws Fault::undecodable naming the JSON path if the root's id is
/// missing or a value has another type than its column.
model::Root& extract(const json::Value& object, const model::Table& table, const Context& context,
                     model::Digest digest, model::Batch& batch, const RowHook& hook = nullptr);

/// Adds what a reference {id, name} inside another payload tells of a row of `table`, as an
/// embedded root; nothing if it is absent or has no name.
void extract_reference(const json::Value& reference, const model::Table& table,
                       const Context& context, model::Batch& batch);

}  // namespace csatdb::resources
