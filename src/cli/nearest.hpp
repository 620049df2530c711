#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace csatdb::cli {

/// The candidate that a mistyped word most likely means; nothing if none is near (case is ignored).
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// " (did you mean 'X'?)", or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace csatdb::cli
