#include "sim/jobs.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "sim/draw.hpp"

namespace csatdb::sim {
namespace {

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string plain_cursor(int job, int offset) {
  // The first bytes give "+" and "/", the odd length gives "=".
  std::string bytes = fmt::format("\xFB\xEF\xBE\xFF\xFF{:08d}{:09d}", job, offset);
  bytes += fmt::format(
      "{:08x}",
      mix(static_cast<std::uint64_t>(job), static_cast<std::uint64_t>(offset)) & 0xFFFFFFFFU);
  while (bytes.size() % 3 != 1) bytes += '.';
  return bytes;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group =
          (group << 8U) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? kDigits[(group >> (18U - 6U * k)) & 63U] : '=';
  }
  return out;
}

std::string Jobs::add(Job job, std::string id) {
  job.number = next_++;
  jobs_.emplace(id, std::move(job));
  return id;
}

Job* Jobs::find(std::string_view id) {
  const auto known = jobs_.find(id);
  return known == jobs_.end() ? nullptr : &known->second;
}

void Jobs::remove(std::string_view id) {
  const auto known = jobs_.find(id);
  if (known != jobs_.end()) jobs_.erase(known);
}

std::string_view state_of(const Job& job, base::Millis tick) {
  if (tick < job.done) return tick < job.begun + (job.done - job.begun) / 4 ? "QUEUED" : "PENDING";
  if (job.fails) return "FAILED";
  return job.expires_early || tick >= job.expires ? "EXPIRED" : "FULFILLED";
}

std::string make_cursor(int job, int offset) { return base64(plain_cursor(job, offset)); }

std::optional<int> read_cursor(int job, std::string_view cursor) {
  std::string bytes;
  unsigned group = 0;
  int bits = 0;
  for (const char c : cursor) {
    const auto at = std::string_view(kDigits).find(c);
    if (at == std::string_view::npos) break;
    group = (group << 6U) | static_cast<unsigned>(at);
    if ((bits += 6) < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((group >> static_cast<unsigned>(bits)) & 0xFFU);
  }
  if (bytes.size() < 22) return std::nullopt;
  const int offset = std::atoi(bytes.substr(13, 9).c_str());
  if (make_cursor(job, offset) != cursor) return std::nullopt;
  return offset;
}

}  // namespace csatdb::sim
