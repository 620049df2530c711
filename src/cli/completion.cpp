#include "cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <ostream>

#include "cli/command_line.hpp"

namespace csatdb::cli {
namespace {

/// Where the words before the one to complete have led.
struct Place {
  const CLI::App* app;
  const CLI::Option* awaited = nullptr;  ///< the option whose value comes next
  std::size_t positionals = 0;           ///< words so far that are neither options nor commands
  Globals globals;
  Layer flags{Source::flag, "the command line", {}};
};

const CLI::Option* find_option(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    if (const auto* option = app->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  const auto found =
      app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// The global options decide which profiles, queues and so on there are to offer.
void note_value(Place& place, const CLI::Option& option, const std::string& value) {
  if (option.check_name("--profile")) place.globals.profile = value;
  if (option.check_name("--config")) place.globals.config = value;
  if (option.check_name("--db")) put(place.flags, *find_setting("database"), value, "--db");
}

void step(Place& place, const std::string& word) {
  if (place.awaited != nullptr) {
    note_value(place, *place.awaited, word);
    place.awaited = nullptr;
  } else if (word.starts_with('-')) {
    const auto equals = word.find('=');
    const auto* option = find_option(place.app, word.substr(0, equals));
    if (option == nullptr || !takes_value(*option)) return;
    if (equals == std::string::npos)
      place.awaited = option;
    else
      note_value(place, *option, word.substr(equals + 1));
  } else if (const auto* below = find_command(*place.app, word)) {
    place.app = below;
    place.positionals = 0;
  } else {
    ++place.positionals;
  }
}

std::vector<std::string> option_words(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const auto* option : app->get_options()) {
      if (option->get_group().empty()) continue;
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> command_words(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!below->get_group().empty()) names.push_back(below->get_name());
  }
  return names;
}

const CLI::Option* positional(const CLI::App& app, std::size_t index) {
  for (const auto* option : app.get_options()) {
    if (!option->get_positional()) continue;
    if (index == 0 || option->get_items_expected_max() > 1) return option;
    --index;
  }
  return nullptr;
}

std::vector<std::string> candidates(const CommandLine& line, Place& place, const std::string& word,
                                    Process& process) {
  Session session(process, place.globals, place.flags);
  if (place.awaited != nullptr) return line.words(*place.awaited, session);
  if (word.starts_with('-')) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) return option_words(place.app);
    const auto* option = find_option(place.app, word.substr(0, equals));
    if (option == nullptr) return {};
    auto words = line.words(*option, session);
    for (auto& value : words) value = word.substr(0, equals + 1) + value;
    return words;
  }
  auto words = command_words(*place.app);
  if (const auto* option = positional(*place.app, place.positionals)) {
    for (auto& value : line.words(*option, session)) words.push_back(std::move(value));
  }
  return words;
}

}  // namespace

void complete(std::vector<std::string> words, Process& process) {
  try {
    if (!words.empty() && words.front() == "--") words.erase(words.begin());
    const std::string last = words.empty() ? "" : words.back();
    if (!words.empty()) words.pop_back();
    const CommandLine line;
    Place place{&line.app(), nullptr, 0, {}, {Source::flag, "the command line", {}}};
    for (const auto& word : words) step(place, word);
    auto found = candidates(line, place, last, process);
    std::erase_if(found, [&](const std::string& word) { return !word.starts_with(last); });
    for (const auto& word : found) process.out << word << '\n';
  } catch (const std::exception&) {
    // A key press in the middle of a broken line or configuration must not print errors into it.
    return;
  }
}

std::string completion_script(const std::string& shell) {
  // The word under the cursor is handed over without its quotes, also when it is empty.
  if (shell == "zsh") {
    return R"sh(#compdef csatdb
local -a found
found=(${(f)"$(csatdb __complete -- "${(@)words[2,CURRENT-1]}" "${${(Q)words[CURRENT]}#[\"\']}" 2>/dev/null)"})
if (( ${#found} )); then compadd -- $found; else _files; fi
)sh";
  }
  if (shell == "fish") {
    return R"sh(function __csatdb_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l found (csatdb __complete -- $words (string unescape -- (commandline -ct)) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c csatdb -f -a '(__csatdb_complete)'
)sh";
  }
  // Bash splits --queue=NAME into three words, and inserts what it is given unquoted.
  return R"sh(_csatdb() {
  local typed=${COMP_WORDS[COMP_CWORD]} word
  local -a before=() found=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [ "$word" = = ] || before+=("$word"); done
  [ "$typed" = = ] && typed=
  word=${typed//\\/}
  COMPREPLY=()
  mapfile -t found < <(csatdb __complete -- "${before[@]}" "${word#[\"\']}" 2>/dev/null)
  for word in "${found[@]}"; do
    case $typed in
      [\"\']*) COMPREPLY+=("$word") ;;
      *) COMPREPLY+=("$(printf %q "$word")") ;;
    esac
  done
}
complete -o default -F _csatdb csatdb
)sh";
}

}  // namespace csatdb::cli
