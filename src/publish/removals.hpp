#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "publish/connection.hpp"
#include "publish/tables.hpp"
#include "warehouse/query.hpp"

namespace csatdb::publish {

/// The ids of roots, or of a dimension's rows, that the target has and the warehouse has not:
/// erased there, or past the retention. The warehouse's rows up to version `merged` are in the
/// target; those above it may be. Throws Fault::storage if one that must be there is not.
std::vector<std::string> vanished(Connection& target, const warehouse::Reader& reader,
                                  const Table& root, std::int64_t merged);

/// Hands the ids over as parameters of `= ANY($1::text[])`, as many at once as a statement bears.
void in_arrays(const std::vector<std::string>& ids,
               const std::function<void(const std::string& array)>& each);

}  // namespace csatdb::publish
