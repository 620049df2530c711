#include "cli/draft.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "cli/private_file.hpp"
#include "cli/setting.hpp"

namespace csatdb::cli {
namespace {

/// A setting's lines: live if it has a value.
std::string setting_lines(const Setting& setting, const Draft& draft) {
  const auto at = draft.values.find(std::string(setting.key));
  const bool live = at != draft.values.end() && !at->second.empty();
  std::string value = live ? at->second : std::string(setting.fallback);
  if (setting.kind == Kind::text) value = toml_string(value);
  if (setting.kind == Kind::list) value = "[]";
  return fmt::format("# {}\n{}{} = {}\n", setting.meaning, live ? "" : "# ", setting.key, value);
}

bool is_alternative(std::string_view key) {
  return key == "region" || key == "base_url" || key == "client_secret" ||
         key.starts_with("secret_");
}

/// What a comment can hold: one line.
std::string one_line(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
  }
  return text;
}

std::string commented(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    out += "# " + text.substr(at, end - at + 1);
    at = end + 1;
  }
  return out;
}

}  // namespace

std::string text_of(const Draft& draft) {
  std::string text;
  std::string prefix;
  if (draft.append)
    text += "\n";
  else
    text += "# csatdb's configuration. `csatdb config show` tells what counts, and why.\n\n";
  if (draft.profile) {
    prefix = fmt::format("profiles.{}.", toml_string(*draft.profile));
    text += fmt::format("[profiles.{}]\n", toml_string(*draft.profile));
  }
  for (const auto& setting : settings()) {
    if (!is_alternative(setting.key) || draft.values.contains(std::string(setting.key)))
      text += setting_lines(setting, draft);
  }
  if (!draft.measures.empty() && !draft.map_measures)
    text += "\n# What the forms' questions seem to measure. Take the # away where it is right.\n";
  for (const auto& [question, measure] : draft.measures) {
    const auto table = measure_toml(measure, fmt::format("[[{}measures]]", prefix));
    text += fmt::format("\n# {}: {}\n", one_line(question.form_name), one_line(question.text));
    text += draft.map_measures ? table : commented(table);
  }
  return text;
}

void write(const Draft& draft) {
  std::string text;
  if (draft.append) {
    if (const auto before = read_checked(draft.path, draft.shown)) text = before->text;
  }
  text += text_of(draft);
  std::error_code problem;
  std::filesystem::create_directories(draft.path.parent_path(), problem);
  const auto fresh = draft.path.string() + ".new";
  unlink(fresh.c_str());
  if (!write_private(fresh, text) || rename(fresh.c_str(), draft.path.c_str()) != 0) {
    const int error = errno;
    unlink(fresh.c_str());
    throw base::Error(base::Fault::storage,
                      fmt::format("{} cannot be written ({}): make some space there, or name "
                                  "another file with --config",
                                  draft.shown, std::strerror(error)));
  }
}

}  // namespace csatdb::cli
