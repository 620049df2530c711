#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/finding.hpp"
#include "json/writer.hpp"

namespace csatdb::cli {
namespace {

using base::Fault;
using State = Finding::State;

/// The gravest first: what ends the process where several things are wrong.
constexpr std::array kByGravity{Fault::storage,     Fault::denied,      Fault::usage,
                                Fault::unavailable, Fault::undecodable, Fault::gaps};

int exit_code(const std::vector<Finding>& findings) {
  for (const auto fault : kByGravity)
    if (std::ranges::any_of(findings, [&](const Finding& f) {
          return f.state == State::problem && f.fault == fault;
        }))
      return base::exit_code(fault);
  const auto any = std::ranges::find(findings, State::problem, &Finding::state);
  return any == findings.end() ? 0 : base::exit_code(any->fault);
}

std::string_view word(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::note:
      return "note";
    case State::problem:
      return "problem";
  }
  return "";
}

std::string table(const std::vector<Finding>& findings) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& finding : findings) {
    rows.push_back({std::string(word(finding.state)), finding.check, finding.found});
    if (!finding.remedy.empty()) rows.push_back({"", "", "-> " + finding.remedy});
  }
  return columns(rows);
}

std::string as_json(const std::vector<Finding>& findings) {
  json::Writer w(json::Writer::Style::pretty);
  w.begin_array();
  for (const auto& finding : findings) {
    w.begin_object().member("state", word(finding.state)).member("check", finding.check);
    w.member("found", finding.found);
    finding.remedy.empty() ? w.key("remedy").null() : w.member("remedy", finding.remedy);
    finding.state == State::problem ? w.member("fault", base::name(finding.fault))
                                    : w.key("fault").null();
    w.end_object();
  }
  return w.end_array().str() + "\n";
}

int run_doctor(Session& session, bool wants_json) {
  auto findings = examine_service(session);
  for (auto& finding : examine_warehouse(session)) findings.push_back(std::move(finding));
  for (auto& finding : findings) finding.found = base::log::redacted(std::move(finding.found));
  session.out() << (wants_json ? as_json(findings) : table(findings));
  return exit_code(findings);
}

}  // namespace

Command doctor_command() {
  Command command;
  command.name = "doctor";
  command.group = "Setup";
  command.summary = "Looks at the service and the warehouse, and says how to mend what is wrong";
  command.description =
      "Tests token, permissions, clock and availability by reading a little of everything, and "
      "the\n"
      "warehouse by reading all of it; changes nothing. The exit code is that of the gravest\n"
      "problem; notes are none.";
  command.examples = {{"csatdb doctor", "what is wrong, and what to do about it"},
                      {"csatdb doctor --json", "the same for programs"}};
  command.faults = {Fault::gaps,    Fault::denied,      Fault::unavailable,
                    Fault::storage, Fault::undecodable, Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto wants_json = std::make_shared<bool>(false);
    app.add_flag("--json", *wants_json, "as JSON");
    return [wants_json](Session& session) { return run_doctor(session, *wants_json); };
  };
  return command;
}

}  // namespace csatdb::cli
