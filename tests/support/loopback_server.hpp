#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace csatdb::support {

/// A server on a free loopback port that sends exactly the bytes a test wants, well formed or not.
class LoopbackServer {
 public:
  enum class Then {
    keep,   ///< wait for the next request on this connection
    close,  ///< end it in order
    reset,  ///< cut it off
    hang,   ///< send nothing more, and keep it open
    drip,   ///< send a byte now and then, for ever
    flood,  ///< send bytes as fast as they are taken, for ever
  };
  struct Act {
    std::string bytes;
    Then then = Then::keep;
  };
  struct Seen {
    int connection;    ///< counted from 1
    std::string head;  ///< request line and headers
    std::string body;
  };
  using Answers = std::function<Act(const Seen&)>;

  /// Answers are called on the server's threads, one at a time.
  explicit LoopbackServer(Answers answers);
  /// The same behind TLS, with a certificate for 127.0.0.1 that nobody but `authority_file` vouches
  /// for.
  static std::unique_ptr<LoopbackServer> with_tls(Answers answers,
                                                  const std::string& authority_file);
  ~LoopbackServer();

  int port() const;
  /// "http://127.0.0.1:PORT" or https.
  std::string url() const;
  int connections() const;
  std::vector<Seen> seen() const;

 private:
  struct Impl;
  explicit LoopbackServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A whole answer with its Content-Length.
std::string http_answer(int status, const std::string& body, const std::string& more_headers = {});

}  // namespace csatdb::support
