#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bench/child.hpp"
#include "bench/recording.hpp"

namespace csatdb::bench {

/// What each stage of a page's journey costs alone, in this order, over the conversations recorded:
/// inflating, parsing without use, cutting and fingerprinting, reading into rows, and reading with
/// storing into a new warehouse at `path`.
std::vector<std::pair<std::string, Cost>> stages(const std::vector<Exchange>& exchanges,
                                                 const std::string& path);

/// Sends the recorded requests again, `connections` at once, and drops what comes back: no client
/// over libcurl is faster.
Cost transport_floor(const std::vector<Exchange>& exchanges, int connections);

/// Bytes of the recorded bodies, plain.
std::int64_t plain_bytes(const std::vector<Exchange>& exchanges);

}  // namespace csatdb::bench
