#include "publish/removals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "publish/source.hpp"

namespace csatdb::publish {

using base::Error;
using base::Fault;
using warehouse::Value;

namespace {

constexpr std::size_t kIdsAtOnce = 10'000;  // in one statement

}  // namespace

void in_arrays(const std::vector<std::string>& ids,
               const std::function<void(const std::string& array)>& each) {
  for (std::size_t at = 0; at < ids.size(); at += kIdsAtOnce) {
    const auto end = std::min(ids.size(), at + kIdsAtOnce);
    each(text_array({ids.begin() + static_cast<std::ptrdiff_t>(at),
                     ids.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
}

std::vector<std::string> vanished(Connection& target, const warehouse::Reader& reader,
                                  const Table& root, std::int64_t merged) {
  const auto by = parts(root);
  std::unordered_map<std::int64_t, std::int64_t> surplus;  // part: roots too many in the target
  const auto add = [&](const Connection::Rows& rows, int sign) {
    for (const auto& row : rows)
      surplus[std::stoll(row[0].value_or("0"))] += sign * std::stoll(row[1].value_or("0"));
  };
  const auto counted = fmt::format("SELECT {}, count(*) FROM {}", by.of, root.name);
  add(target.query(counted + " GROUP BY 1"), 1);
  // What is still to be sent may be there in another part, or not at all.
  std::vector<std::string> unmerged;
  reader.each(root.sql, since(merged), [&](const std::vector<Value>& row) {
    unmerged.push_back(std::get<std::string>(row[0]));
    return true;
  });
  in_arrays(unmerged, [&](const std::string& ids) {
    add(target.query(fmt::format("{} WHERE {} = ANY($1::text[]) GROUP BY 1", counted, root.key),
                     {ids}),
        -1);
  });
  const auto kept_parts = reader.run(by.count, since(merged));
  for (const auto& row : kept_parts.at(0).rows) surplus[integer(row[0])] -= integer(row[1]);
  // The target holds every merged root, so a part of equal size is equal.
  std::erase_if(surplus, [](const auto& part) { return part.second == 0; });
  if (surplus.empty()) return {};
  std::unordered_set<std::string> kept(unmerged.begin(), unmerged.end());
  reader.each(by.ids, since(merged), [&](const std::vector<Value>& row) {
    if (surplus.contains(integer(row[0]))) kept.insert(std::get<std::string>(row[1]));
    return true;
  });
  std::vector<std::string> gone;
  for (const auto& [part, many] : surplus) {
    if (many < 0)
      throw Error(Fault::storage,
                  fmt::format("rows were removed from the target's table {} by other "
                              "hands: send everything again with --full",
                              root.name));
    for (const auto& row :
         target.query(fmt::format("SELECT {} FROM {} WHERE {} = $1", root.key, root.name, by.of),
                      {fmt::format("{}", part)}))
      if (row[0] && !kept.contains(*row[0])) gone.push_back(*row[0]);
  }
  return gone;
}

}  // namespace csatdb::publish
