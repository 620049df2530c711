#include "cli/extract_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace csatdb::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r\"'";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Whether a text is a UUID, which every conversation's id is: one that is not would have the
/// service refuse the other 99 of its request.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (is_dash ? c != '-' : !is_digit) return false;
  }
  return true;
}

bool is_heading(std::string_view text) {
  std::string letters = lower(text);
  std::erase_if(letters, [](char c) { return c == '_' || c == ' ' || c == '-'; });
  return letters == "conversationid" || letters == "id" || letters == "conversation";
}

}  // namespace

std::string AskedId::note() const {
  if (!is_valid) return "not an id: a conversation's is a UUID";
  return place == first ? "" : fmt::format("repeats number {} of the list", first);
}

std::vector<std::string> ids_of_text(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> ids;
  bool is_first = true;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = trimmed(line.substr(0, line.find_first_of(",;")));
    if (line.empty() || line.front() == '#') continue;
    if (!(is_first && is_heading(line))) ids.emplace_back(line);
    is_first = false;
  }
  return ids;
}

std::vector<AskedId> checked_ids(const std::vector<std::string>& written) {
  std::vector<AskedId> ids;
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& text : written) {
    const std::string id = lower(trimmed(text));
    const bool is_valid = is_uuid(id);
    const std::size_t place = ids.size() + 1;
    AskedId asked{is_valid ? id : text, is_valid, place, place};
    asked.first = seen.try_emplace(asked.text, place).first->second;
    ids.push_back(std::move(asked));
  }
  return ids;
}

}  // namespace csatdb::cli
