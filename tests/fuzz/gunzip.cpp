#include "http/gunzip.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "fuzz/target.hpp"
#include "http/message.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;

constexpr std::size_t kLimit = std::size_t{1} << 20U;

/// What a stream gives whose packed bytes come in pieces; nothing if it refuses.
std::optional<std::string> streamed(std::string_view packed, std::size_t piece) {
  http::Gunzip stream([&](char* to, std::size_t room) {
    const auto size = std::min({piece, room, packed.size()});
    packed.copy(to, size);
    packed.remove_prefix(size);
    return size;
  });
  std::string text;
  std::string part(std::size_t{64} << 10U, '\0');
  const bool is_whole = is_taken({Fault::undecodable}, [&] {
    while (const auto got = stream.read(part.data(), part.size())) text.append(part, 0, got);
  });
  return is_whole ? std::optional(text) : std::nullopt;
}

}  // namespace

void gunzip(std::string_view input) {
  const auto at_once = streamed(input, input.size() + 1);
  require(streamed(input, 7) == at_once, "the pieces make no difference");

  std::string whole;
  if (is_taken({Fault::undecodable}, [&] { whole = http::gunzip(input, kLimit); })) {
    require(whole.size() <= kLimit, "no more is unpacked than allowed");
    // A stream goes on to what follows the first member, which may be refused.
    if (at_once) require(at_once->starts_with(whole), "both ways give one text");
  }

  for (const auto* encoding : {"gzip", "deflate", "identity", "br"}) {
    http::Response got;
    got.headers.set("Content-Encoding", encoding);
    got.body = input;
    unpack(got, kLimit);
    require(got.failure != http::Failure::none || got.body.size() <= std::max(kLimit, input.size()),
            "a body is within its limit");
  }
  require(http::gunzip(http::gzip(input), input.size() + 1) == input, "what is packed is unpacked");
}

}  // namespace csatdb::fuzz
