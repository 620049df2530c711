#pragma once

#include <string>
#include <vector>

#include "api/client.hpp"

namespace csatdb::cli {

/// Whether the client may read one resource, found out by asking for a little of it.
struct Probe {
  enum class State { granted, denied, failed };
  std::string resource;
  std::string permission;  ///< what the service says is missing, else what the resource needs;
                           ///< empty: none is listed
  State state;
  std::string detail;  ///< of a failure
};

/// Asks once for each resource of the catalogue, all together. Throws what ends a whole run, such
/// as refused credentials; a resource that cannot be read is a result.
std::vector<Probe> probe(api::Client& client);

}  // namespace csatdb::cli
