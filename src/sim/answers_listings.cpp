#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "sim/answers.hpp"

namespace csatdb::sim {
namespace {

using Rows = std::vector<int>;
using Row = std::function<void(int)>;

/// Keeps what the query parameters `id` and `name` ask for.
void narrow(const Exchange& x, Rows& rows, Kind kind, const std::function<std::string(int)>& name) {
  const auto ids = x.call.list("id");
  if (!ids.empty()) {
    std::erase_if(rows, [&](int i) {
      const auto id = x.world.ids().text({kind, 0, static_cast<std::uint32_t>(i), 0});
      return std::find(ids.begin(), ids.end(), id) == ids.end();
    });
  }
  const auto wanted = x.call.text("name");
  if (!wanted.empty()) std::erase_if(rows, [&](int i) { return name(i) != wanted; });
}

void sort_rows(const Exchange& x, Rows& rows) {
  const auto order = x.call.text("sortOrder");
  if (order == "desc" || order == "descending" || order == "DESC")
    std::reverse(rows.begin(), rows.end());
}

/// The entity listing of genesys-api 5.2.
void listing(Exchange& x, const Rows& rows, const Row& write) {
  const int size = x.call.number("pageSize", 25, 1, 500);
  const int page = x.call.number("pageNumber", 1, 1, 1000000);
  const int total = static_cast<int>(rows.size());
  const int pages = std::max(1, (total + size - 1) / size);
  const auto uri = [&](int n) {
    std::string text = fmt::format("{}?pageSize={}&pageNumber={}", x.call.path, size, n);
    for (const auto& [name, value] : x.call.query) {
      if (name != "pageSize" && name != "pageNumber")
        text += "&" + name + "=" + http::percent_encode(value);
    }
    return text;
  };
  x.out.open().key("entities").open_list();
  for (int i = (page - 1) * size; i < std::min(total, page * size); ++i)
    write(rows[static_cast<std::size_t>(i)]);
  x.out.close_list().member("pageSize", size).member("pageNumber", page);
  x.out.member("total", total).member("firstUri", uri(1));
  if (page < pages) x.out.member("nextUri", uri(page + 1));
  if (page > 1) x.out.member("previousUri", uri(page - 1));
  x.out.member("lastUri", uri(pages)).member("selfUri", uri(page));
  x.out.member("pageCount", pages).close();
}

/// The cursor listing of genesys-api 5.2; the cursor is the place of the first row.
void cursor_listing(Exchange& x, const Rows& rows, int most, const Row& write) {
  const int size = x.call.number("pageSize", 25, 1, most);
  const int total = static_cast<int>(rows.size());
  int first = 0;
  if (const auto after = x.call.text("after"); !after.empty()) {
    const auto at = read_cursor(0, after);
    if (!at) throw bad_request("The cursor 'after' is not valid");
    first = std::min(*at, total);
  }
  const int next = std::min(total, first + size);
  x.out.open().key("entities").open_list();
  for (int i = first; i < next; ++i) write(rows[static_cast<std::size_t>(i)]);
  x.out.close_list();
  if (next < total)
    x.out.member("nextUri", fmt::format("{}?pageSize={}&after={}", x.call.path, size,
                                        http::percent_encode(make_cursor(0, next))));
  x.out.member("selfUri", fmt::format("{}?pageSize={}", x.call.path, size)).close();
}

/// A list of labels such as wrap-up codes: the deleted ones have vanished.
void labels(Exchange& x, const std::vector<Label>& all, Kind kind, bool divided, const Row& write) {
  Rows rows;
  for (int i = 0; i < static_cast<int>(all.size()); ++i) {
    const auto& label = all[static_cast<std::size_t>(i)];
    if (label.created > x.now || label.deleted <= x.now) continue;
    if (!divided || !x.division_hidden(label.division)) rows.push_back(i);
  }
  narrow(x, rows, kind, [&](int i) { return all[static_cast<std::size_t>(i)].name.at(x.now); });
  sort_rows(x, rows);
  listing(x, rows, write);
}

bool wants_teams(const Exchange& x) {
  const auto wanted = x.call.list("expand");
  return std::find(wanted.begin(), wanted.end(), "team") != wanted.end();
}

int place_of(const Exchange& x, Kind kind, std::size_t count) {
  const auto place = x.world.ids().place(x.call.parts.front());
  if (!place || place->kind != kind || place->index >= count || place->sub != 0)
    throw not_found(x.call.parts.front());
  return static_cast<int>(place->index);
}

}  // namespace

void answer_users(Exchange& x) {
  const auto& users = x.world.directory().users;
  const auto wanted = x.call.text("state", "active");
  if (wanted != "active" && wanted != "inactive" && wanted != "deleted" && wanted != "any")
    throw Refusal(400, "invalid.value", "state must be active, inactive, deleted or any");
  Rows rows;
  for (int i = 0; i < static_cast<int>(users.size()); ++i) {
    const auto& user = users[static_cast<std::size_t>(i)];
    const auto state = user.state(x.now);
    if (state.empty() || x.division_hidden(user.division)) continue;
    if (wanted == "any" || wanted == state) rows.push_back(i);
  }
  narrow(x, rows, Kind::user,
         [&](int i) { return users[static_cast<std::size_t>(i)].name.at(x.now); });
  sort_rows(x, rows);
  const bool teams = wants_teams(x);
  listing(x, rows, [&](int i) { x.render.user(x.out, i, teams); });
}

void answer_user(Exchange& x) {
  const int i = place_of(x, Kind::user, x.world.directory().users.size());
  const auto& user = x.world.directory().users[static_cast<std::size_t>(i)];
  const auto state = user.state(x.now);
  if (state.empty() || (state == "deleted" && x.call.text("state") != "deleted"))
    throw not_found(x.call.parts.front());
  x.render.user(x.out, i, wants_teams(x));
}

void answer_queues(Exchange& x) {
  const auto& queues = x.world.directory().queues;
  Rows rows;
  for (int i = 0; i < static_cast<int>(queues.size()); ++i) {
    const auto& queue = queues[static_cast<std::size_t>(i)];
    if (queue.created <= x.now && x.now < queue.deleted && !x.division_hidden(queue.division))
      rows.push_back(i);
  }
  narrow(x, rows, Kind::queue,
         [&](int i) { return queues[static_cast<std::size_t>(i)].name.at(x.now); });
  sort_rows(x, rows);
  listing(x, rows, [&](int i) { x.render.queue(x.out, i); });
}

void answer_queue(Exchange& x) {
  const int i = place_of(x, Kind::queue, x.world.directory().queues.size());
  const auto& queue = x.world.directory().queues[static_cast<std::size_t>(i)];
  if (queue.created > x.now || queue.deleted <= x.now || x.division_hidden(queue.division))
    throw not_found(x.call.parts.front());
  x.render.queue(x.out, i);
}

void answer_wrapup_codes(Exchange& x) {
  labels(x, x.world.directory().codes, Kind::wrapup_code, true,
         [&](int i) { x.render.wrapup_code(x.out, i); });
}

void answer_skills(Exchange& x) {
  labels(x, x.world.directory().skills, Kind::skill, false,
         [&](int i) { x.render.skill(x.out, i); });
}

void answer_languages(Exchange& x) {
  labels(x, x.world.directory().languages, Kind::language, false,
         [&](int i) { x.render.language(x.out, i); });
}

void answer_flows(Exchange& x) {
  labels(x, x.world.directory().flows, Kind::flow, true, [&](int i) { x.render.flow(x.out, i); });
}

namespace {

Rows shown_divisions(const Exchange& x) {
  const auto& all = x.world.directory().divisions;
  Rows rows;
  for (int i = 0; i < static_cast<int>(all.size()); ++i) {
    if (!x.division_hidden(i)) rows.push_back(i);
  }
  narrow(x, rows, Kind::division, [&](int i) { return all[static_cast<std::size_t>(i)].name; });
  return rows;
}

}  // namespace

void answer_divisions(Exchange& x) {
  listing(x, shown_divisions(x), [&](int i) { x.render.division(x.out, i); });
}

void answer_divisions_by_cursor(Exchange& x) {
  cursor_listing(x, shown_divisions(x), 200, [&](int i) { x.render.division(x.out, i); });
}

void answer_teams(Exchange& x) {
  const auto& teams = x.world.directory().teams;
  Rows rows;
  for (int i = 0; i < static_cast<int>(teams.size()); ++i) {
    const auto& team = teams[static_cast<std::size_t>(i)];
    if (team.created <= x.now && !x.division_hidden(team.division)) rows.push_back(i);
  }
  narrow(x, rows, Kind::team, [&](int i) { return teams[static_cast<std::size_t>(i)].name; });
  cursor_listing(x, rows, 500, [&](int i) { x.render.team(x.out, i); });
}

}  // namespace csatdb::sim
