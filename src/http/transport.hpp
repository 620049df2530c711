#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"

namespace csatdb::http {

/// Names a request between `start` and the answer to it; chosen by the caller, unique while in
/// flight.
using Ticket = std::uint64_t;

struct Answer {
  Ticket ticket;
  Response response;
};

/// The seam between csatdb and the network: real in production, the simulator in tests.
/// Decorators (the API client, fault injection) have the same shape and stack.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Begins a request; never blocks and never fails: what goes wrong is in the answer.
  virtual void start(Ticket ticket, Request request) = 0;
  /// The answers that arrived, waiting for the first of them for at most so long. Empty if none
  /// came.
  virtual std::vector<Answer> wait(base::Millis at_most) = 0;
};

}  // namespace csatdb::http
