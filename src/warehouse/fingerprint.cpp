#include <xxhash.h>

#include <cstring>
#include <memory>

#include "warehouse/warehouse.hpp"

namespace csatdb::warehouse {
namespace {

struct FreeState {
  void operator()(XXH3_state_t* s) const { XXH3_freeState(s); }
};

/// A running 128-bit hash (XXH3), seeded.
class Hash {
 public:
  explicit Hash(std::uint64_t seed) : state_(XXH3_createState()) {
    XXH3_128bits_reset_withSeed(state_.get(), seed);
  }
  void add(std::string_view bytes) {
    XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
  }
  model::Digest digest() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    return {hash.high64, hash.low64};
  }

 private:
  std::unique_ptr<XXH3_state_t, FreeState> state_;
};

constexpr std::string_view kMember = "\"attributes\"";

/// The next place of the member's name; `npos` if there is none.
std::size_t find_member(std::string_view text, std::size_t from) {
  // A text is full of quotation marks, at each of which std::string_view's search stops.
  const auto* found = static_cast<const char*>(
      memmem(text.data() + from, text.size() - from, kMember.data(), kMember.size()));
  return found == nullptr ? std::string_view::npos : static_cast<std::size_t>(found - text.data());
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && std::strchr(" \n\r\t", text[at]) != nullptr) ++at;
  return at;
}

/// The end of the object that begins at `at`; 0 if none does.
std::size_t end_of_object(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '{') return 0;
  int depth = 0;
  bool in_text = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_text) {
      if (c == '\\') ++at;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return 0;
}

}  // namespace

Fingerprint fingerprint(std::string_view element, std::uint64_t salt) {
  auto found = find_member(element, 0);
  if (found == std::string_view::npos) {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(element.data(), element.size(), salt);
    return {{hash.high64, hash.low64}, {}};
  }
  Hash content(salt);
  Hash attributes(salt);
  std::size_t copied = 0;
  for (; found != std::string_view::npos; found = find_member(element, found + 1)) {
    std::size_t begin = found;
    std::size_t at = skip_blanks(element, found + kMember.size());
    const bool is_member = (begin == 0 || element[begin - 1] != '\\') && at < element.size() &&
                           element[at] == ':' && begin >= copied;
    std::size_t end = is_member ? end_of_object(element, skip_blanks(element, at + 1)) : 0;
    if (end == 0) continue;
    attributes.add(element.substr(begin, end - begin));
    // One separator goes with the member, so that the rest reads as if it had never been there.
    if (end < element.size() && element[end] == ',') {
      ++end;
    } else if (begin > copied && element[begin - 1] == ',') {
      --begin;
    }
    content.add(element.substr(copied, begin - copied));
    copied = end;
  }
  content.add(element.substr(copied));
  return {content.digest(), copied > 0 ? attributes.digest() : model::Digest{}};
}

}  // namespace csatdb::warehouse
