#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csatdb::http {

enum class Method { get, post, del };
std::string_view name(Method method);

/// Header names compare without regard to case (RFC 9110 5.1).
class Headers {
 public:
  void set(std::string_view name, std::string_view value);
  /// Nothing if absent; the first one if repeated.
  std::optional<std::string_view> get(std::string_view name) const;
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

/// What to send. A target that begins with "/" is relative to the API host; the client completes
/// it.
struct Request {
  Method method = Method::get;
  std::string target;
  Headers headers;
  std::string body;  ///< JSON unless a Content-Type header says otherwise
};

/// Why no whole answer came. An HTTP error status is an answer, not a failure.
enum class Failure {
  none,
  connect,    ///< no connection, or not allowed
  tls,        ///< the certificate does not verify
  timeout,    ///< too slow, or endless
  broken,     ///< cut off
  too_large,  ///< more bytes than the cap, packed or unpacked
  damaged,    ///< all bytes came, and their Content-Encoding cannot be undone
};
std::string_view name(Failure failure);

/// What came back. The body is as it crossed the wire: `inflate` undoes its Content-Encoding.
struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  Failure failure = Failure::none;
  std::string detail;  ///< of a failure, in words
};

/// The body without its Content-Encoding (gzip, deflate or none), at most `limit` bytes; throws
/// Fault::undecodable if it is damaged, larger, or encoded in another way.
std::string inflate(const Response& response, std::size_t limit);
/// Replaces the body by the plain one; what goes wrong becomes the response's failure.
void unpack(Response& response, std::size_t limit);
/// `inflate` for a gzip file's bytes.
std::string gunzip(std::string_view packed, std::size_t limit);
/// A gzip stream of the text (what the simulator answers and exports write).
std::string gzip(std::string_view text, int level = 6);

/// Escapes everything but unreserved characters, for one path segment or query value.
std::string percent_encode(std::string_view text);
std::string percent_decode(std::string_view text);

}  // namespace csatdb::http
