#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace csatdb::rooms {

/// What one room may include beside its own files.
struct Doors {
  std::vector<std::string> rooms;                             ///< names, or single headers of them
  std::map<std::string, std::vector<std::string>> libraries;  ///< and which files may; empty: all
};

/// The list of lines in tests/rooms/rooms.txt.
struct Rules {
  std::map<std::string, Doors> rooms;
  std::vector<std::string> private_headers;
};
/// Throws std::runtime_error, naming the line, for what is no rule.
Rules read_rules(const std::filesystem::path& file);

/// One line per forbidden include in the C++ files below `root`, sorted: "room/file.cpp: <header>:
/// why".
std::vector<std::string> violations(const std::filesystem::path& root, const Rules& rules);

}  // namespace csatdb::rooms
