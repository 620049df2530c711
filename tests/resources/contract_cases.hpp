#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/contract.hpp"

namespace csatdb::tests {

using Lines = std::vector<std::string>;

/// A call: menu, queue q1, agent a1 of team t1 with a hold and a wrap-up. It begins in the night in
/// which Berlin's clocks go forward: 23:30 UTC is 00:30 of the next day there.
Talk call();
/// A chat that agent a1 ends at 10:10 and that ends at 10:12 UTC.
Talk chat();
Form form();
Survey finished();

/// Every view after these were delivered in turn.
Facts facts_of(const Talk& talk, const std::vector<Survey>& surveys = {});

}  // namespace csatdb::tests
