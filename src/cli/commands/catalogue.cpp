#include "cli/commands/commands.hpp"

namespace csatdb::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      config_command(),
      schema_command(),
      completion_command(),
  };
  return all;
}

}  // namespace csatdb::cli
