#include "cli/snapshot.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "base/log.hpp"
#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "resources/catalogue.hpp"
#include "warehouse/snapshot.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;
using warehouse::Audience;

const std::map<std::string, Audience> kAudiences = {
    {"full", Audience::full}, {"managers", Audience::managers}, {"public", Audience::anyone}};

constexpr std::int64_t kMiB = 1024 * 1024;

std::filesystem::perms mode_of(const std::string& text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (!is_whole || mode > 0777 || (mode & 0400) == 0)
    throw Error(Fault::usage,
                fmt::format("--snapshot-mode: '{}' is no mode such as 0640 or 0644", text));
  return static_cast<std::filesystem::perms>(mode);
}

}  // namespace

void add_snapshot_options(CLI::App& app, SnapshotWish& wish, const std::string& help) {
  auto* file = app.add_option("--snapshot", wish.file, help)->type_name("FILE");
  one_of(app.add_option("--audience", wish.audience,
                        "who reads the snapshot: managers, without addresses, customers' names, "
                        "notes and raw bodies; public, counts and sums alone"),
         {"full", "managers", "public"})
      ->needs(file);
  app.add_option("--snapshot-mode", wish.mode, "its permissions; default 0640")
      ->type_name("MODE")
      ->needs(file);
}

void check(const SnapshotWish& wish) { mode_of(wish.mode); }

void take_snapshot(Session& session, const SnapshotWish& wish) {
  auto& process = session.process();
  const auto shown = ticker(process.err, process.terminal, process.clock,
                            !base::log::enabled(base::log::Level::info));
  std::vector<const model::Table*> tables;
  for (const auto* resource : resources::catalogue()) {
    if (resource->table != nullptr && std::ranges::find(tables, resource->table) == tables.end())
      tables.push_back(resource->table);
  }
  warehouse::SnapshotOrder order;
  order.warehouse = process.resolve(session.options().database.value.string()).string();
  order.target = process.resolve(wish.file);
  order.audience = kAudiences.at(wish.audience);
  order.mode = mode_of(wish.mode);
  order.tables = tables;
  order.progress = [&](std::int64_t bytes, std::int64_t of) {
    if (shown->is_due())
      shown->show(fmt::format("snapshot: {} of about {} MiB", bytes / kMiB, of / kMiB));
  };
  warehouse::write_snapshot(order);
  shown->finish();
}

}  // namespace csatdb::cli
