#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "json/reader.hpp"
#include "model/batch.hpp"
#include "model/scope.hpp"

namespace csatdb::resources {

/// What decides, beside the payload, which rows it becomes.
struct Context {
  const base::Zone* zone;                             ///< of the warehouse: local dates and hours
  std::span<const std::string> attribute_allow_list;  ///< participant attributes to keep; empty: none
  bool from_job = false;                              ///< the source can carry participant attributes
};

/// What one answer means for its request series.
struct Step {
  json::Page page;                         ///< its elements, not yet parsed, and the members beside them
  std::optional<http::Request> next;       ///< what to ask next; nothing: the series is complete
  bool is_pending = false;                 ///< the answer is not ready: `next` asks again, after a growing wait
  bool commit_first = false;               ///< `next` must be in the ledger before it is sent (a job id)
  std::optional<base::Instant> watermark;  ///< the service guarantees data only before this instant
  std::optional<std::int64_t> total;       ///< hits the service counts for the whole series
  std::optional<int> page_size;            ///< the service refused the page size; this one is asked for from now on
  std::vector<std::string> missing;        ///< keys asked for that the service does not know
  bool resubmit = false;                   ///< the series is lost at the service; begin again with `first`
  std::string problem;                     ///< why, where resubmit
};

/// One kind of thing to fetch: a handful of facts and pure functions. No network, no database, no clock inside.
struct Resource {
  std::string_view name;
  model::Cadence cadence;
  std::string_view permission;           ///< what a 403 means, named to the user; "" none is listed
  const model::Table* table;             ///< the root table its elements become; null if it yields hints only
  std::string_view array;                ///< member of the page that holds the elements; "" a bare array
  std::size_t scopes_per_request = 1;    ///< how many due scopes one request series may cover

  /// The first request of a series over these scopes.
  http::Request (*first)(const model::Span& span);
  /// Reads an answer (2xx or accepted, body unpacked); throws Fault::undecodable or Fault::denied.
  Step (*step)(const model::Span& span, const http::Request& sent, const http::Response& got);
  /// The rows of one element.
  void (*rows)(const json::Value& element, const Context& context, model::Digest digest, model::Batch& batch);

  std::span<const int> accepts = {};     ///< statuses beside 2xx that `step` understands; others are faults
  bool is_optional = false;              ///< without its permission the sync is complete all the same
  std::string_view stands_in_for = {};   ///< fetched only while that resource is denied
};

}  // namespace csatdb::resources
