#include "warehouse/health.hpp"

#include <algorithm>
#include <filesystem>

#include "warehouse/lock.hpp"

namespace csatdb::warehouse {
namespace {

using base::Instant;
using std::chrono::days;

constexpr days kGrowthOver{30};    // long enough to even out weeks, short enough to notice change
constexpr days kGrowthAtLeast{1};  // two runs closer than that say nothing of a day

std::int64_t integer(const Value& value) {
  const auto* held = std::get_if<std::int64_t>(&value);
  return held != nullptr ? *held : 0;
}
std::string text(const Value& value) {
  const auto* held = std::get_if<std::string>(&value);
  return held != nullptr ? *held : std::string();
}
bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }
std::optional<Instant> instant(const Value& value) {
  return is_null(value) ? std::nullopt : std::optional(base::from_ms(integer(value)));
}

std::vector<std::vector<Value>> rows(const Reader& reader, std::string_view sql,
                                     const Parameters& parameters = {}) {
  return std::move(reader.run(sql, parameters).front().rows);
}

void read_resources(const Reader& reader, Instant now, Health& health) {
  for (const auto& row : rows(reader, R"(
      SELECT resource, max(fresh_ms), max(settled_ms), sum(waiting), sum(due), sum(given_up) FROM (
        SELECT resource, fresh_through_ms AS fresh_ms, settled_through_ms AS settled_ms,
          0 AS waiting, 0 AS due, 0 AS given_up FROM sync_resources
        UNION ALL
        SELECT resource, NULL, NULL, due_ms IS NOT NULL, coalesce(due_ms <= :now, 0),
          due_ms IS NULL AND outcome IS 'given up' FROM sync_scopes)
      GROUP BY resource ORDER BY resource)",
                              {{"now", base::to_ms(now)}}))
    health.resources.push_back({text(row[0]), instant(row[1]), instant(row[2]), integer(row[3]),
                                integer(row[4]), integer(row[5])});
}

void extend(std::vector<DayRange>& ranges, base::Day day) {
  if (!ranges.empty() && ranges.back().last + days(1) == day)
    ranges.back().last = day;
  else
    ranges.push_back({day, day});
}

void read_days(const Reader& reader, Health& health) {
  for (const auto& row : rows(reader, R"(
      SELECT scope, due_ms IS NULL, through_ms IS NULL FROM sync_scopes
      WHERE resource = 'conversations' ORDER BY scope)")) {
    const auto day = base::parse_day(text(row[0]));
    if (!day) continue;
    auto& ranges = integer(row[2]) != 0   ? health.unread
                   : integer(row[1]) != 0 ? health.settled
                                          : health.provisional;
    extend(ranges, *day);
  }
}

void read_troubles(const Reader& reader, Health& health) {
  for (const auto& row : rows(reader, R"(
      SELECT resource, scope, outcome, coalesce(message, ''), attempts FROM sync_scopes
      WHERE outcome NOT IN ('ok', 'not found', 'given up') ORDER BY resource, order_ms DESC, scope)"))
    health.failed.push_back(
        {text(row[0]), text(row[1]), text(row[2]), text(row[3]), integer(row[4])});
  for (const auto& row : rows(reader, R"(
      SELECT resource, scope FROM sync_scopes WHERE outcome = 'given up' AND due_ms IS NULL
      ORDER BY order_ms DESC, scope)"))
    health.given_up.emplace_back(text(row[0]), text(row[1]));
}

void read_open(const Reader& reader, Health& health) {
  health.open_conversations =
      integer(rows(reader, "SELECT count(*) FROM interactions WHERE ended_ms IS NULL")[0][0]);
  for (const auto& row : rows(reader, R"(
      SELECT status, count(*) FROM survey_facts WHERE status IN ('Pending', 'Sent', 'InProgress')
      GROUP BY status ORDER BY count(*) DESC)"))
    health.open_surveys.emplace_back(text(row[0]), integer(row[1]));
}

void read_runs(const Reader& reader, int limit, Health& health) {
  for (const auto& row : rows(reader, R"(
      SELECT run_id, command, began_ms, ended_ms, coalesce(outcome, ''), coalesce(message, ''),
        requests, retries, rows_seen, rows_changed, bytes_received, waited_ms
      FROM sync_runs ORDER BY run_id DESC LIMIT :limit)",
                              {{"limit", std::int64_t{limit}}})) {
    PastRun run{integer(row[0]), text(row[1]),     base::from_ms(integer(row[2])),
                instant(row[3]), text(row[4]),     text(row[5]),
                integer(row[6]), integer(row[7]),  integer(row[8]),
                integer(row[9]), integer(row[10]), base::Millis{integer(row[11])}};
    health.runs.push_back(std::move(run));
  }
}

void read_size(const Reader& reader, const std::string& path, Health& health) {
  for (const char* suffix : {"", "-wal"}) {
    std::error_code none;
    const auto size = std::filesystem::file_size(path + suffix, none);
    if (!none) health.bytes += static_cast<std::int64_t>(size);
  }
  std::error_code none;
  const auto space = std::filesystem::space(path, none);
  if (!none) health.free_bytes = static_cast<std::int64_t>(space.available);

  const auto sizes =
      rows(reader, R"(
    SELECT ended_ms, file_bytes FROM sync_runs WHERE file_bytes IS NOT NULL AND ended_ms >
      (SELECT max(ended_ms) FROM sync_runs WHERE file_bytes IS NOT NULL) - :over
    ORDER BY ended_ms)",
           {{"over", std::chrono::duration_cast<base::Millis>(kGrowthOver).count()}});
  if (sizes.empty()) return;
  const base::Millis apart{integer(sizes.back()[0]) - integer(sizes.front()[0])};
  if (apart < kGrowthAtLeast) return;
  const double grown = static_cast<double>(integer(sizes.back()[1]) - integer(sizes.front()[1]));
  health.growth = grown / std::chrono::duration<double, days::period>(apart).count();
}

}  // namespace

std::optional<double> Health::days_left() const {
  if (!growth || *growth <= 0) return std::nullopt;
  return static_cast<double>(free_bytes) / *growth;
}

Health health(const Reader& reader, const std::string& path, Instant now, int runs) {
  Health health;
  for (const auto& row : rows(reader, "SELECT key, value FROM sync_meta")) {
    if (text(row[0]) == "organization_name") health.organization = text(row[1]);
    if (text(row[0]) == "timezone") health.zone = text(row[1]);
  }
  if (health.zone.empty()) health.zone = "UTC";
  read_resources(reader, now, health);
  read_days(reader, health);
  read_troubles(reader, health);
  read_open(reader, health);
  read_runs(reader, runs, health);
  read_size(reader, path, health);
  health.running = holder(path);
  return health;
}

}  // namespace csatdb::warehouse
