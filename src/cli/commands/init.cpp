#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "cli/ask.hpp"
#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/draft.hpp"
#include "cli/probe.hpp"
#include "cli/prompt.hpp"
#include "cli/proposal.hpp"
#include "cli/variables.hpp"
#include "resources/catalogue.hpp"

namespace csatdb::cli {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::Fault;

struct InitFlags {
  std::string region, base_url, client_id, secret_file, secret_command, timezone, privacy;
  bool measures = false, offline = false, force = false, yes = false;
};

Draft place(Session& session, const InitFlags& flags) {
  auto& process = session.process();
  Draft draft;
  const auto usual = default_config_path(process);
  if (!session.globals().config && !usual)
    throw Error(Fault::usage, "there is no home folder to write to: name the file with --config");
  draft.path = session.globals().config ? process.resolve(*session.globals().config) : *usual;
  draft.shown = process.shown(draft.path);
  draft.profile = session.globals().profile;
  if (!fs::exists(draft.path) || flags.force) return draft;
  if (!draft.profile) {
    throw Error(
        Fault::usage,
        fmt::format("{} exists: add a profile with --profile NAME, or replace it with --force",
                    draft.shown));
  }
  if (read_config(process, draft.path.string(), draft.profile).has_profile)
    throw Error(Fault::usage, fmt::format("{} has a profile '{}' already: edit it there",
                                          draft.shown, *draft.profile));
  draft.append = true;
  return draft;
}

/// Takes what flags or the environment say and asks for the rest.
void fill_identity(Session& session, const InitFlags& flags, Draft& draft) {
  auto& process = session.process();
  auto known = environment_layer(process);
  if (!speaks_of_identity(known)) known = dotenv_layer(process);
  const auto said = [&](const std::string& flag, const char* key) {
    const auto* entry = known.find(key);
    return !flag.empty() || entry == nullptr ? flag : entry->items.front();
  };
  auto& values = draft.values;
  const auto base_url = flags.region.empty() ? said(flags.base_url, "base_url") : flags.base_url;
  if (!base_url.empty()) {
    values["base_url"] = base_url;
  } else {
    values["region"] = said(flags.region, "region");
    if (values["region"].empty())
      values["region"] =
          prompt(process, "Region, as AWS name (eu-west-1) or domain (mypurecloud.ie)",
                 std::string(find_setting("region")->fallback), "--region");
  }
  values["client_id"] = said(flags.client_id, "client_id");
  if (values["client_id"].empty()) {
    values["client_id"] =
        prompt(process, "Client id (Admin > Integrations > OAuth, grant type Client Credentials)",
               "", "--client-id");
  }
  if (!flags.secret_file.empty()) {
    values["secret_file"] = process.resolve(flags.secret_file).lexically_normal().string();
  } else if (!flags.secret_command.empty()) {
    values["secret_command"] = flags.secret_command;
  } else if (const auto* secret = known.find("client_secret")) {
    values["client_secret"] = secret->items.front();
  } else {
    values["client_secret"] =
        prompt_secret(process, "Client secret", "--secret-file or --secret-command");
  }
  if (values.contains("client_secret")) base::log::redact(values["client_secret"]);
}

void fill_settings(Session& session, const InitFlags& flags, Draft& draft) {
  auto& process = session.process();
  auto& values = draft.values;
  values["timezone"] =
      flags.timezone.empty()
          ? prompt(process, "Time zone of reports, an IANA name such as Europe/Berlin", "UTC",
                   "--timezone")
          : flags.timezone;
  base::Zone{values["timezone"]};
  values["privacy"] =
      flags.privacy.empty()
          ? prompt(process, "Personal data: standard, strict or none (see the README)",
                   std::string(find_setting("privacy")->fallback), "--privacy")
          : flags.privacy;
  if (values["privacy"] != "standard" && values["privacy"] != "strict" &&
      values["privacy"] != "none")
    throw Error(Fault::usage,
                fmt::format("privacy '{}' is not standard, strict or none", values["privacy"]));
  if (values["privacy"] == "none" && !flags.yes)
    throw Error(
        Fault::usage,
        "privacy 'none' keeps customers' addresses and names in the clear: confirm with --yes");
}

/// The newest version of each form, and what its questions seem to measure.
void propose_measures(api::Client& client, Draft& draft) {
  std::map<std::string, std::pair<std::string, std::vector<Question>>> newest;  // by context
  for (const auto& form : ask_all(client, resources::kSurveyFormsResource)) {
    json::Document document;
    const auto body = document.parse(form);
    auto& [modified, questions] = newest[std::string(body["contextId"].text_or(""))];
    const std::string date(body["modifiedDate"].text_or(""));
    if (!questions.empty() && date < modified) continue;
    modified = date;
    questions = questions_of_form(form);
  }
  for (const auto& [context, version] : newest) {
    for (const auto& question : version.second) {
      if (auto measure = propose(question))
        draft.measures.emplace_back(question, std::move(*measure));
    }
  }
}

std::string_view word(Probe::State state) {
  switch (state) {
    case Probe::State::granted:
      return "found";
    case Probe::State::denied:
      return "missing";
    case Probe::State::failed:
      return "failed";
  }
  return "";
}

/// Logs in, and says which permissions are there and what the forms ask.
void test(Session& session, Draft& draft) {
  auto& process = session.process();
  Layer layer{Source::file, draft.shown, {}};
  for (const auto& [key, value] : draft.values) {
    auto flag = "--" + key;
    std::ranges::replace(flag, '_', '-');
    put(layer, *find_setting(key), value, flag);
  }
  const auto who = identity(process, {layer});
  // Where there is no file yet there is no setting either.
  const auto transport = process.transport(1);
  api::Client client(*transport, process.clock, hosts(who),
                     {who.client_id.items.front(), secret(process, who)},
                     {.attempts = api::kFewAttempts});
  session.out() << "Organisation: " << ask_organisation(client).name << "\n\n";

  std::vector<std::vector<std::string>> rows{{"RESOURCE", "PERMISSION", ""}};
  bool forms = false;
  for (const auto& found : probe(client)) {
    rows.push_back(
        {found.resource, found.permission.empty() ? "-" : found.permission,
         std::string(word(found.state)) + (found.detail.empty() ? "" : ": " + found.detail)});
    if (found.resource == resources::kSurveyFormsResource.name)
      forms = found.state == Probe::State::granted;
  }
  session.out() << columns(rows) << "\n";
  if (std::ranges::any_of(rows, [](const auto& row) { return row[2] == "missing"; })) {
    session.out()
        << "Give the client's role what is missing (Admin > Roles), and its divisions: rows of "
           "other divisions are silently left out.\n\n";
  }
  if (forms) propose_measures(client, draft);
}

void choose_measures(Session& session, const InitFlags& flags, Draft& draft) {
  if (draft.measures.empty()) return;
  std::vector<std::vector<std::string>> rows{{"MEASURE", "FORM", "QUESTION", "POSITIVE"}};
  for (const auto& [question, measure] : draft.measures) {
    rows.push_back({measure.name, question.form_name, question.text,
                    fmt::format("{} of {}", fmt::join(measure.positive, ", "), measure.scale)});
  }
  session.out() << columns(rows) << "\n";
  draft.map_measures =
      flags.measures || (session.process().terminal.in &&
                         prompt_yes(session.process(), "Do these questions measure this?", false));
}

int run_init(Session& session, const InitFlags& flags) {
  auto draft = place(session, flags);
  fill_identity(session, flags, draft);
  fill_settings(session, flags, draft);
  if (!flags.offline) {
    test(session, draft);
    choose_measures(session, flags, draft);
  }
  write(draft);
  // What is not read by itself has to be named.
  std::string named;
  if (session.globals().config) named += fmt::format(" --config {}", draft.shown);
  if (draft.profile) named += fmt::format(" --profile {}", *draft.profile);
  session.out() << fmt::format("Wrote {}. Next: csatdb{} sync\n", draft.shown, named);
  return 0;
}

}  // namespace

Command init_command() {
  Command command;
  command.name = "init";
  command.group = "Setup";
  command.summary = "Asks for what csatdb needs, tests it, and writes the configuration";
  command.description =
      "Needs an OAuth client of the grant type Client Credentials. What the environment or a flag\n"
      "says is not asked. The secret is asked for, or comes from a file or a command; it is never "
      "a\n"
      "flag. Lists the permissions found and missing, and proposes which questions of the survey\n"
      "forms measure satisfaction, effort and resolution. Nothing is written before the test.";
  command.examples = {
      {"csatdb init", "asks for everything"},
      {"csatdb init --region eu-west-1 --client-id 4ec1 --secret-command 'pass genesys/csatdb' "
       "--timezone Europe/Berlin --privacy standard",
       "asks for nothing"},
      {"csatdb init --profile emea", "adds another organisation to the same file"}};
  command.faults = {Fault::denied, Fault::unavailable, Fault::storage, Fault::undecodable,
                    Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto flags = std::make_shared<InitFlags>();
    const auto text = [&](const char* name, std::string& into, const char* help) {
      return app.add_option(name, into, help)->type_name("TEXT");
    };
    text("--region", flags->region, "AWS region or domain of the organisation");
    text("--base-url", flags->base_url, "address of the API, in place of a region");
    text("--client-id", flags->client_id, "OAuth client");
    text("--secret-file", flags->secret_file, "file that holds the secret")->type_name("FILE");
    text("--secret-command", flags->secret_command, "shell command that prints the secret");
    text("--timezone", flags->timezone, "IANA zone of local dates");
    one_of(app.add_option("--privacy", flags->privacy, "what is kept of personal data"),
           {"standard", "strict", "none"});
    app.add_flag("--measures", flags->measures, "map the questions as proposed");
    app.add_flag("--offline", flags->offline, "write without testing");
    app.add_flag("--force", flags->force, "replace a configuration that exists");
    app.add_flag("--yes", flags->yes, "confirm privacy 'none'");
    return [flags](Session& session) { return run_init(session, *flags); };
  };
  return command;
}

}  // namespace csatdb::cli
