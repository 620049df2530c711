#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/draft.hpp"
#include "cli/form_questions.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "report/text.hpp"

namespace csatdb::cli {
namespace {

struct Asked {
  bool as_json = false, apply = false;
  std::string wait_lock;
};

/// A text of the service in one harmless line.
std::string shown(const std::string& text) {
  return text.empty() ? "-" : report::printable(text, report::Lines::mark);
}

std::string options_of(const Question& question) {
  if (question.type == "npsQuestion") return "0-10";
  if (question.options.empty()) return "-";
  const auto [low, high] = std::ranges::minmax(question.options, {}, &Question::Option::value);
  return fmt::format("{} options, {} to {}", question.options.size(), low.value, high.value);
}

bool same(const std::vector<Measure>& a, const std::vector<Measure>& b) {
  return std::ranges::equal(a, b, [](const Measure& x, const Measure& y) {
    return measure_toml(x, "") == measure_toml(y, "");
  });
}

void print_form(std::ostream& out, const FormQuestions& form) {
  out << fmt::format("{} ({}{}, {} stored version{})\n", shown(form.name),
                     form.is_published ? "published" : "not published",
                     form.language.empty() ? "" : ", " + shown(form.language), form.versions,
                     form.versions == 1 ? "" : "s");
  std::vector<std::vector<std::string>> rows{
      {"  MEASURES", "ANSWERS", "QUESTION", "TYPE", "VALUES"}};
  for (const auto& asked : form.questions) {
    const auto& question = asked.question;
    rows.push_back(
        {asked.measures.empty() ? "  -" : fmt::format("  {}", fmt::join(asked.measures, ", ")),
         std::to_string(asked.answers), shown(question.text), shown(question.type),
         options_of(question)});
  }
  out << columns(rows) << '\n';
}

void print_proposals(std::ostream& out, const std::vector<FormQuestions>& forms,
                     const std::string& heading, const std::string& file) {
  bool is_first = true;
  for (const auto& form : forms) {
    for (const auto& [asked, measure] : proposals(form)) {
      if (is_first)
        out << fmt::format("# What these questions seem to measure. Paste what is right into {}\n",
                           file);
      is_first = false;
      out << fmt::format("\n# {}: {}\n{}", shown(form.name), shown(asked->question.text),
                         measure_toml(measure, heading));
    }
  }
  if (is_first)
    out << "# Every measure that the forms' questions suggest is mapped.\n";
  else
    out << "\n# It counts from the next sync on, or at once with `csatdb measures --apply`.\n";
}

void json_of(json::Writer& json, const FormQuestions& form) {
  json.begin_object().member("form_name", form.name).member("form_context_id", form.context_id);
  json.member("language", form.language).member("is_published", form.is_published);
  json.member("versions", form.versions).key("questions").begin_array();
  const auto proposed = proposals(form);
  for (const auto& asked : form.questions) {
    json.begin_object().member("question_context_id", asked.question.context_id);
    json.member("group", asked.group).member("question", asked.question.text);
    json.member("type", asked.question.type).member("answers", asked.answers);
    json.key("options").begin_array();
    for (const auto& option : asked.question.options)
      json.begin_object().member("text", option.text).member("value", option.value).end_object();
    json.end_array().key("measures").begin_array();
    for (const auto& name : asked.measures) json.text(name);
    json.end_array();
    const auto match = std::ranges::find(proposed, &asked, [](const auto& p) { return p.first; });
    json.key("proposal");
    if (match == proposed.end()) {
      json.null();
    } else {
      json.begin_object().member("name", match->second.name).key("positive").begin_array();
      for (const auto& value : match->second.positive) json.text(value);
      json.end_array().member("scale", match->second.scale).end_object();
    }
    json.end_object();
  }
  json.end_array().end_object();
}

int run_measures(Session& session, const Asked& asked) {
  const auto& options = session.options();
  if (asked.apply) {
    // Opening the warehouse to write to it keeps what the configuration says.
    open_warehouse(session, "csatdb measures", asked.wait_lock);
  }
  const warehouse::Reader reader(options.database.value.string());
  const auto held = held_measures(reader);
  const auto forms = stored_forms(reader, held);
  if (asked.as_json) {
    json::Writer json(json::Writer::Style::pretty);
    json.begin_array();
    for (const auto& form : forms) json_of(json, form);
    session.out() << report::json_shown(json.end_array().str()) << '\n';
    return 0;
  }
  auto& out = session.out();
  if (forms.empty()) {
    out << "No survey form is stored yet: run csatdb sync (it needs quality:surveyForm:view or a\n"
           "finished survey).\n";
    return 0;
  }
  for (const auto& form : forms) print_form(out, form);
  for (const auto& misfit : misfits(forms, held)) out << fmt::format("# {}\n\n", shown(misfit));
  if (options.has_file && !same(held, options.measures))
    out << "# The configuration maps other questions than the warehouse: run csatdb measures "
           "--apply\n\n";
  const auto path = default_config_path(session.process());
  const auto& config = session.globals().config;
  const std::string file = config ? *config
                           : path ? session.process().shown(*path)
                                  : "the configuration";
  const auto& profile = session.globals().profile;
  print_proposals(
      out, forms,
      profile ? fmt::format("[[profiles.{}.measures]]", toml_string(*profile)) : "[[measures]]",
      file);
  return 0;
}

}  // namespace

Command measures_command() {
  Command command;
  command.name = "measures";
  command.group = "Setup";
  command.summary = "Lists survey forms and questions, and which of them measure CSAT, CES, FCR";
  command.description =
      "Which question measures satisfaction (csat), effort (ces) or first contact resolution "
      "(fcr)\n"
      "only you know: the configuration says it in [[measures]] tables. Lists the stored forms "
      "with\n"
      "their questions and what they are mapped to, and proposes tables, ready to paste, for\n"
      "questions whose words suggest a measure. A changed mapping counts for all stored surveys.";
  command.examples = {{"csatdb measures", "forms, questions, and tables to paste"},
                      {"csatdb measures --apply", "put the configured mapping in force now"},
                      {"csatdb measures --json", "the same for a program"}};
  command.faults = {base::Fault::storage, base::Fault::busy};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_flag("--json", asked->as_json, "as JSON");
    app.add_flag("--apply", asked->apply, "derive stored surveys by the configured mapping now");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_measures(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli
