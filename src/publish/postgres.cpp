#include "publish/postgres.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "publish/removals.hpp"
#include "publish/sender.hpp"
#include "publish/source.hpp"
#include "publish/target.hpp"
#include "warehouse/publication.hpp"

namespace csatdb::publish {
namespace {

using base::Error;
using base::Fault;
using warehouse::Reader;

/// Refuses to go on from a publish that is not in the warehouse's past.
void judge(const State& state, const Past& source, const Order& order) {
  if (state.is_new() || order.sends_all) return;
  if (state.warehouse_id != source.id)
    throw Error(
        Fault::storage,
        fmt::format("the schema {} holds the publish of another warehouse: name another one "
                    "with --schema, or replace what it holds with --full",
                    order.schema));
  if (source.published != state.version)
    throw Error(Fault::storage,
                "the target holds a publish that this warehouse knows nothing of: the file was "
                "restored from a backup, or is a copy of the one that published. Publish from that "
                "one, or make the target equal to this one with --full");
}

/// The views the target is to have: those asked for and those it has; all where neither is said.
std::vector<std::string> wanted_views(const Order& order, const State& state) {
  auto wanted = state.views;
  if (wanted.empty() && order.views.empty())
    for (const auto& view : views()) wanted.emplace_back(view.name);
  for (const auto& view : order.views)
    if (std::ranges::find(wanted, view) == wanted.end()) wanted.push_back(view);
  return wanted;
}

/// Whether the target holds what the warehouse does, and all that is asked for.
bool is_current(const State& state, const Past& source, const Order& order,
                const std::string& digest) {
  return !state.is_new() && !order.sends_all && state.digest == digest &&
         state.version == source.version && wanted_views(order, state).size() == state.views.size();
}

/// How many rows of a table are of these roots.
std::int64_t rows_of(Connection& target, const Table& table,
                     const std::vector<std::string>& roots) {
  std::int64_t rows = 0;
  in_arrays(roots, [&](const std::string& ids) {
    const auto counted = target.query(
        fmt::format("SELECT count(*) FROM {} WHERE {} = ANY($1::text[])", table.name, table.key),
        {ids});
    rows += std::stoll(counted[0][0].value_or("0"));
  });
  return rows;
}

Summary summary_of(Target& target, const Order& order) {
  Summary out;
  out.target = target.connection().described();
  out.schema = order.schema;
  out.before = target.state().version;
  out.is_distributed = target.state().is_distributed || order.distributes;
  return out;
}

}  // namespace

std::int64_t Summary::rows() const {
  std::int64_t all = 0;
  for (const auto& table : tables) all += table.rows;
  return all;
}
std::int64_t Summary::bytes() const {
  std::int64_t all = 0;
  for (const auto& table : tables) all += table.bytes;
  return all;
}
std::int64_t Summary::removed() const {
  std::int64_t all = 0;
  for (const auto& table : tables) all += table.removed;
  return all;
}

Summary publish(const Order& order, const base::Clock& clock, const Progress& progress) {
  Target target(order.target, order.schema);
  target.lock(order.wait, clock);
  std::optional<Reader> reader(order.warehouse);
  const Past source(*reader, target.state().publication);
  judge(target.state(), source, order);
  auto summary = summary_of(target, order);
  const auto columns = columns_of(*reader);
  if (is_current(target.state(), source, order, layout_digest(columns))) {
    summary.version = summary.before;
    return summary;
  }
  target.shape(wanted_views(order, target.state()), columns, order.distributes);
  summary.is_first = target.state().version == 0;

  // While the warehouse is open for writing nobody else writes: the reader sees what is recorded.
  std::optional<warehouse::Warehouse> writer;
  reader.reset();
  writer.emplace(warehouse::Opening{order.warehouse, order.wait, "csatdb publish"});
  const auto publication = warehouse::record_publication(*writer, summary.before, clock.now());
  reader.emplace(order.warehouse);
  writer.reset();

  auto state = target.state();
  state.warehouse_id = publication.warehouse_id;
  state.publication = publication.id;
  Sender sender(*reader, target, columns, order.sends_all, progress);
  target.commit(sender.send(std::move(state), publication.version), clock.now());
  summary.version = publication.version;
  summary.tables = sender.sent();
  return summary;
}

Summary plan(const Order& order) {
  Target target(order.target, order.schema);
  const Reader reader(order.warehouse);
  const auto& state = target.state();
  const Past source(reader, state.publication);
  judge(state, source, order);
  auto summary = summary_of(target, order);
  summary.version = source.version;
  const auto columns = columns_of(reader);
  const auto digest = layout_digest(columns);
  summary.is_first = state.is_new() || state.digest != digest;
  if (is_current(state, source, order, digest)) return summary;
  auto held = state;
  if (summary.is_first) held.tables.clear();
  for (const auto& table : tables())
    if (is_needed(table, wanted_views(order, state))) held.tables[std::string(table.name)];
  std::vector<std::string> gone;  // of the roots whose owned tables follow
  for (const auto& each : due(reader, held, columns, order.sends_all)) {
    auto& counts = summary.tables.emplace_back(Sent{std::string(each.table->name), each.rows});
    if (is_fact(*each.table) && each.table->kind != Table::Kind::root) {
      counts.removed = rows_of(target.connection(), *each.table, gone);
    } else if (held.tables[counts.table].roots > 0) {
      gone = vanished(target.connection(), reader, *each.table, each.since);
      counts.removed = std::ssize(gone);
    }
  }
  std::erase_if(summary.tables, [](const Sent& each) { return each.rows + each.removed == 0; });
  return summary;
}

}  // namespace csatdb::publish
