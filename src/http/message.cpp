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

/// A plain text, or why there is none.
struct Plain {
  std::string text;
  Failure failure = Failure::none;
  std::string detail;
};

Plain too_large(std::size_t limit) {
  return {{}, Failure::too_large, fmt::format("the body is larger than {} MB", limit >> 20U)};
}

Plain decompress(std::string_view packed, std::size_t limit, Format format) {
  static const std::unique_ptr<libdeflate_decompressor, Inflater> tool(
      libdeflate_alloc_decompressor());
  const std::size_t hint = format == Format::gzip ? claimed_size(packed) : packed.size() * 4;
  // A trailer may lie, so the first try is bounded by what deflate can reach at all (1032 : 1).
  std::size_t room = std::min({std::max<std::size_t>(hint, 64), packed.size() * 1032 + 64, limit});
  for (;;) {
    std::string text(room, '\0');
    std::size_t written = 0;
    const auto run =
        format == Format::gzip ? libdeflate_gzip_decompress : libdeflate_zlib_decompress;
    const auto result =
        run(tool.get(), packed.data(), packed.size(), text.data(), text.size(), &written);
    if (result == LIBDEFLATE_SUCCESS) {
      text.resize(written);
      return {std::move(text), Failure::none, {}};
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
      return {{}, Failure::damaged, "the compressed body is damaged"};
    if (room >= limit) return too_large(limit);
    room = std::min(limit, room * 4);
  }
}

Plain decode(const Response& response, std::string_view encoding, std::size_t limit) {
  if (same_name(encoding, "gzip") || same_name(encoding, "x-gzip"))
    return decompress(response.body, limit, Format::gzip);
  if (same_name(encoding, "deflate")) return decompress(response.body, limit, Format::zlib);
  return {{},
          Failure::damaged,
          fmt::format("the body has an encoding that was not asked for ({:.20})", encoding)};
}

bool is_plain(const Response& response) {
  const auto encoding = response.headers.get("Content-Encoding");
  return !encoding || encoding->empty() || same_name(*encoding, "identity") ||
         response.body.empty();
}

std::string text_or_throw(Plain plain) {
  if (plain.failure != Failure::none) throw Error(Fault::undecodable, plain.detail);
  return std::move(plain.text);
}

}  // namespace

std::string_view name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::del:
      return "DELETE";
  }
  return "GET";
}

std::string_view name(Failure failure) {
  switch (failure) {
    case Failure::none:
      return "none";
    case Failure::connect:
      return "connect";
    case Failure::tls:
      return "tls";
    case Failure::timeout:
      return "timeout";
    case Failure::broken:
      return "broken";
    case Failure::too_large:
      return "too large";
    case Failure::damaged:
      return "damaged";
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
  if (!is_plain(response))
    return text_or_throw(decode(response, *response.headers.get("Content-Encoding"), limit));
  if (response.body.size() > limit) return text_or_throw(too_large(limit));
  return response.body;
}

void unpack(Response& response, std::size_t limit) {
  if (response.failure != Failure::none || is_plain(response)) return;
  Plain plain = decode(response, *response.headers.get("Content-Encoding"), limit);
  response.body = std::move(plain.text);
  response.failure = plain.failure;
  response.detail = std::move(plain.detail);
}

std::string gunzip(std::string_view packed, std::size_t limit) {
  return text_or_throw(decompress(packed, limit, Format::gzip));
}

std::string gzip(std::string_view text, int level) {
  const std::unique_ptr<libdeflate_compressor, Deflater> tool(libdeflate_alloc_compressor(level));
  std::string packed(libdeflate_gzip_compress_bound(tool.get(), text.size()), '\0');
  packed.resize(
      libdeflate_gzip_compress(tool.get(), text.data(), text.size(), packed.data(), packed.size()));
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
