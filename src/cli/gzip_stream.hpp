#pragma once

#include <functional>
#include <iosfwd>
#include <ostream>
#include <streambuf>
#include <string>

namespace csatdb::cli {

/// A stream that writes what it is given gzipped to another one, a megabyte at a time; every
/// gzip reader joins the pieces. `finish` writes the rest: without it the end is missing.
class GzipStream final : public std::ostream {
 public:
  explicit GzipStream(std::ostream& to);
  void finish();

 private:
  class Buffer final : public std::streambuf {
   public:
    explicit Buffer(std::ostream& to) : out_(to) {}
    bool pack();

   protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* chars, std::streamsize count) override;

   private:
    std::ostream& out_;
    std::string plain_;
    bool is_begun_ = false;
  };
  Buffer buffer_;
};

/// Lets `write` write to the stream, through a GzipStream where it is asked for.
void write_maybe_zipped(std::ostream& out, bool is_zipped,
                        const std::function<void(std::ostream&)>& write);

}  // namespace csatdb::cli
