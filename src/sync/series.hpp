#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "model/scope.hpp"
#include "resources/resource.hpp"

namespace csatdb::sync {

/// A request series in the making: which scopes it covers, how far it came, what to send next.
struct Series {
  const resources::Resource* resource = nullptr;
  model::Span span;
  http::Request next;
  base::Instant began{};  ///< by the service's clock, when its first request was sent
  base::Instant saved{};  ///< when its progress was last written to the ledger
  std::optional<base::Instant> watermark;  ///< the lowest any page named
  std::int64_t hits = 0;  ///< of the whole series: the service's count, else the elements so far
  std::int64_t elements = 0;  ///< delivered so far
  int pages = 0;
  std::string page_begins;  ///< id of the first element of the last page
  int resubmits = 0;
  std::vector<std::string> missing;  ///< keys that the answer did not know
  std::string problem;  ///< of the first element that could not be understood: the rest is stored,
                        ///< the scopes stay due
  /// Of a job, in clock ticks: since when it is not ready, and when that was last seen.
  std::optional<base::Millis> pending_since;
  base::Millis looked_at{0};
};

/// The series, without its next request, as the ledger keeps it.
std::string to_text(const Series& series);
std::string to_text(const http::Request& request);
/// Reads both back; throws Fault::undecodable if they are none.
Series series_of(const resources::Resource& resource, const std::string& series,
                 const std::string& next_request);

}  // namespace csatdb::sync
