#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/persons.hpp"
#include "cli/privacy.hpp"
#include "cli/writing.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// What the command line says.
struct Asked {
  std::string older_than, wait_lock;
  bool yes = false;
};

int run_prune(Session& session, const Asked& asked) {
  const auto age = base::parse_duration(asked.older_than);
  if (!age || *age <= base::Millis{0})
    throw Error(Fault::usage,
                fmt::format("--older-than: '{}' is no age: write 2y or 400d", asked.older_than));
  const auto now = session.process().clock.now();
  const auto floor = warehouse::floor_of(*age, now);
  const auto date = base::to_date(base::day_of(floor));
  warehouse::Warehouse store(existing_warehouse(session, asked.wait_lock, "csatdb prune"));
  use_privacy(session, store, false);
  warehouse::Selection selection(store.database());
  selection.add_before(floor);
  session.out() << fmt::format("The warehouse holds {} from before {} (UTC).\n",
                               in_words(selection.extent()), date)
                << std::flush;
  if (!is_confirmed(session, asked.yes)) return 0;
  warehouse::prune(store, floor, now);
  if (warehouse::compaction_due(store)) warehouse::compact(store);
  session.out() << fmt::format("Nothing from before {} is stored any more, or again.\n", date);
  return 0;
}

}  // namespace

Command prune_command() {
  Command command;
  command.name = "prune";
  command.group = "Data";
  command.summary = "Erases conversations and surveys past an age for good";
  command.description =
      "Counts first. With --yes, or confirmed on a terminal: deletes what began before the first\n"
      "UTC day kept, rewrites the file without it (this needs twice the file's size in free "
      "disk),\n"
      "and never stores it again, even if --since asks for it. The setting `retention` does the\n"
      "same at the end of each sync.";
  command.examples = {{"csatdb prune --older-than 2y", "counts what is older than two years"},
                      {"csatdb prune --older-than 2y --yes", "erases it"}};
  command.faults = {Fault::storage, Fault::busy, Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("--older-than", asked->older_than, "age past which all is erased, e.g. 2y")
        ->type_name("AGE")
        ->required();
    app.add_flag("--yes", asked->yes, "erase without asking");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_prune(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli
