#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "api/client.hpp"

namespace csatdb::sync {

/// One request and its final answer, whatever its status. Throws the error that the client gave up
/// with, and Fault::interrupted where a clean end was asked for.
http::Response ask(api::Client& client, http::Request request);

/// Many requests, a few at a time: hands over each answer with its place in the list as it comes.
/// Throws as `ask` does.
void ask_each(api::Client& client, const std::vector<http::Request>& requests,
              const std::function<void(std::size_t place, const http::Response&)>& take);

}  // namespace csatdb::sync
