#include "report/dashboard.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/output_file.hpp"
#include "cli/report_options.hpp"

namespace csatdb::cli {
namespace {

/// What the command line says.
struct Asked {
  std::string file;
  ReportOptions options;
  report::Audience audience;
};

// An agent is none of them: a page about one person is no overview.
const std::vector<std::string> kOptions = {"from", "to",      "queue",   "team",  "division",
                                           "form", "channel", "settled", "min_n", "immature"};

constexpr auto kForColleagues = static_cast<std::filesystem::perms>(0640);
constexpr auto kForOne = static_cast<std::filesystem::perms>(0600);  // it names or quotes persons

int run_dashboard(Session& session, const Asked& asked) {
  const auto& path = session.options().database.value;
  const warehouse::Reader reader(session.process().resolve(path.string()).string());
  const auto page = report::dashboard(reader, bound(asked.options, reader), asked.audience);
  const bool is_personal = asked.audience.agents || asked.audience.verbatims;
  if (is_stdout(asked.file)) {
    session.out() << page;
    return 0;
  }
  write_file(session.process().resolve(asked.file), is_personal ? kForOne : kForColleagues,
             [&](std::ostream& out) { out << page; });
  session.out() << fmt::format("{}: {} KB, opens in any browser, needs no network\n", asked.file,
                               (page.size() + 1023) / 1024);
  return 0;
}

}  // namespace

Command dashboard_command() {
  Command command;
  command.name = "dashboard";
  command.group = "Reading";
  command.summary = "Writes one HTML page of charts from the reports";
  command.description =
      "The page needs nothing but itself: it opens offline, prints, and loads nothing. Its "
      "numbers\n"
      "are those of the reports. Names of agents and texts of customers stand in it only where\n"
      "asked for; it is then readable by you alone, otherwise by your group, too.";
  command.examples = {
      {"csatdb dashboard -o dashboard.html", "the last 28 complete days"},
      {"csatdb dashboard -o q3.html --from 2026-Q3 --queue Billing", "a queue's quarter"},
      {"csatdb dashboard -o team.html --agents --verbatims", "for those who coach the agents"}};
  command.faults = {base::Fault::storage};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("-o,--output", asked->file, "the file to write; replaced in one step; -: stdout")
        ->type_name("FILE")
        ->required();
    app.add_flag("--agents", asked->audience.agents, "names of agents with their scores");
    app.add_flag("--verbatims", asked->audience.verbatims, "the newest texts of customers");
    add_report_options(app, asked->options, kOptions);
    return [asked](Session& session) { return run_dashboard(session, *asked); };
  };
  command.words = report_words(kOptions);
  return command;
}

}  // namespace csatdb::cli
