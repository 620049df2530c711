#pragma once

#include <string>

#include "warehouse/query.hpp"

namespace csatdb::report {

/// What of persons a dashboard may show.
struct Audience {
  bool agents = false;     ///< names of agents with their scores
  bool verbatims = false;  ///< what customers wrote
};

/// One HTML page of charts and tables of what the canned reports say about a period, filtered as
/// they are by `asked` (`from`, `to`, `queue` and so on): it needs no other file and no network.
/// Without the audience's leave it names nobody and quotes nobody.
std::string dashboard(const warehouse::Reader& reader, const warehouse::Parameters& asked,
                      const Audience& audience);

}  // namespace csatdb::report
