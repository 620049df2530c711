#include "doors.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace csatdb::rooms {
namespace {

namespace fs = std::filesystem;

/// Headers of the standard library that reach past memory.
const std::set<std::string> kWorld{
    "atomic", "condition_variable", "csignal", "cstdio", "filesystem", "fstream",
    "future", "iostream",           "mutex",   "thread", "stop_token"};

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> all;
  for (std::string word; stream >> word;)
    if (word != "-") all.push_back(word);
  return all;
}

/// "curl(a.cpp b.cpp) xxhash.h"
std::map<std::string, std::vector<std::string>> libraries(const std::string& text) {
  static const std::regex kLibrary(R"(([^\s()]+)(?:\(([^)]*)\))?)");
  std::map<std::string, std::vector<std::string>> all;
  for (std::sregex_iterator it(text.begin(), text.end(), kLibrary), end; it != end; ++it)
    if ((*it)[1] != "-") all[(*it)[1]] = words((*it)[2]);
  return all;
}

struct Include {
  bool is_quoted;
  std::string header;
};

std::vector<Include> includes_of(const fs::path& file) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*(.*)$)");
  std::ifstream stream(file);
  std::vector<Include> all;
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, kInclude)) continue;
    const std::string rest = match[1];
    const auto end = rest.find(rest[0] == '<' ? '>' : '"', 1);
    all.push_back({rest[0] != '<', end == std::string::npos ? rest : rest.substr(1, end - 1)});
  }
  return all;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Why a file of a room may not include another project header; nothing if it may.
std::optional<std::string> refuse_room(const std::string& header, const std::string& room,
                                       const Rules& rules) {
  const auto slash = header.find('/');
  const std::string other = header.substr(0, slash);
  if (slash == std::string::npos || !rules.rooms.contains(other))
    return "names no room: write \"room/file.hpp\"";
  if (other == room) return std::nullopt;
  if (has(rules.private_headers, header)) return "is private to " + other;
  const auto& open = rules.rooms.at(room).rooms;
  if (has(open, other) || has(open, header)) return std::nullopt;
  return room + " may not open " + other;
}

/// The same for a header of a library, the system or the standard.
std::optional<std::string> refuse_library(const std::string& header, const std::string& room,
                                          const std::string& file, const Rules& rules) {
  const std::string library = header.substr(0, header.find('/'));
  const bool is_standard = header.find_first_of("./") == std::string::npos;
  if (library == "fmt" || (is_standard && !kWorld.contains(header))) return std::nullopt;
  const auto& open = rules.rooms.at(room).libraries;
  const auto found = open.find(library);
  if (found == open.end()) return room + " may not include it";
  if (found->second.empty() || has(found->second, file)) return std::nullopt;
  return "not in this file of " + room;
}

}  // namespace

Rules read_rules(const fs::path& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error("no rules at " + path.string());
  Rules rules;
  for (std::string line; std::getline(stream, line);) {
    const std::string rule = trimmed(line);
    if (rule.empty() || rule[0] == '#') continue;
    if (rule.starts_with("private ")) {
      rules.private_headers.push_back(trimmed(rule.substr(8)));
      continue;
    }
    const auto first = rule.find('|'), second = rule.find('|', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      throw std::runtime_error("no rule: " + rule);
    rules.rooms[trimmed(rule.substr(0, first))] = {
        words(rule.substr(first + 1, second - first - 1)), libraries(rule.substr(second + 1))};
  }
  return rules;
}

std::vector<std::string> violations(const fs::path& root, const Rules& rules) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const fs::path path = entry.path().lexically_relative(root);
    const std::string room = path.begin()->string();
    const std::string file = path.lexically_relative(room).string();
    if (!rules.rooms.contains(room)) {
      all.push_back(path.string() + ": no such room");
      continue;
    }
    for (const auto& [is_quoted, header] : includes_of(entry.path())) {
      const auto why =
          is_quoted ? refuse_room(header, room, rules) : refuse_library(header, room, file, rules);
      if (why) all.push_back(path.string() + ": " + header + ": " + *why);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace csatdb::rooms
