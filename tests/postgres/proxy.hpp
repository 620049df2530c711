#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string_view>
#include <thread>

namespace csatdb::tests {

/// A wire on loopback between a program and a server, which a test may cut. It carries one
/// connection at a time.
class Proxy {
 public:
  /// Bytes about to be passed on; false cuts the wire before them. Called on a thread of its own.
  using Watch = std::function<bool(bool is_from_client, std::string_view bytes)>;

  Proxy(int server_port, Watch watch);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const { return port_; }

 private:
  void serve();
  void carry(int client, int server);

  int server_port_;
  Watch watch_;
  int door_ = -1;
  int port_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread serving_;
};

}  // namespace csatdb::tests
