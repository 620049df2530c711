#include "cli/process.hpp"

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

}  // namespace csatdb::cli
