#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fuzz/target.hpp"
#include "json/stream.hpp"

namespace csatdb::fuzz {
namespace {

constexpr std::array<std::string_view, 2> kArrays{"conversations", "entities"};
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

/// All that a stream tells of a text that comes in pieces of so many bytes.
std::vector<std::string> told(std::string_view input, std::size_t piece) {
  std::string_view rest = input;
  json::Stream stream(
      [&](char* to, std::size_t room) {
        const auto size = std::min({piece, room, rest.size()});
        rest.copy(to, size);
        rest.remove_prefix(size);
        return size;
      },
      kArrays, kMostBytes);
  std::vector<std::string> all;
  try {
    while (const auto found = stream.next()) {
      require(input.substr(found->offset, found->text.size()) == found->text,
              "an object stands where it is said to stand");
      std::string line =
          fmt::format("{} {} {} {}", found->path, found->offset, found->line, found->text);
      const auto is_of_it = [&](std::string_view part) {
        return part.empty() ||
               (part.data() >= found->text.data() &&
                part.data() + part.size() <= found->text.data() + found->text.size());
      };
      for (const auto& member : found->members)
        require(is_of_it(member.name) && is_of_it(member.text),
                "members are views of their object");
      for (const auto& member : found->members)
        line += fmt::format(" [{} {}]", member.name, member.text);
      all.push_back(std::move(line));
    }
  } catch (const base::Error& error) {
    require(error.fault() == base::Fault::undecodable, "only what is no JSON is refused");
    all.emplace_back(error.what());
  }
  return all;
}

}  // namespace

void json_stream(std::string_view input) {
  if (input.empty()) return;
  const auto piece = static_cast<std::size_t>(static_cast<unsigned char>(input.front())) + 1;
  input.remove_prefix(1);
  require(told(input, piece) == told(input, input.size() + 1),
          "the pieces a text comes in make no difference");
}

}  // namespace csatdb::fuzz
