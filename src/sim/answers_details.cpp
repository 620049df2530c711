#include <algorithm>

#include "sim/answers.hpp"
#include "sim/draw.hpp"
#include "sim/filters.hpp"
#include "sim/strict.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using std::chrono::days;

constexpr std::int64_t kReachable = 100000;
constexpr int kPageMost = 100;
/// Past so many results pages have been seen to fail now and then (genesys-api 2).
constexpr std::int64_t kDeep = 8000;

/// The interval's length is limited, more so where nothing narrows the query (genesys-api 2).
void check_length(const json::Value& query) {
  const auto interval = interval_of(query["interval"].text());
  const auto length = interval.end - interval.begin;
  const bool filtered = !DetailFilters(query).empty();
  if (length > days(31) || (!filtered && length > days(7))) {
    const int most = length > days(31) ? 31 : 7;
    Refusal refusal =
        bad_request("The search interval must not exceed " + std::to_string(most) + " days");
    refusal.limit = NamedLimit{"analytics.interval.days", "analytics", most};
    throw refusal;
  }
}

/// While a day is open new conversations push others onto the next page, so that some come
/// twice (genesys-api 3.4). How many of the first `before` rows do.
std::int64_t repeats(const Exchange& x, const std::vector<Chosen>& chosen, std::int64_t size,
                     std::int64_t page) {
  const auto today = base::day_of(x.now);
  std::int64_t sum = 0;
  for (std::int64_t p = 1; p < page; ++p) {
    const auto at = p * size - sum;
    if (at <= 0 || at >= static_cast<std::int64_t>(chosen.size())) break;
    if (chosen[static_cast<std::size_t>(at)].day != today) continue;
    if (mix(x.world.organisation().seed, static_cast<std::uint64_t>(p)) % 2 == 0) ++sum;
  }
  return sum;
}

void write(Exchange& x, const Chosen& row) {
  const auto list = x.world.day(row.day);
  x.render.conversation(x.out, (*list)[row.index], false);
}

/// Counts per value, for the query's aggregations.
void aggregate(Exchange& x, const std::vector<Chosen>& chosen) {
  x.out.key("aggregations").open_list();
  for (const auto& wish : (*x.request)["aggregations"].elements()) {
    std::map<std::string, std::int64_t> counts;
    const auto dimension = wish["dimension"].text_or("");
    for (const auto& row : chosen) {
      const auto list = x.world.day(row.day);
      for (const auto& value : conversation_values(x.world, (*list)[row.index], x.now, dimension))
        ++counts[value];
    }
    x.out.open().member("type", wish["type"].text_or("termFrequency"));
    x.out.member("dimension", dimension).key("results").open_list();
    for (const auto& [value, count] : counts)
      x.out.open().member("value", value).member("count", count).close();
    x.out.close_list().close();
  }
  x.out.close_list();
}

const Conversation& visible_or_404(Exchange& x, const std::optional<Conversation>& c,
                                   std::string_view id) {
  if (!c || !x.selector.visible(*c, x.now)) throw not_found(id);
  return *c;
}

}  // namespace

void answer_details_query(Exchange& x) {
  const auto& query = *x.request;
  check_length(query);
  const auto paging = query["paging"];
  const std::int64_t size = paging.present() ? paging["pageSize"].integer() : 25;
  const std::int64_t page = paging.present() ? paging["pageNumber"].integer() : 1;
  if (size < 1 || page < 1) throw Refusal(400, "invalid.value", "Paging must be positive");
  if (size > kPageMost) {
    Refusal refusal = bad_request("The page size must not exceed 100");
    refusal.limit = NamedLimit{"analytics.page.size", "analytics", kPageMost};
    throw refusal;
  }
  if (size * page > kReachable) throw bad_request("Pagination may not exceed 100000 results");
  if (x.options.deep_pages_fail && size * (page - 1) >= kDeep &&
      x.stumbled.insert(query.dump()).second)
    throw Refusal(502, "bad.gateway", "The upstream server did not answer");
  const auto choice = x.selector.by_days(query, x.now);
  const auto& chosen = *choice;
  const auto count = static_cast<std::int64_t>(chosen.size());
  const auto first = std::min((page - 1) * size - repeats(x, chosen, size, page), count);
  const auto last = std::min(first + size, count);
  x.out.open();
  if (first < last) {
    x.out.key("conversations").open_list();
    for (auto i = first; i < last; ++i) write(x, chosen[static_cast<std::size_t>(i)]);
    x.out.close_list();
  }
  if (query["aggregations"].present()) aggregate(x, chosen);
  x.out.member("totalHits", count + repeats(x, chosen, size, count / size + 2)).close();
}

void answer_details_by_ids(Exchange& x) {
  const auto ids = x.call.list("id");
  if (ids.size() > 100) throw bad_request("At most 100 ids are allowed");
  x.out.open();
  bool any = false;
  for (const auto& id : ids) {
    const auto c = x.world.conversation(id);
    if (!c || !x.selector.visible(*c, x.now)) continue;
    if (!any) x.out.key("conversations").open_list();
    any = true;
    x.render.conversation(x.out, *c, false);
  }
  if (any) x.out.close_list();
  x.out.close();
}

void answer_details_by_id(Exchange& x) {
  const auto& id = x.call.parts.front();
  const auto c = x.world.conversation(id);
  x.render.conversation(x.out, visible_or_404(x, c, id), false);
}

}  // namespace csatdb::sim
