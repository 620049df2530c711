#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

namespace csatdb::base::log {
namespace {

struct State {
  Level level = Level::info;
  Format format = Format::text;
  std::vector<std::string> secrets;
  void (*hook)() = nullptr;
  std::shared_ptr<spdlog::logger> logger = make();

  static std::shared_ptr<spdlog::logger> make() {
    auto made = std::make_shared<spdlog::logger>(
        "csatdb", std::make_shared<spdlog::sinks::stderr_sink_st>());
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    made->set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    return made;
  }
};

State& state() {
  static State the_state;
  return the_state;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
    case Level::off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

/// How many bytes of `text` from `at` on are one well-formed UTF-8 character; 0 if they are none.
std::size_t character_at(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t size = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(at + 1);
  const bool is_overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool is_surrogate = lead == 0xED && second >= 0xA0;
  return is_overlong || is_surrogate || (lead == 0xF4 && second >= 0x90) ? 0 : size;
}

/// One line, whatever a peer's text contains: control characters are escaped, and JSON gets
/// well-formed UTF-8 alone.
std::string one_line(const std::string& text, Format format) {
  const bool is_json = format == Format::json;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    const auto size = is_json ? character_at(text, at) : 1;
    if (size == 0) {
      out += "\\ufffd";
    } else if (is_json && (c == '"' || c == '\\')) {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += is_json ? fmt::format("\\u{:04x}", byte) : fmt::format("\\x{:02x}", byte);
    } else {
      out.append(text, at, size);
    }
    at += std::max<std::size_t>(size, 1);
  }
  return out;
}

}  // namespace

void configure(Level level, Format format) {
  state().level = level;
  state().format = format;
  state().logger->set_pattern(format == Format::json
                                  ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v"})"
                                  : "%Y-%m-%dT%H:%M:%SZ %l %v",
                              spdlog::pattern_time_type::utc);
}

void redact(const std::string& secret) {
  auto& all = state().secrets;
  if (secret.size() < 4 || std::find(all.begin(), all.end(), secret) != all.end()) return;
  // Longest first: a secret within another must not leave the rest of that one to be read.
  all.insert(std::find_if(all.begin(), all.end(),
                          [&](const std::string& other) { return other.size() < secret.size(); }),
             secret);
}

std::string redacted(std::string text) {
  for (const auto& secret : state().secrets) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

void before_line(void (*hook)()) { state().hook = hook; }

Format format() { return state().format; }

bool enabled(Level level) { return level >= state().level && level != Level::off; }

void write(Level level, std::string text) {
  if (state().hook != nullptr) state().hook();
  state().logger->log(to_spdlog(level), "{}", one_line(redacted(std::move(text)), state().format));
}

}  // namespace csatdb::base::log
