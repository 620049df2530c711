#include "cli/commands/commands.hpp"

namespace csatdb::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      init_command(),
      sync_command(),
      reconcile_command(),
      status_command(),
      extract_command(),
      import_command(),
      report_command(),
      publish_command(),
      export_command(),
      search_command(),
      forget_command(),
      subject_command(),
      prune_command(),
      dashboard_command(),
      measures_command(),
      config_command(),
      doctor_command(),
      schema_command(),
      completion_command(),
  };
  return all;
}

}  // namespace csatdb::cli
