#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/output_file.hpp"
#include "cli/persons.hpp"
#include "cli/privacy.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "report/rows.hpp"
#include "resources/tables.hpp"
#include "warehouse/query.hpp"

namespace csatdb::cli {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::Fault;

/// What the command line says.
struct Asked {
  PersonFlags persons;
  std::string output, wait_lock;
};

std::string json_list(const std::vector<std::string>& ids) {
  json::Writer list;
  list.begin_array();
  for (const auto& id : ids) list.text(id);
  return list.end_array().str();
}

/// A table whose rows belong to conversations or surveys.
struct Owned {
  std::string table, sql;
  std::vector<warehouse::Column> columns;
};

/// The rows of the conversations `:conversations` or surveys `:surveys` in a table, which is led by
/// their id; columns that mean nothing outside the warehouse are left out.
Owned owned(const warehouse::Reader& reader, const std::string& table) {
  const auto all = reader.columns(fmt::format("SELECT * FROM \"{}\"", table));
  const std::string owner = all.front().name == "survey_key" ? "survey" : "conversation";
  std::string columns = fmt::format("o.{0}_id AS {0}_id", owner);
  for (const auto& column : all) {
    const bool is_inner = column.name.ends_with("_key") || column.type == "BLOB" ||
                          column.name == "version" || column.name == owner + "_id";
    if (!is_inner) columns += fmt::format(", t.\"{}\"", column.name);
  }
  const auto sql = fmt::format(
      "SELECT {0} FROM {1}s o JOIN \"{2}\" t USING ({1}_key) WHERE o.{1}_id IN (SELECT value FROM "
      "json_each(:{1}s))",
      columns, owner, table);
  return {table, sql, reader.columns(sql)};
}

std::vector<Owned> owned_tables(const warehouse::Reader& reader) {
  std::vector<Owned> found;
  reader.each(
      "SELECT DISTINCT t.name FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.schema "
      "= 'main' AND t.type = 'table' AND c.name IN ('conversation_key', 'survey_key') ORDER BY 1",
      {}, [&](const std::vector<warehouse::Value>& row) {
        found.push_back(owned(reader, std::get<std::string>(row[0])));
        return true;
      });
  return found;
}

/// Makes the folder, which must hold nothing yet.
fs::path make_folder(Session& session, const std::string& output) {
  const auto path = session.process().resolve(output);
  std::error_code problem;
  if (fs::exists(path, problem) && !fs::is_empty(path, problem))
    throw Error(Fault::usage,
                fmt::format("-o: {} holds other files already: name a new folder", output));
  fs::create_directories(path, problem);
  fs::permissions(path, fs::perms::owner_all, problem);
  if (problem)
    throw Error(Fault::storage, fmt::format("{} cannot be made: {}", output, problem.message()));
  return path;
}

/// The number of files and of rows in them.
std::pair<int, std::int64_t> write_files(Session& session, const fs::path& folder,
                                         warehouse::Selection& selection) {
  const warehouse::Reader reader(session.options().database.value.string());
  const warehouse::Parameters whose{{"conversations", json_list(selection.conversations())},
                                    {"surveys", json_list(selection.surveys())}};
  constexpr auto kMode = fs::perms::owner_read | fs::perms::owner_write;
  int files = 0;
  std::int64_t rows = 0;
  for (const auto& each : owned_tables(reader)) {
    std::int64_t before = rows;
    const auto path = folder / (each.table + ".ndjson");
    write_file(path, kMode, [&](std::ostream& out) {
      report::RowWriter writer(out, report::RowFormat::ndjson, each.columns);
      reader.each(each.sql, whose, [&](const std::vector<warehouse::Value>& values) {
        writer.row(values);
        ++rows;
        return static_cast<bool>(out);
      });
    });
    if (rows > before) {
      ++files;
    } else {
      fs::remove(path);
    }
  }
  return {files, rows};
}

int run_subject(Session& session, const Asked& asked) {
  const auto whose = persons(session, asked.persons);
  warehouse::Warehouse store(existing_warehouse(session, asked.wait_lock, "csatdb subject"));
  use_privacy(session, store, false);
  auto selection = warehouse::select(store, whose, resources::kConversations);
  const auto extent = selection.extent();
  session.out() << fmt::format("The warehouse holds {} of theirs.\n", in_words(extent));
  if (asked.output.empty()) {
    session.out() << "To write them to files, name a folder with -o.\n";
    return 0;
  }
  const auto [files, rows] = write_files(session, make_folder(session, asked.output), selection);
  store.begin();
  for (const auto& person : whose)
    warehouse::audit(store, "subject",
                     fmt::format("{} {}", warehouse::Erased::name(person.kind),
                                 store.erased().hash(person.kind, person.id)),
                     0, session.process().clock.now());
  store.commit();
  session.out() << fmt::format("Wrote {} rows to {} files in {}.\n", rows, files, asked.output);
  return 0;
}

}  // namespace

Command subject_command() {
  Command command;
  command.name = "subject";
  command.group = "Data";
  command.summary = "Writes what is stored of a person to files";
  command.description =
      "Counts first. With -o: one NDJSON file per table, readable by you alone, of all rows of "
      "the\n"
      "conversations and surveys the person took part in; addresses, names and texts as the "
      "privacy\n"
      "profile kept them. Notes the act in sync_audit, by keyed hash.";
  command.examples = {
      {"csatdb subject --address '+49 30 901820'", "counts what is known of a caller"},
      {"csatdb subject --address '+49 30 901820' -o caller", "writes it to a new folder"}};
  command.faults = {Fault::storage, Fault::busy};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    add_person_flags(app, asked->persons);
    app.add_option("-o,--output", asked->output, "new folder for the files")->type_name("DIR");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_subject(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli
