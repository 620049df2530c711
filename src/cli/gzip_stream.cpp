#include "cli/gzip_stream.hpp"

#include "http/message.hpp"

namespace csatdb::cli {
namespace {

constexpr std::size_t kPiece = 1 << 20;  // larger pieces pack no better than 1 % more

}  // namespace

GzipStream::GzipStream(std::ostream& to) : std::ostream(nullptr), buffer_(to) { rdbuf(&buffer_); }

void GzipStream::finish() {
  if (!buffer_.pack()) setstate(std::ios::badbit);
}

bool GzipStream::Buffer::pack() {
  // Nothing at all is a piece too: an empty file is no gzip file.
  if (!plain_.empty() || !is_begun_) out_ << http::gzip(plain_);
  is_begun_ = true;
  plain_.clear();
  return static_cast<bool>(out_);
}

GzipStream::Buffer::int_type GzipStream::Buffer::overflow(int_type c) {
  if (c == traits_type::eof()) return traits_type::not_eof(c);
  const char one = traits_type::to_char_type(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

std::streamsize GzipStream::Buffer::xsputn(const char* chars, std::streamsize count) {
  plain_.append(chars, static_cast<std::size_t>(count));
  return plain_.size() < kPiece || pack() ? count : 0;
}

void write_maybe_zipped(std::ostream& out, bool is_zipped,
                        const std::function<void(std::ostream&)>& write) {
  if (!is_zipped) return write(out);
  GzipStream packed(out);
  write(packed);
  packed.finish();
  if (!packed) out.setstate(std::ios::failbit);
}

}  // namespace csatdb::cli
