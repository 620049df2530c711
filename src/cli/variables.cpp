#include "cli/variables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/private_file.hpp"

namespace csatdb::cli {
namespace {

using Variables = std::map<std::string, std::string>;

/// The settings among some variables: of a setting's two names the first one that says something
/// counts.
void put_variables(Layer& layer, const Variables& variables, std::string_view suffix) {
  for (const auto& setting : settings()) {
    for (const auto name : setting.variables) {
      const auto at = variables.find(std::string(name));
      if (name.empty() || at == variables.end() || at->second.empty()) continue;
      if (setting.key == "client_secret") base::log::redact(at->second);
      put(layer, setting, at->second, fmt::format("{}{}", name, suffix));
      break;
    }
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// The value of an assignment: in double quotes \n, \" and \\ are escapes, in single quotes nothing
/// is.
std::string unquoted(std::string_view text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
    const auto comment = std::min(text.find(" #"), text.find("\t#"));
    return std::string(trimmed(text.substr(0, comment)));
  }
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size() && text[i] != quote; ++i) {
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      value += text[i] == 'n' ? '\n' : text[i];
    } else {
      value += text[i];
    }
  }
  return value;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

}  // namespace

Layer environment_layer(const Process& process) {
  Layer layer{Source::environment, "the environment", {}};
  put_variables(layer, process.variables, "");
  return layer;
}

Layer dotenv_layer(const Process& process) {
  Layer layer{Source::dotenv, ".env", {}};
  const auto file = read_checked(process.folder / ".env", ".env");
  if (!file) return layer;
  put_variables(layer, parse_dotenv(file->text), " in .env");
  if (!layer.entries.empty() && !file->is_private()) {
    throw base::Error(base::Fault::usage,
                      fmt::format(".env in the current folder sets {}, but {}: make it yours alone "
                                  "(chmod 600 .env), or remove the line",
                                  layer.entries.begin()->second.origin, file->exposure()));
  }
  return layer;
}

Variables parse_dotenv(std::string_view text) {
  Variables variables;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = trimmed(line.substr(0, equals));
    if (is_name(name)) variables[std::string(name)] = unquoted(trimmed(line.substr(equals + 1)));
  }
  return variables;
}

}  // namespace csatdb::cli
