#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace csatdb::base::log {

enum class Level { debug, info, warning, error, off };
enum class Format { text, json };

/// Where and how much to log: to stderr, "2026-05-01T06:00:00Z info message" or one JSON object a line.
void configure(Level level, Format format);

/// Never let this text appear in a log line or an error again: it is replaced by "***". For tokens and client secrets.
void redact(const std::string& secret);
/// The text with every secret replaced.
std::string redacted(std::string text);

/// Called before each line is written, so that a progress line on the terminal can get out of the way.
void before_line(void (*hook)());

bool enabled(Level level);
Format format();
void write(Level level, std::string text);

template <class... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  if (enabled(Level::info)) write(Level::info, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  if (enabled(Level::warning)) write(Level::warning, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
  if (enabled(Level::error)) write(Level::error, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace csatdb::base::log
