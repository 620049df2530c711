#include "cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "cli/nearest.hpp"
#include "cli/variables.hpp"

namespace csatdb::cli {
namespace {

/// The origin of a value that no layer set; Chosen::is_default looks for it.
constexpr auto kDefault = "default";

[[noreturn]] void refuse(const Entry& entry, std::string_view key, const std::string& problem) {
  throw base::Error(base::Fault::usage, fmt::format("{} ({}): {}", key, entry.origin, problem));
}

/// The strongest entry of a setting; its default if no layer has one.
Entry winner(const std::vector<Layer>& layers, std::string_view key) {
  for (const auto& layer : layers) {
    if (const auto* entry = layer.find(key)) return *entry;
  }
  const auto& setting = *find_setting(key);
  if (setting.kind == Kind::list) return {split_list(setting.fallback), kDefault};
  return {{std::string(setting.fallback)}, kDefault};
}

/// Turns the winner of a setting into its value.
class Values {
 public:
  explicit Values(const std::vector<Layer>& layers) : layers_(layers) {}

  template <class T, class Parse>
  Chosen<T> one(std::string_view key, Parse parse) const {
    const Entry entry = winner(layers_, key);
    if (entry.origin != kDefault && entry.items.front().empty()) refuse(entry, key, "it is empty");
    return {parse(entry.items.front(), entry), entry.origin};
  }

  Chosen<std::vector<std::string>> list(std::string_view key) const {
    Entry entry = winner(layers_, key);
    return {std::move(entry.items), std::move(entry.origin)};
  }

  Chosen<double> number(std::string_view key, double least, double most) const {
    return one<double>(key, [&](const std::string& text, const Entry& entry) {
      double value = 0;
      const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        refuse(entry, key, fmt::format("'{}' is not a number", text));
      if (value < least || value > most)
        refuse(entry, key, fmt::format("{} is not between {} and {}", text, least, most));
      return value;
    });
  }

  Chosen<std::optional<base::Millis>> duration(std::string_view key) const {
    using Result = std::optional<base::Millis>;
    return one<Result>(key, [&](const std::string& text, const Entry& entry) -> Result {
      if (text.empty()) return std::nullopt;
      const auto value = base::parse_duration(text);
      if (!value || *value <= base::Millis{0})
        refuse(entry, key,
               fmt::format("'{}' is no length of time: write 15m, 26h, 90d or 2y", text));
      return value;
    });
  }

 private:
  const std::vector<Layer>& layers_;
};

std::string privacy_of(const std::string& text, const Entry& entry) {
  static const std::vector<std::string> kProfiles{"standard", "strict", "none"};
  if (std::ranges::find(kProfiles, text) == kProfiles.end()) {
    refuse(
        entry, "privacy",
        fmt::format("'{}' is not standard, strict or none{}", text, did_you_mean(text, kProfiles)));
  }
  return text;
}

std::optional<std::string> zone_of(const std::string& text, const Entry& entry) try {
  if (text.empty()) return std::nullopt;
  return base::Zone(text).name();
} catch (const base::Error& error) {
  refuse(entry, "timezone", error.what());
}

void check_profile(const std::string& name, const ConfigFile& file, const GcFile& gc) {
  if (file.has_profile || gc.has_profile) return;
  auto known = file.profiles;
  known.insert(known.end(), gc.profiles.begin(), gc.profiles.end());
  throw base::Error(base::Fault::usage,
                    fmt::format("there is no profile '{}'{}: write [profiles.{}] into {}", name,
                                did_you_mean(name, known), name, file.layer.name));
}

}  // namespace

Since parse_since(const std::string& text, const std::string& origin) {
  if (const auto ago = base::parse_duration(text); ago && *ago > base::Millis{0}) return {ago, ""};
  if (base::parse_day(text)) return {std::nullopt, text};
  refuse({{text}, origin}, "since",
         fmt::format("'{}' is neither an age such as 90d nor a date such as 2026-01-31", text));
}

Options read_options(const Process& process, const Globals& globals, Layer flags) {
  ConfigFile file = read_config(process, globals.config, globals.profile);
  Options options;
  options.layers = {std::move(flags), environment_layer(process), dotenv_layer(process),
                    file.layer};
  // The official CLI's file says nothing but who and where, and is asked only if nobody else does.
  const bool settled = std::ranges::any_of(options.layers, speaks_of_identity);
  GcFile gc;
  if (!settled || (globals.profile && !file.has_profile)) gc = read_gc(process, globals.profile);
  if (globals.profile) check_profile(*globals.profile, file, gc);
  options.layers.push_back(std::move(gc.layer));

  const Values values(options.layers);
  options.database = values.one<std::filesystem::path>(
      "database", [&](const std::string& text, const Entry&) { return process.resolve(text); });
  options.timezone = values.one<std::optional<std::string>>("timezone", zone_of);
  options.privacy = values.one<std::string>("privacy", privacy_of);
  options.privacy_key_file = values.one<std::filesystem::path>(
      "privacy_key_file", [&](const std::string& text, const Entry&) {
        return text.empty() ? std::filesystem::path() : process.resolve(text);
      });
  options.retention = values.duration("retention");
  options.since = values.one<Since>("since", [](const std::string& text, const Entry& entry) {
    return parse_since(text, entry.origin);
  });
  const auto horizon = values.duration("horizon");
  options.horizon = {*horizon.value, horizon.origin};
  options.attributes = values.list("attributes");
  options.only = values.list("only");
  // Less than a hundredth of the limit would take days for a day; more than all of it earns a 429.
  options.budget = values.number("budget", 0.01, 1);
  options.rate = values.number("rate", 0, 1e9);
  // More connections than this no service of one organisation welcomes.
  const auto parallel = values.number("parallel", 1, 64);
  options.parallel = {static_cast<int>(parallel.value), parallel.origin};
  options.measures = std::move(file.measures);
  options.has_file = file.is_there;
  if (!gc.warning.empty()) options.warnings.push_back(std::move(gc.warning));
  return options;
}

std::vector<std::string> profile_names(const Process& process, const Globals& globals) {
  auto names = read_config(process, globals.config, std::nullopt).profiles;
  for (auto& name : read_gc(process, std::nullopt).profiles) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace csatdb::cli
