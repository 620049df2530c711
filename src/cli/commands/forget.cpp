#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/persons.hpp"
#include "cli/privacy.hpp"
#include "cli/writing.hpp"
#include "resources/tables.hpp"

namespace csatdb::cli {
namespace {

using base::Fault;

/// What the command line says.
struct Asked {
  PersonFlags persons;
  std::string wait_lock;
  bool yes = false;
};

int run_forget(Session& session, const Asked& asked) {
  const auto whose = persons(session, asked.persons);
  warehouse::Warehouse store(existing_warehouse(session, asked.wait_lock, "csatdb forget"));
  use_privacy(session, store, false);
  auto selection = warehouse::select(store, whose, resources::kConversations);
  session.out() << fmt::format("The warehouse holds {} of theirs.\n", in_words(selection.extent()))
                << std::flush;
  if (!is_confirmed(session, asked.yes)) return 0;
  warehouse::forget(store, selection, whose, session.process().clock.now());
  warehouse::compact(store);
  session.out() << "Erased, and refused from now on. Snapshots, exports and backups made before "
                   "still hold them.\n";
  return 0;
}

}  // namespace

Command forget_command() {
  Command command;
  command.name = "forget";
  command.group = "Data";
  command.summary = "Erases a person's conversations and surveys for good";
  command.description =
      "Counts first. With --yes, or confirmed on a terminal: deletes the rows and all that was\n"
      "derived from them, rewrites the file so that no byte of them is left (this needs twice the\n"
      "file's size in free disk), and keeps them from ever being stored again: the conversations\n"
      "and surveys found, and whatever else the contact or address took part in until now. Notes\n"
      "the act in sync_audit, by keyed hash. Publish again to erase there, too.";
  command.examples = {
      {"csatdb forget --address '+49 30 901820'", "counts what is known of a caller"},
      {"csatdb forget --address '+49 30 901820' --yes", "erases it"},
      {"csatdb forget --contact 5e9b2a4c-7d13-4f86-a0c2-91d84be3f657 --yes",
       "erases what a customer's record in external contacts took part in"}};
  command.faults = {Fault::storage, Fault::busy, Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    add_person_flags(app, asked->persons);
    app.add_flag("--yes", asked->yes, "erase without asking");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_forget(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli
