#include "report/search.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/report_options.hpp"
#include "cli/report_output.hpp"

namespace csatdb::cli {
namespace {

/// What the command line says.
struct Asked {
  std::vector<std::string> words;
  ReportOptions options;
  ReportOutput output;
};

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const auto& parameter : report::search_report().parameters) names.push_back(parameter.name);
  return names;
}

int run_search(Session& session, const Asked& asked) {
  const auto& path = session.options().database.value;
  const warehouse::Reader reader(session.process().resolve(path.string()).string());
  auto parameters = bound(asked.options, report::search_report(), reader);
  parameters["words"] = fmt::format("{}", fmt::join(asked.words, " "));
  const auto format = format_of(asked.output, session.process());
  const bool is_excerpt = format == report::Format::table || format == report::Format::markdown;
  print(session, asked.output, report::search(reader, std::move(parameters), is_excerpt));
  return 0;
}

}  // namespace

Command search_command() {
  Command command;
  command.name = "search";
  command.group = "Reading";
  command.summary = "Full text over comments";
  command.description =
      "Finds the surveys whose comments have all the words, best match first. Case and accents do\n"
      "not count. \"two words\" in double quotes must stand in a row, refund* finds refunds too;\n"
      "OR, NOT, NEAR(late refund) and parentheses as in SQLite's FTS5. Without --format: a table "
      "on\n"
      "a terminal, with the matches in « »; CSV elsewhere.";
  command.examples = {{"csatdb search refund", "everything about a refund"},
                      {"csatdb search 'refund* NOT thanks' --from last-month --queue Billing",
                       "what one queue's customers wrote last month"},
                      {"csatdb search '\"called back\" OR callback' --limit 500 --format ndjson",
                       "a phrase or a word, for a program"}};
  command.faults = {base::Fault::storage};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("WORDS", asked->words, "what to look for")->required();
    add_report_options(app, asked->options, option_names());
    add_output_options(app, asked->output, {"table", "csv", "json", "ndjson", "markdown"});
    return [asked](Session& session) { return run_search(session, *asked); };
  };
  command.words = report_words(option_names());
  return command;
}

}  // namespace csatdb::cli
