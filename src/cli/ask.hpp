#pragma once

#include "api/client.hpp"
#include "resources/resource.hpp"
#include "sync/ask.hpp"

namespace csatdb::cli {

using sync::ask;

/// Every element of a listing, as JSON texts. Throws what the resource's own step throws.
std::vector<std::string> ask_all(api::Client& client, const resources::Resource& listing);

/// The organisation that the client's token belongs to.
struct Organisation {
  std::string id, name;
};
/// Throws Fault::denied where the credentials are refused.
Organisation ask_organisation(api::Client& client);

}  // namespace csatdb::cli
