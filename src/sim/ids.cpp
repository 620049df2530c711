#include "sim/ids.hpp"

#include "sim/draw.hpp"

namespace csatdb::sim {
namespace {

// A UUID of version 4 has 122 free bits: two halves of 61 for a Feistel network.
constexpr std::uint64_t kHalf = (std::uint64_t{1} << 61U) - 1;
/// What the second half must decode to; 61 bits of check.
constexpr std::uint64_t kCheck = 0x0C5A7DB0C5A7DB0U;

std::uint64_t packed(const Place& p) {
  return (std::uint64_t{static_cast<std::uint8_t>(p.kind)} << 56U) | (std::uint64_t{p.day} << 40U) |
         (std::uint64_t{p.index} << 12U) | p.sub;
}

Place unpacked(std::uint64_t bits) {
  return {static_cast<Kind>(bits >> 56U), static_cast<std::uint32_t>((bits >> 40U) & 0xFFFFU),
          static_cast<std::uint32_t>((bits >> 12U) & 0xFFFFFFFU),
          static_cast<std::uint32_t>(bits & 0xFFFU)};
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Ids::Ids(std::uint64_t seed) {
  for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i] = mix(seed, 0x1D5U + i);
}

void Ids::append(std::string& out, const Place& place) const {
  std::uint64_t left = packed(place);
  std::uint64_t right = kCheck;
  for (const auto key : keys_) {
    const std::uint64_t next = left ^ (mix(right ^ key) & kHalf);
    left = right;
    right = next;
  }
  // 128 bits: 48 random, version, 12 random, variant, 62 random; the halves fill 60 + 62 of them.
  const std::uint64_t high = ((left >> 13U) << 16U) | 0x4000U | ((left >> 1U) & 0xFFFU);
  const std::uint64_t low = (std::uint64_t{2} << 62U) | ((left & 1U) << 61U) | right;
  static constexpr char kDigits[] = "0123456789abcdef";
  char text[36];
  std::size_t at = 0;
  for (unsigned i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text[at++] = '-';
    const std::uint64_t half = i < 16 ? high : low;
    text[at++] = kDigits[(half >> (60U - 4U * (i % 16U))) & 15U];
  }
  out.append(text, sizeof text);
}

std::string Ids::text(const Place& place) const {
  std::string out;
  append(out, place);
  return out;
}

std::optional<Place> Ids::place(std::string_view uuid) const {
  if (uuid.size() != 36) return std::nullopt;
  std::array<std::uint64_t, 2> halves{};
  unsigned digits = 0;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (uuid[i] != '-') return std::nullopt;
      continue;
    }
    const int value = nibble(uuid[i]);
    if (value < 0) return std::nullopt;
    auto& half = halves[digits++ / 16];
    half = (half << 4U) | static_cast<std::uint64_t>(value);
  }
  if ((halves[0] & 0xF000U) != 0x4000U || halves[1] >> 62U != 2) return std::nullopt;
  std::uint64_t left =
      ((halves[0] >> 16U) << 13U) | ((halves[0] & 0xFFFU) << 1U) | ((halves[1] >> 61U) & 1U);
  std::uint64_t right = halves[1] & kHalf;
  for (std::size_t i = keys_.size(); i-- > 0;) {
    const std::uint64_t before = right ^ (mix(left ^ keys_[i]) & kHalf);
    right = left;
    left = before;
  }
  if (right != kCheck || left >> 56U > static_cast<unsigned>(Kind::other)) return std::nullopt;
  return unpacked(left);
}

}  // namespace csatdb::sim
