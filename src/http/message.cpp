#include "http/message.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"

namespace csatdb::http {
namespace {

using base::Error;
using base::Fault;

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

struct Inflater {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};
struct Deflater {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
};

/// What a gzip trailer claims the text's size to be: a hint, since the peer wrote it.
std::size_t claimed_size(std::string_view packed) {
  if (packed.size() < 4) return 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(packed[packed.size() - 4 + i]))
            << (8 * i);
  }
  return size;
}

enum class Format { gzip, zlib };

std::string unpack(std::string_view packed, std::size_t limit, Format format) {
  static const std::unique_ptr<libdeflate_decompressor, Inflater> tool(
      libdeflate_alloc_decompressor());
  const std::size_t hint = format == Format::gzip ? claimed_size(packed) : packed.size() * 4;
  // A trailer may lie, so the first try is bounded by what deflate can reach at all (1032 : 1).
  std::size_t room = std::min({std::max<std::size_t>(hint, 64), packed.size() * 1032 + 64, limit});
  for (;;) {
    std::string text(room, '\0');
    std::size_t written = 0;
    const auto unpack_one =
        format == Format::gzip ? libdeflate_gzip_decompress : libdeflate_zlib_decompress;
    const auto result =
        unpack_one(tool.get(), packed.data(), packed.size(), text.data(), text.size(), &written);
    if (result == LIBDEFLATE_SUCCESS) {
      text.resize(written);
      return text;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
      throw Error(Fault::undecodable, "the compressed body is damaged");
    if (room >= limit)
      throw Error(Fault::undecodable,
                  fmt::format("the body is larger than {} MB when unpacked", limit >> 20U));
    room = std::min(limit, room * 4);
  }
}

}  // namespace

std::string_view name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::del: return "DELETE";
  }
  return "GET";
}

std::string_view name(Failure failure) {
  switch (failure) {
    case Failure::none: return "none";
    case Failure::connect: return "connect";
    case Failure::tls: return "tls";
    case Failure::timeout: return "timeout";
    case Failure::broken: return "broken";
    case Failure::too_large: return "too large";
  }
  return "none";
}

void Headers::set(std::string_view name, std::string_view value) {
  rows_.emplace_back(std::string(name), std::string(value));
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [key, value] : rows_) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

std::string inflate(const Response& response, std::size_t limit) {
  const auto encoding = response.headers.get("Content-Encoding");
  if (!encoding || encoding->empty() || same_name(*encoding, "identity")) {
    if (response.body.size() > limit)
      throw Error(Fault::undecodable, fmt::format("the body is larger than {} MB", limit >> 20U));
    return response.body;
  }
  if (same_name(*encoding, "gzip") || same_name(*encoding, "x-gzip"))
    return unpack(response.body, limit, Format::gzip);
  if (same_name(*encoding, "deflate")) return unpack(response.body, limit, Format::zlib);
  throw Error(Fault::undecodable,
              fmt::format("the body has an encoding that was not asked for ({:.20})", *encoding));
}

std::string gunzip(std::string_view packed, std::size_t limit) {
  return unpack(packed, limit, Format::gzip);
}

std::string gzip(std::string_view text, int level) {
  const std::unique_ptr<libdeflate_compressor, Deflater> tool(libdeflate_alloc_compressor(level));
  std::string packed(libdeflate_gzip_compress_bound(tool.get(), text.size()), '\0');
  packed.resize(libdeflate_gzip_compress(tool.get(), text.data(), text.size(), packed.data(),
                                         packed.size()));
  return packed;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                            (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' ||
                            c == '~';
    if (unreserved) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace csatdb::http
