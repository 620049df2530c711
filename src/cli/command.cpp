#include "cli/command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/nearest.hpp"

namespace csatdb::cli {

CLI::Option* one_of(CLI::Option* option, std::vector<std::string> words) {
  const std::string listed = fmt::format("{{{}}}", fmt::join(words, ","));
  const auto check = [words = std::move(words), listed](const std::string& word) -> std::string {
    if (std::ranges::find(words, word) != words.end()) return "";
    return fmt::format("'{}' is not one of {}{}", word, listed, did_you_mean(word, words));
  };
  return option->check(CLI::Validator(check, listed, "one_of"));
}

CLI::Option* whole_from(CLI::Option* option, std::int64_t least) {
  const auto check = [least](const std::string& text) -> std::string {
    std::int64_t number = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc() && end == last && number >= least) return "";
    return fmt::format("'{}' is no whole number from {} on", text, least);
  };
  return option->check(CLI::Validator(check, "", "whole_from"));
}

CLI::Option* setting_flag(CLI::App& app, Layer& flags, const std::string& name,
                          std::string_view key, const std::string& help) {
  const auto& setting = *find_setting(key);
  const std::string origin = name.substr(name.rfind(',') + 1);
  return app
      .add_option_function<std::string>(
          name,
          [&flags, &setting, origin](const std::string& text) {
            put(flags, setting, text, origin);
          },
          help.empty() ? std::string(setting.meaning) : help)
      ->type_name(setting.kind == Kind::number ? "NUMBER" : "TEXT");
}

}  // namespace csatdb::cli
