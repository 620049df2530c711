#include "cli/nearest.hpp"

#include <algorithm>
#include <vector>

namespace csatdb::cli {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1]))
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  // A third of the word may be wrong, and at least two letters: beyond that a guess misleads.
  const std::size_t allowed = std::max<std::size_t>(2, word.size() / 3);
  const std::string* best = nullptr;
  std::size_t least = allowed + 1;
  for (const auto& candidate : candidates) {
    const auto off = distance(word, candidate);
    if (off < least && off < candidate.size()) {
      least = off;
      best = &candidate;
    }
  }
  if (best == nullptr && word.size() >= 3) {
    for (const auto& candidate : candidates) {
      if (candidate.starts_with(word)) return candidate;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const auto meant = nearest(word, candidates);
  return meant ? " (did you mean '" + *meant + "'?)" : "";
}

}  // namespace csatdb::cli
