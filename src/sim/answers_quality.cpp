#include <algorithm>

#include "sim/answers.hpp"

namespace csatdb::sim {
namespace {

using Rows = std::vector<std::pair<int, int>>;  // context, version

void forms_page(Exchange& x, const Rows& rows) {
  const int size = x.call.number("pageSize", 25, 1, 500);
  const int page = x.call.number("pageNumber", 1, 1, 1000000);
  const int total = static_cast<int>(rows.size());
  const int pages = std::max(1, (total + size - 1) / size);
  x.out.open().key("entities").open_list();
  for (int i = (page - 1) * size; i < std::min(total, page * size); ++i) {
    const auto [context, version] = rows[static_cast<std::size_t>(i)];
    x.render.form(x.out, x.world.forms().form(context, version));
  }
  x.out.close_list().member("pageSize", size).member("pageNumber", page).member("total", total);
  const auto uri = [&](int n) {
    return x.call.path + "?pageSize=" + std::to_string(size) + "&pageNumber=" + std::to_string(n);
  };
  x.out.member("firstUri", uri(1));
  if (page < pages) x.out.member("nextUri", uri(page + 1));
  x.out.member("lastUri", uri(pages)).member("selfUri", uri(page));
  x.out.member("pageCount", pages).close();
}

std::pair<int, int> form_place(const Exchange& x, std::string_view id) {
  const auto place = x.world.ids().place(id);
  if (!place || place->kind != Kind::form ||
      !x.world.forms().exists(static_cast<int>(place->index), static_cast<int>(place->sub), x.now))
    throw not_found(id);
  return {static_cast<int>(place->index), static_cast<int>(place->sub)};
}

bool named(const Exchange& x, int context, int version) {
  const auto name = x.call.text("name");
  return name.empty() ||
         x.world.forms().form(context, version).name.find(name) != std::string::npos;
}

}  // namespace

void answer_surveys_of_conversation(Exchange& x) {
  const auto c = x.world.conversation(x.call.parts.front());
  if (!c || !x.selector.visible(*c, x.now)) throw not_found(x.call.parts.front());
  x.out.open_list();
  for (const auto& s : c->surveys) {
    if (!state_of(s, x.now).status.empty()) x.render.survey(x.out, *c, s);
  }
  x.out.close_list();
}

void answer_survey(Exchange& x) {
  const auto& id = x.call.parts.front();
  const auto place = x.world.ids().place(id);
  if (!place || place->kind != Kind::survey) throw not_found(id);
  const auto c =
      x.world.conversation(x.world.ids().text({Kind::conversation, place->day, place->index, 0}));
  if (!c || !x.selector.visible(*c, x.now) || place->sub >= c->surveys.size()) throw not_found(id);
  const auto& s = c->surveys[place->sub];
  if (state_of(s, x.now).status.empty()) throw not_found(id);
  x.render.survey(x.out, *c, s);
}

void answer_forms(Exchange& x) {
  Rows rows;
  const auto& forms = x.world.forms();
  for (int context = 0; context < forms.contexts(); ++context) {
    const int newest = forms.versions(context, x.now) - 1;
    if (newest >= 0 && named(x, context, newest)) rows.emplace_back(context, newest);
  }
  forms_page(x, rows);
}

void answer_form(Exchange& x) {
  const auto [context, version] = form_place(x, x.call.parts.front());
  x.render.form(x.out, x.world.forms().form(context, version));
}

void answer_form_versions(Exchange& x) {
  const int context = form_place(x, x.call.parts.front()).first;
  Rows rows;
  for (int v = x.world.forms().versions(context, x.now); v-- > 0;) rows.emplace_back(context, v);
  forms_page(x, rows);
}

void answer_forms_in_bulk(Exchange& x) {
  const auto ids = x.call.list("id");
  if (ids.empty()) throw bad_request("The query parameter 'id' is required");
  Rows rows;
  for (const auto& id : ids) {
    const auto place = x.world.ids().place(id);
    if (place && place->kind == Kind::form &&
        x.world.forms().exists(static_cast<int>(place->index), static_cast<int>(place->sub), x.now))
      rows.emplace_back(place->index, place->sub);
  }
  forms_page(x, rows);
}

void answer_forms_by_context(Exchange& x) {
  const auto ids = x.call.list("contextId");
  if (ids.empty()) throw bad_request("The query parameter 'contextId' is required");
  if (ids.size() > 100) throw bad_request("At most 100 values of contextId are allowed");
  const bool published = x.call.flag("published", true);
  x.out.open_list();
  for (const auto& id : ids) {
    const auto place = x.world.ids().place(id);
    if (!place || place->kind != Kind::form_context) continue;
    const int context = static_cast<int>(place->index);
    const int version = published ? x.world.forms().newest_published(context, x.now)
                                  : x.world.forms().versions(context, x.now) - 1;
    if (version >= 0) x.render.form(x.out, x.world.forms().form(context, version));
  }
  x.out.close_list();
}

void answer_published_forms(Exchange& x) {
  if (!x.call.parts.empty()) {
    const auto [context, version] = form_place(x, x.call.parts.front());
    const auto& form = x.world.forms().form(context, version);
    if (!form.published) throw not_found(x.call.parts.front());
    x.render.form(x.out, form);
    return;
  }
  const bool latest = x.call.flag("onlyLatestEnabledPerContext", false);
  Rows rows;
  const auto& forms = x.world.forms();
  for (int context = 0; context < forms.contexts(); ++context) {
    const int newest = forms.newest_published(context, x.now);
    for (int v = newest; v >= 0; --v) {
      if (latest && (v != newest || forms.form(context, v).disabled)) continue;
      if (named(x, context, v)) rows.emplace_back(context, v);
    }
  }
  forms_page(x, rows);
}

}  // namespace csatdb::sim
