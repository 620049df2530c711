#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/time.hpp"
#include "http/transport.hpp"

namespace csatdb::http {

/// What one transfer may take. Past a limit the answer is a failure.
struct CurlLimits {
  int connections = 8;                             ///< requests under way at once; others wait
  std::size_t most_bytes = std::size_t{64} << 20;  ///< of a body as it crosses the wire
  base::Millis connect = std::chrono::seconds(20);
  /// Without a byte, or with fewer than a trickle, for so long; in whole seconds. The service
  /// thinks for up to half a minute before it answers a heavy query.
  std::chrono::seconds stall{90};
  base::Millis total = std::chrono::minutes(10);  ///< whatever arrives: ends what is endless
};

/// HTTP over libcurl, on the caller's thread: bytes move only inside `start` and `wait`.
///
/// Targets are absolute. Connections are kept and reused; bodies are handed over as they crossed
/// the wire; a redirect is an answer; TLS is verified against the system's authorities or those of
/// CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR. Plain http goes to loopback only. Proxies are
/// those of https_proxy and no_proxy; none for loopback. `wait` returns early when a clean end was
/// asked for (base/stop.hpp).
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlLimits limits = {});
  ~CurlTransport() override;

  void start(Ticket ticket, Request request) override;
  std::vector<Answer> wait(base::Millis at_most) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::http
