#include "http/gunzip.hpp"

#include <zlib.h>

#include <array>
#include <new>

#include "base/error.hpp"

namespace csatdb::http {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;
constexpr int kGzipOnly = 16 + MAX_WBITS;  // how zlib is told to expect gzip's header and checksum

}  // namespace

struct Gunzip::Impl {
  explicit Impl(Source its_source) : source(std::move(its_source)) {
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Impl() { inflateEnd(&stream); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Whether there are packed bytes to go on with.
  bool feed() {
    if (stream.avail_in > 0) return true;
    const std::size_t got = source(piece.data(), piece.size());
    stream.next_in = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_in = static_cast<uInt>(got);
    return got > 0;
  }

  Source source;
  z_stream stream{};
  std::array<char, kPiece> piece{};
  bool is_between_members = true;
};

Gunzip::Gunzip(Source packed) : impl_(std::make_unique<Impl>(std::move(packed))) {}
Gunzip::~Gunzip() = default;

std::size_t Gunzip::read(char* to, std::size_t room) {
  using base::Error;
  using base::Fault;
  auto& z = impl_->stream;
  z.next_out = reinterpret_cast<Bytef*>(to);
  z.avail_out = static_cast<uInt>(room);
  while (z.avail_out == room) {
    if (!impl_->feed()) {
      if (impl_->is_between_members) return 0;
      throw Error(Fault::undecodable, "the gzip data ends too early: the file was cut");
    }
    impl_->is_between_members = false;
    const int code = inflate(&z, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      impl_->is_between_members = true;
      inflateReset(&z);
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      throw Error(Fault::undecodable, "the gzip data is damaged");
    }
  }
  return room - z.avail_out;
}

}  // namespace csatdb::http
