#include "cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"

namespace csatdb::cli {

Command completion_command() {
  Command command;
  command.name = "completion";
  command.group = "Setup";
  command.summary = "Prints the function that completes csatdb's commands in a shell";
  command.description =
      "The packages install it; from a build, load it as below. It completes commands, options,\n"
      "and values such as reports, resources, profiles and queues.";
  command.examples = {
      {"csatdb completion bash", "for bash: add  source <(csatdb completion bash)  to ~/.bashrc"},
      {"csatdb completion zsh", "for zsh: save it as _csatdb in a folder of $fpath"},
      {"csatdb completion fish", "for fish: save it as ~/.config/fish/completions/csatdb.fish"},
  };
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto shell = std::make_shared<std::string>();
    one_of(app.add_option("SHELL", *shell, "bash, zsh or fish"), {"bash", "zsh", "fish"})
        ->required();
    return [shell](Session& session) {
      session.out() << completion_script(*shell);
      return 0;
    };
  };
  return command;
}

}  // namespace csatdb::cli
