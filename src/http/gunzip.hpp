#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace csatdb::http {

/// Unpacks a gzip stream of any length piece by piece, in a fixed amount of memory, its members one
/// after the other where it has several.
class Gunzip {
 public:
  /// Fills `to` with at most `room` packed bytes and says how many; 0 at the end.
  using Source = std::function<std::size_t(char* to, std::size_t room)>;
  explicit Gunzip(Source packed);
  ~Gunzip();

  /// At most `room` plain bytes; 0 at the end. Throws Fault::undecodable for damaged or cut data.
  std::size_t read(char* to, std::size_t room);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::http
