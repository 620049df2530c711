#include "cli/persons.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <istream>

#include "cli/prompt.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;
using warehouse::Erased;

std::string trimmed(const std::string& line) {
  constexpr auto kBlank = " \t\r";
  const auto first = line.find_first_not_of(kBlank);
  if (first == std::string::npos) return "";
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

void read_ids(std::istream& in, std::vector<warehouse::Person>& found) {
  for (std::string line; std::getline(in, line);) {
    if (auto id = trimmed(line); !id.empty())
      found.push_back({Erased::Kind::conversation, std::move(id)});
  }
}

}  // namespace

void add_person_flags(CLI::App& app, PersonFlags& flags) {
  const auto many = [&](const char* name, std::vector<std::string>& into, const char* help,
                        const char* type) {
    app.add_option(name, into, help)->type_name(type)->allow_extra_args(false);
  };
  many("--conversation", flags.conversations, "a conversation (repeatable)", "ID");
  many("--contact", flags.contacts, "a customer's record in external contacts (repeatable)", "ID");
  many("--address", flags.addresses,
       "a telephone number or mail address, in any spelling (repeatable)", "TEXT");
  app.add_option("--ids", flags.ids, "file of conversation ids, one a line; -: standard input")
      ->type_name("FILE");
}

std::vector<warehouse::Person> persons(Session& session, const PersonFlags& flags) {
  std::vector<warehouse::Person> found;
  const auto add = [&](Erased::Kind kind, const std::vector<std::string>& ids) {
    for (const auto& id : ids) {
      if (trimmed(id).empty()) throw Error(Fault::usage, "an empty id or address names nobody");
      found.push_back({kind, trimmed(id)});
    }
  };
  add(Erased::Kind::conversation, flags.conversations);
  add(Erased::Kind::contact, flags.contacts);
  add(Erased::Kind::address, flags.addresses);
  if (flags.ids == "-") {
    read_ids(session.process().in, found);
  } else if (!flags.ids.empty()) {
    const auto path = session.process().resolve(flags.ids);
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path))
      throw Error(
          Fault::usage,
          fmt::format("--ids: {} cannot be read: name a file that is there and that you may read",
                      flags.ids));
    read_ids(file, found);
  }
  if (found.empty())
    throw Error(Fault::usage,
                "say whose data: --conversation ID, --contact ID, --address TEXT or --ids FILE");
  return found;
}

std::string in_words(const warehouse::Extent& extent) {
  const auto count = [](std::int64_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  const auto date = [](base::Instant t) { return base::to_date(base::day_of(t)); };
  std::string period;
  if (extent.first) {
    period = date(*extent.first);
    if (period != date(*extent.last)) period += " to " + date(*extent.last);
    period = fmt::format(" ({})", period);
  }
  return fmt::format("{}{} and {}", count(extent.conversations, "conversation"), period,
                     count(extent.surveys, "survey"));
}

bool is_confirmed(Session& session, bool yes) {
  if (yes) return true;
  if (session.process().terminal.in)
    return prompt_yes(session.process(), "Erase them for good?", false);
  session.out() << "Nothing was erased: to erase them for good, add --yes.\n";
  return false;
}

}  // namespace csatdb::cli
