#include "cli/process.hpp"

#include <string_view>

namespace csatdb::cli {
namespace fs = std::filesystem;

std::optional<std::string> Process::variable(const std::string& name) const {
  const auto at = variables.find(name);
  if (at == variables.end() || at->second.empty()) return std::nullopt;
  return at->second;
}

std::optional<fs::path> Process::home() const {
  if (const auto path = variable("HOME")) return fs::path(*path);
  return std::nullopt;
}

fs::path Process::resolve(const std::string& written) const {
  if (const auto user = home(); user && (written == "~" || written.starts_with("~/")))
    return *user / written.substr(written.size() > 1 ? 2 : 1);
  return folder / written;
}

std::string Process::shown(const fs::path& path) const {
  const auto below = [&](const fs::path& root) -> std::optional<std::string> {
    const auto relative = path.lexically_normal().lexically_relative(root.lexically_normal());
    if (relative.empty() || *relative.begin() == "..") return std::nullopt;
    return relative.string();
  };
  if (const auto rest = below(folder)) return *rest;
  if (const auto user = home()) {
    if (const auto rest = below(*user)) return "~/" + *rest;
  }
  return path.string();
}

std::string Process::told(std::string text) const {
  const std::string root = (folder / "").string();
  if (root.size() < 2) return text;
  for (std::size_t at = 0; (at = text.find(root, at)) != std::string::npos;) {
    // Not the tail of a longer path or address.
    const bool begins_here =
        at == 0 || std::string_view(" '\"(:").find(text[at - 1]) != std::string_view::npos;
    if (begins_here)
      text.erase(at, root.size());
    else
      at += root.size();
  }
  return text;
}

}  // namespace csatdb::cli
