#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "cli/check.hpp"
#include "cli/finding.hpp"
#include "cli/form_questions.hpp"
#include "report/text.hpp"
#include "warehouse/health.hpp"

namespace csatdb::cli {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::Fault;
using warehouse::Reader;
using warehouse::Value;

constexpr double kFullSoonDays = 30;
constexpr std::size_t kNamed = 5;

std::string shown(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? report::printable(*text, report::Lines::mark) : "(none)";
}

/// One line a row, the first few; empty if there are none.
std::string list(const Reader& reader, std::string_view sql) {
  std::vector<std::string> lines;
  std::size_t count = 0;
  reader.each(sql, {}, [&](const std::vector<Value>& row) {
    if (++count <= kNamed) lines.push_back(shown(row.front()));
    return true;
  });
  if (count == 0) return "";
  return fmt::format("{}{}", fmt::join(lines, "; "),
                     count > kNamed ? fmt::format("; and {} more", count - kNamed) : "");
}

Finding access(const fs::path& path) {
  const auto others = fs::perms::group_all | fs::perms::others_all;
  if ((fs::status(path).permissions() & others) == fs::perms::none)
    return fine("access", "for its owner alone");
  return note("access", "other users of this machine may open the file",
              fmt::format("it holds personal data: chmod 600 {}, and give readers a snapshot "
                          "(csatdb export --snapshot)",
                          path.filename().string()));
}

Finding integrity(const Reader& reader) {
  const auto found = list(reader, "SELECT * FROM pragma_integrity_check");
  if (found == "ok") return fine("integrity", "ok");
  return problem("integrity", Fault::storage, found,
                 "the file is damaged: restore a backup, or move it away and sync again");
}

/// Foreign keys are declared for readers and tools, not enforced: rows arrive in any order.
Finding references(const Reader& reader) {
  const auto found = list(reader, R"(
    SELECT printf('%s -> %s: %d', "table", parent, count(*)) FROM pragma_foreign_key_check
    GROUP BY "table", parent ORDER BY count(*) DESC)");
  if (found.empty()) return fine("references", "every key leads to a row");
  return problem("references", Fault::storage, "keys that lead nowhere: " + found,
                 "a defect of csatdb or a change by another program: report it; the rows concerned "
                 "show no names until they are read again");
}

Finding gaps_of(const warehouse::Health& health) {
  const auto found = gaps(health);
  if (found.empty()) return fine("gaps", "none");
  return problem("gaps", Fault::gaps,
                 fmt::format("{} scopes were not read, first {} {}: {}", found.size(),
                             found.front().resource, found.front().scope,
                             report::printable(found.front().message, report::Lines::mark)),
                 "`csatdb sync` tries them again; `csatdb status` lists them");
}

Finding given_up(const warehouse::Health& health) {
  if (health.given_up.empty()) return fine("followed keys", "none was given up");
  return note("followed keys",
              fmt::format("{} never came to their end within the horizon and are read no more",
                          health.given_up.size()),
              "`csatdb status` lists them; a longer `horizon` follows new ones longer");
}

Finding disk(const warehouse::Health& health) {
  const auto gib = [](double bytes) { return bytes / (1024.0 * 1024 * 1024); };
  const auto free = static_cast<double>(health.free_bytes);
  const auto found = fmt::format(
      "{:.2f} GiB used, {:.1f} GiB free{}", gib(static_cast<double>(health.bytes)), gib(free),
      health.days_left() ? fmt::format(", full in {:.0f} days", *health.days_left()) : "");
  if (health.days_left().value_or(kFullSoonDays) < kFullSoonDays)
    return problem("disk", Fault::storage, found,
                   "free some space, move the warehouse, or prune what is no longer needed");
  if (health.free_bytes < health.bytes)
    return note("disk", found, "a backup or snapshot needs as much again: free some space");
  return fine("disk", found);
}

/// Rows of a division that the client's roles leave out are missing without an error.
Finding divisions(const Reader& reader) {
  const auto found = list(reader, R"(
    SELECT name FROM divisions WHERE gone_ms IS NULL AND division_key NOT IN
      (SELECT division_key FROM conversation_divisions WHERE division_key IS NOT NULL)
    ORDER BY name)");
  if (found.empty()) return fine("data of divisions", "conversations of every division listed");
  return note("data of divisions", "no conversation of: " + found,
              "if there are any, add the division to the roles of the OAuth client: what it does "
              "not cover is left out silently");
}

/// Forms with finished surveys of which no question is mapped to a measure.
Finding forms(const Reader& reader) {
  const auto found = list(reader, R"(
    SELECT coalesce(max(form_name), form_context_id) || ' (' || count(*) || ' answered)' FROM survey_facts
    WHERE status = 'Finished' AND form_context_id IS NOT NULL GROUP BY form_context_id
    HAVING count(csat_score) + count(csat_is_positive) + count(ces_score) + count(fcr_resolved) = 0
    ORDER BY count(*) DESC)");
  if (found.empty()) return fine("measures", "every form that was answered is mapped");
  return note("measures", "no question is mapped of: " + found,
              "add [[measures]] to the configuration: `csatdb measures` lists and proposes them");
}

/// A measure that can find nothing, or never anything positive, makes figures that look like ones.
Finding measures(const Reader& reader) {
  const auto held = held_measures(reader);
  auto found = misfits(stored_forms(reader, held), held);
  if (found.empty()) return fine("mapping", "every measure fits the forms");
  for (auto& each : found) each = report::printable(each, report::Lines::mark);
  return note("mapping", fmt::format("{}", fmt::join(found, "; ")),
              "correct [[measures]] in the configuration, then `csatdb measures --apply`");
}

Finding mapping(const Reader& reader) {
  const auto found = list(reader, R"(
    SELECT kind || ' ' || place || ': ' || seen FROM sync_problems ORDER BY seen DESC)");
  if (found.empty()) return fine("payloads", "nothing unknown in them");
  return note("payloads", found, "harmless: a newer csatdb may store them");
}

}  // namespace

std::vector<Finding> examine_warehouse(Session& session) {
  const auto& path = session.options().database.value;
  std::error_code none;
  if (!fs::exists(path, none))
    return {note("warehouse", "there is none yet", "`csatdb sync` makes it")};
  std::vector<Finding> findings;
  try {
    const Reader reader(path.string());
    const auto health = warehouse::health(reader, path.string(), session.process().clock.now());
    findings.push_back(fine(
        "warehouse", fmt::format("{}, {}", session.process().shown(path),
                                 report::printable(health.organization, report::Lines::mark))));
    findings.push_back(access(path));
    findings.push_back(gaps_of(health));
    findings.push_back(given_up(health));
    findings.push_back(disk(health));
    findings.push_back(divisions(reader));
    findings.push_back(forms(reader));
    findings.push_back(measures(reader));
    findings.push_back(mapping(reader));
    findings.push_back(integrity(reader));
    findings.push_back(references(reader));
  } catch (const Error& error) {
    findings.push_back(problem("warehouse", error.fault(), error.what(), ""));
  }
  return findings;
}

}  // namespace csatdb::cli
