#pragma once

#include "api/client.hpp"
#include "resources/resource.hpp"

namespace csatdb::cli {

/// One request and its final answer, whatever its status. Throws the error that the client gave up
/// with, and Fault::interrupted where a clean end was asked for.
http::Response ask(api::Client& client, http::Request request);

/// Every element of a listing, as JSON texts. Throws what the resource's own step throws.
std::vector<std::string> ask_all(api::Client& client, const resources::Resource& listing);

/// The organisation that the client's token belongs to.
struct Organisation {
  std::string id, name;
};
/// Throws Fault::denied where the credentials are refused.
Organisation ask_organisation(api::Client& client);

}  // namespace csatdb::cli
