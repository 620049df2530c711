#pragma once

#include <fstream>
#include <iosfwd>
#include <optional>
#include <string>

#include "cli/process.hpp"
#include "http/gunzip.hpp"

namespace csatdb::cli {

/// A file of saved texts, or what stands on stdin ("-"), unpacked where it is gzip: read piece by
/// piece, whatever its length.
class BodyFile {
 public:
  /// Throws Fault::usage if it cannot be read.
  BodyFile(Process& process, const std::string& name);
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  /// At most `room` bytes of text; 0 at the end. Throws Fault::undecodable for damaged gzip data,
  /// Fault::storage where the disk fails.
  std::size_t read(char* to, std::size_t room);

 private:
  std::size_t read_packed(char* to, std::size_t room);

  std::string name_;
  std::ifstream file_;
  std::istream& in_;
  std::optional<http::Gunzip> gunzip_;
};

}  // namespace csatdb::cli
