#include "cli/config_file.hpp"

#include <fmt/format.h>

#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <toml++/toml.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/nearest.hpp"
#include "cli/private_file.hpp"

namespace csatdb::cli {
namespace fs = std::filesystem;
namespace {

/// The keys of a `[[measures]]` table.
const std::vector<std::string> kMeasureKeys{"name",     "form_context_id", "question_context_id",
                                            "question", "positive",        "scale"};
const std::vector<std::string> kMeasureNames{"csat", "ces", "fcr"};

std::string place(const std::string& file, const toml::source_region& source) {
  return fmt::format("{}:{}:{}", file, source.begin.line, source.begin.column);
}

[[noreturn]] void refuse(const std::string& where, const std::string& problem) {
  throw base::Error(base::Fault::usage, fmt::format("{}: {}", where, problem));
}

/// Reads the nodes of one file, naming it in every complaint.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  std::string at(const toml::node& node) const { return place(file_, node.source()); }
  std::string at(const toml::key& key) const { return place(file_, key.source()); }

  std::string text(const toml::node& node, std::string_view key) const {
    if (const auto value = node.value_exact<std::string>()) return *value;
    refuse(at(node), fmt::format("'{}' must be a text in quotes", key));
  }

  std::string number(const toml::node& node, std::string_view key) const {
    if (const auto value = node.value_exact<std::int64_t>()) return fmt::format("{}", *value);
    if (const auto value = node.value_exact<double>()) return fmt::format("{}", *value);
    refuse(at(node), fmt::format("'{}' must be a number", key));
  }

  std::vector<std::string> list(const toml::node& node, std::string_view key) const {
    const auto* array = node.as_array();
    if (array == nullptr) return {text(node, key)};
    std::vector<std::string> items;
    for (const auto& item : *array) items.push_back(text(item, key));
    return items;
  }

  /// The settings of one table over those already in the layer; `other` takes what is no setting.
  template <class Other>
  void settings_of(const toml::table& table, Layer& layer, Other other) const {
    supersede(table, layer);
    for (const auto& [key, node] : table) {
      const auto* setting = find_setting(key.str());
      if (setting == nullptr) {
        other(key, node);
        continue;
      }
      Entry entry{{}, at(key)};
      if (setting->kind == Kind::list) {
        entry.items = list(node, key.str());
      } else {
        entry.items = {setting->kind == Kind::number ? number(node, key.str())
                                                     : text(node, key.str())};
      }
      if (setting->key == "client_secret") base::log::redact(entry.items.front());
      layer.entries.insert_or_assign(std::string(key.str()), std::move(entry));
    }
  }

  std::vector<Measure> measures(const toml::node& node) const {
    const auto* array = node.as_array();
    if (array == nullptr) refuse(at(node), "measures are tables: write [[measures]]");
    std::vector<Measure> all;
    for (const auto& item : *array) {
      if (!item.is_table()) refuse(at(item), "measures are tables: write [[measures]]");
      all.push_back(measure(*item.as_table()));
    }
    return all;
  }

  [[noreturn]] void unknown(const toml::key& key, std::vector<std::string> known) const {
    refuse(at(key), fmt::format("unknown key '{}'{}", key.str(), did_you_mean(key.str(), known)));
  }

 private:
  /// Two ways of saying one thing: what a profile says leaves nothing of the other way from the
  /// top.
  static void supersede(const toml::table& table, Layer& layer) {
    const auto replace = [&](std::initializer_list<std::string_view> keys) {
      if (std::ranges::none_of(keys, [&](auto key) { return table.contains(key); })) return;
      for (const auto key : keys) layer.entries.erase(std::string(key));
    };
    replace({"region", "base_url"});
    replace({"client_secret", "secret_file", "secret_command"});
  }

  Measure measure(const toml::table& table) const {
    Measure found;
    found.origin = place(file_, table.source());
    for (const auto& [key, node] : table) {
      const auto name = key.str();
      if (name == "name")
        found.name = text(node, name);
      else if (name == "form_context_id")
        found.form_context_id = text(node, name);
      else if (name == "question_context_id")
        found.question_context_id = text(node, name);
      else if (name == "question")
        found.question = text(node, name);
      else if (name == "positive")
        found.positive = positive(node);
      else if (name == "scale")
        found.scale = text(node, name);
      else
        unknown(key, kMeasureKeys);
    }
    if (std::ranges::find(kMeasureNames, found.name) == kMeasureNames.end()) {
      refuse(found.origin, fmt::format("a measure's name is csat, ces or fcr, not '{}'{}",
                                       found.name, did_you_mean(found.name, kMeasureNames)));
    }
    if (found.question_context_id.empty() && found.question.empty())
      refuse(found.origin,
             "a measure needs a question_context_id, or the question's text; "
             "`csatdb measures` lists them");
    return found;
  }

  /// Option values may be written as numbers.
  std::vector<std::string> positive(const toml::node& node) const {
    const auto* array = node.as_array();
    if (array == nullptr) refuse(at(node), "'positive' is a list: write [\"Very satisfied\", 4]");
    std::vector<std::string> items;
    for (const auto& item : *array)
      items.push_back(item.is_number() ? number(item, "positive") : text(item, "positive"));
    return items;
  }

  std::string file_;
};

toml::table parse(std::string_view text, const std::string& shown) {
  try {
    return toml::parse(text, shown);
  } catch (const toml::parse_error& error) {
    refuse(place(shown, error.source()), std::string(error.description()));
  }
}

std::vector<std::string> known_keys() {
  std::vector<std::string> keys{"measures", "profiles"};
  for (const auto& setting : settings()) keys.emplace_back(setting.key);
  return keys;
}

void check_exposure(const CheckedFile& file, const Layer& layer) {
  if (file.foreign || file.writable) {
    refuse(layer.name, fmt::format("{}, so it could choose where secrets go: make it yours alone "
                                   "(chmod 600)",
                                   file.exposure()));
  }
  if (layer.has("client_secret") && file.readable) {
    refuse(layer.name,
           "it holds a client_secret and others can read it: chmod 600 it, and renew the secret");
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// What a profile of the official CLI says, in csatdb's words.
void put_gc_profile(const toml::table& table, std::string_view profile, Layer& layer) {
  const auto text = [&](std::string_view key) { return table[key].value_or(std::string{}); };
  // Its grants are numbered; "1" and, in files from before there were others, none at all are
  // client credentials.
  const std::string grant = text("grant_type");
  if (!grant.empty() && grant != "1") return;
  const auto take = [&](std::string_view theirs, std::string_view ours) {
    const std::string value = text(theirs);
    if (value.empty()) return;
    if (ours == "client_secret") base::log::redact(value);
    put(layer, *find_setting(ours), value,
        fmt::format("{} of [{}] in {}", theirs, profile, layer.name));
  };
  if (text("client_credentials").empty() || text("client_secret").empty()) return;
  take("client_credentials", "client_id");
  take("client_secret", "client_secret");
  // It accepts "localhost:PORT" where a domain is expected.
  const std::string environment = text("environment");
  const bool local = environment == "localhost" || environment.starts_with("localhost:");
  if (local) {
    put(layer, *find_setting("base_url"), "http://" + environment,
        fmt::format("environment of [{}] in {}", profile, layer.name));
  } else {
    take("environment", "region");
  }
}

}  // namespace

std::optional<fs::path> default_config_path(const Process& process) {
  if (const auto folder = process.variable("XDG_CONFIG_HOME"); folder && folder->front() == '/')
    return fs::path(*folder) / "csatdb" / "config.toml";
  if (const auto home = process.home()) return *home / ".config" / "csatdb" / "config.toml";
  return std::nullopt;
}

ConfigFile read_config(const Process& process, const std::optional<std::string>& path,
                       const std::optional<std::string>& profile) {
  ConfigFile config;
  if (const auto usual = default_config_path(process); path || usual)
    config.path = path ? process.resolve(*path) : *usual;
  if (config.path.empty()) return config;
  config.layer.name = process.shown(config.path);
  const auto file = read_checked(config.path, config.layer.name);
  if (!file) {
    if (path) refuse(config.layer.name, "there is no such file; `csatdb init` writes one");
    return config;
  }

  config.is_there = true;
  const auto root = parse(file->text, config.layer.name);
  const Reader reader(config.layer.name);
  const toml::table none;
  const toml::table* profiles = &none;
  reader.settings_of(root, config.layer, [&](const toml::key& key, const toml::node& node) {
    if (key.str() == "measures") {
      config.measures = reader.measures(node);
    } else if (key.str() == "profiles" && node.is_table()) {
      profiles = node.as_table();
    } else {
      reader.unknown(key, known_keys());
    }
  });
  // Every profile is read, so that a typing error in one shows before the day it is needed.
  for (const auto& [name, node] : *profiles) {
    if (!node.is_table()) refuse(reader.at(node), "a profile is a table: write [profiles.NAME]");
    config.profiles.emplace_back(name.str());
    const bool chosen = profile && *profile == name.str();
    Layer ignored{Source::file, config.layer.name, {}};
    auto& layer = chosen ? config.layer : ignored;
    reader.settings_of(*node.as_table(), layer, [&](const toml::key& key, const toml::node& inner) {
      if (key.str() != "measures") reader.unknown(key, known_keys());
      auto measures = reader.measures(inner);
      if (chosen) config.measures = std::move(measures);
    });
    config.has_profile |= chosen;
    if (ignored.has("client_secret")) check_exposure(*file, ignored);
  }
  check_exposure(*file, config.layer);
  return config;
}

GcFile read_gc(const Process& process, const std::optional<std::string>& profile) {
  GcFile gc;
  const auto home = process.home();
  if (!home) return gc;
  const auto path = *home / ".gc" / "config.toml";
  gc.layer.name = process.shown(path);
  try {
    const auto file = read_checked(path, gc.layer.name);
    if (!file) return gc;
    const auto root = parse(file->text, gc.layer.name);
    const std::string wanted = lower(profile.value_or("default"));
    for (const auto& [name, node] : root) {
      if (!node.is_table()) continue;
      gc.profiles.emplace_back(name.str());
      if (lower(name.str()) != wanted) continue;
      gc.has_profile = true;
      put_gc_profile(*node.as_table(), name.str(), gc.layer);
    }
    if (gc.layer.has("client_secret") && !file->is_private())
      gc.warning =
          fmt::format("{} holds a secret, and {}: chmod 600 it", gc.layer.name, file->exposure());
  } catch (const base::Error& error) {
    gc.warning = fmt::format("passed over: {}", error.what());
  }
  return gc;
}

}  // namespace csatdb::cli
