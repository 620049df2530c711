#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "warehouse/logical.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// What the command line says.
struct Asked {
  std::string output;
  bool logical = false;
};

int run_export(Session& session, const Asked& asked) {
  auto& process = session.process();
  if (!asked.logical) throw Error(Fault::usage, "say what to export: --logical");
  const auto& path = session.options().database.value;
  const warehouse::Reader reader(process.resolve(path.string()).string());
  if (asked.output.empty()) {
    warehouse::write_logical(reader, session.out());
    return 0;
  }
  std::ofstream file(process.resolve(asked.output), std::ios::binary);
  if (file) warehouse::write_logical(reader, file);
  file.close();
  if (!file)
    throw Error(Fault::storage, fmt::format("{} could not be written: is the folder there, and is "
                                            "there room on the disk?",
                                            asked.output));
  return 0;
}

}  // namespace

Command export_command() {
  Command command;
  command.name = "export";
  command.group = "Reading";
  command.summary = "Writes the warehouse's content for other programs";
  command.description =
      "--logical is one canonical, sorted text of everything but bookkeeping: two warehouses of\n"
      "equal content give equal bytes, in whatever order the content came.";
  command.examples = {{"csatdb export --logical --output before.txt",
                       "to compare with the same of another day or file"}};
  command.faults = {Fault::storage};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_flag("--logical", asked->logical, "one canonical, sorted text of all content");
    app.add_option("--output", asked->output, "write to this file")->type_name("FILE");
    return [asked](Session& session) { return run_export(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli
