#pragma once

#include "cli/command.hpp"

namespace csatdb::cli {

// One function a file of this folder.
Command completion_command();
Command config_command();
Command dashboard_command();
Command export_command();
Command measures_command();
Command doctor_command();
Command reconcile_command();
Command publish_command();
Command report_command();
Command forget_command();
Command extract_command();
Command import_command();
Command init_command();
Command prune_command();
Command schema_command();
Command status_command();
Command search_command();
Command subject_command();
Command sync_command();

}  // namespace csatdb::cli
