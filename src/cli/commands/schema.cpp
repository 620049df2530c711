#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/dictionary.hpp"
#include "cli/nearest.hpp"
#include "embed/sql_files.hpp"

namespace csatdb::cli {
namespace {

struct SchemaFlags {
  std::vector<std::string> names;
  std::string format = "markdown";
  bool migrations = false;
};

std::vector<std::string> relation_names() {
  std::vector<std::string> names;
  for (auto& relation : dictionary()) names.push_back(std::move(relation.name));
  return names;
}

/// The relations asked for, in the order asked; all if none was named.
std::vector<Relation> chosen(const std::vector<std::string>& names) {
  auto all = dictionary();
  if (names.empty()) return all;
  std::vector<Relation> some;
  for (const auto& name : names) {
    const auto at = std::ranges::find(all, name, &Relation::name);
    if (at == all.end()) {
      throw base::Error(base::Fault::usage,
                        fmt::format("there is no table or view '{}'{}: `csatdb schema` lists all",
                                    name, did_you_mean(name, relation_names())));
    }
    some.push_back(*at);
  }
  return some;
}

std::string sql_of(std::string_view folder) {
  std::string text;
  for (const auto& file : embed::sql_files(folder)) {
    if (!text.empty()) text += "\n";
    text += fmt::format("-- {}\n{}", file.path, file.text);
  }
  return text;
}

int run_schema(Session& session, const SchemaFlags& flags) {
  if (flags.migrations) {
    session.out() << sql_of("migrations");
  } else if (flags.format == "sql") {
    if (!flags.names.empty())
      throw base::Error(base::Fault::usage,
                        "--format sql prints the whole schema: leave the names out");
    session.out() << sql_of("schema");
  } else {
    const auto relations = chosen(flags.names);
    session.out() << (flags.format == "json" ? dictionary_json(relations)
                                             : dictionary_markdown(relations));
  }
  return 0;
}

}  // namespace

Command schema_command() {
  Command command;
  command.name = "schema";
  command.group = "Setup";
  command.summary = "Prints the data dictionary, or the SQL, of the warehouse";
  command.description =
      "Every table, view and column with its meaning, as this version of csatdb writes them.";
  command.examples = {{"csatdb schema", "the data dictionary, as Markdown"},
                      {"csatdb schema fact_surveys --format json", "one view, for a program"},
                      {"csatdb schema --format sql", "the whole schema"},
                      {"csatdb schema --migrations", "the steps that lead to it"}};
  command.words = {{"NAME", [](Session&) { return relation_names(); }}};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto flags = std::make_shared<SchemaFlags>();
    app.add_option("NAME", flags->names, "tables and views; all if none is named");
    one_of(app.add_option("--format", flags->format, "form of the output"),
           {"markdown", "json", "sql"});
    app.add_flag("--migrations", flags->migrations, "the migrations instead");
    return [flags](Session& session) { return run_schema(session, *flags); };
  };
  return command;
}

}  // namespace csatdb::cli
