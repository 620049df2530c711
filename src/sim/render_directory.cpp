#include <fmt/format.h>

#include "sim/render.hpp"

namespace csatdb::sim {
namespace {

std::uint32_t u32(int value) { return static_cast<std::uint32_t>(value); }
std::size_t at(int index) { return static_cast<std::size_t>(index); }

base::Instant modified(const Label& label, base::Instant now) {
  return label.name.changed <= now ? label.name.changed : label.created;
}

void division_of(Text& out, const World& world, int index) {
  const auto id = world.ids().text({Kind::division, 0, u32(index), 0});
  out.key("division").open().member("id", id);
  out.member("name", world.directory().divisions[at(index)].name);
  out.member("selfUri", "/api/v2/authorization/divisions/" + id).close();
}

}  // namespace

void Renderer::organisation(Text& out) const {
  out.open();
  id(out, "id", {Kind::organisation, 0, 0, 0});
  out.member("name", fmt::format("Simulated contact centre {}", world_.organisation().seed));
  out.member("defaultLanguage", "en-us").member("defaultCountryCode", "US");
  out.member("domain", "simulated").member("version", 7).member("state", "active");
  out.member("productPlatform", "GenesysCloud");
  out.member("selfUri", "/api/v2/organizations/me").close();
}

void Renderer::user(Text& out, int index, bool with_team) const {
  const auto& row = world_.directory().users[at(index)];
  const auto text = world_.ids().text({Kind::user, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name.at(now_));
  division_of(out, world_, row.division);
  out.key("chat").open().member("jabberId", fmt::format("agent{}@simulated", index)).close();
  out.maybe("department", row.department).member("email", row.email);
  out.key("primaryContactInfo").open_list().open().member("address", row.email);
  out.member("mediaType", "EMAIL").member("type", "PRIMARY").close().close_list();
  out.member("state", row.state(now_)).member("title", row.title.at(now_));
  out.member("username", row.email);
  if (row.manager >= 0) {
    const auto manager = world_.ids().text({Kind::user, 0, u32(row.manager), 0});
    out.key("manager").open().member("id", manager).member("version", 3);
    out.member("selfUri", "/api/v2/users/" + manager).close();
  }
  out.member("version", row.version(now_)).member("acdAutoAnswer", row.auto_answer);
  const int team = with_team ? row.team_at(now_) : -1;
  if (team >= 0) {
    out.key("team").open();
    id(out, "id", {Kind::team, 0, u32(team), 0});
    out.member("name", world_.directory().teams[at(team)].name).close();
  }
  out.member("selfUri", "/api/v2/users/" + text).close();
}

void Renderer::queue(Text& out, int index) const {
  const auto& row = world_.directory().queues[at(index)];
  const auto text = world_.ids().text({Kind::queue, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name.at(now_));
  division_of(out, world_, row.division);
  out.maybe("description", row.description).member("dateCreated", row.created);
  if (row.name.changed <= now_) out.member("dateModified", row.name.changed);
  out.member("memberCount", row.members);
  if (row.has_levels) {
    out.key("mediaSettings").open();
    static constexpr std::pair<std::string_view, int> kMedia[] = {
        {"call", 1}, {"callback", 180}, {"chat", 3}, {"email", 4320}, {"message", 6}};
    for (const auto& [media, times] : kMedia) {
      out.key(media).open().member("alertingTimeoutSeconds", 30).key("serviceLevel").open();
      out.member("percentage", 0.8).member("durationMs", std::int64_t{row.level_s} * 1000 * times);
      out.close().close();
    }
    out.close();
  }
  out.key("acwSettings").open().member("wrapupPrompt", "OPTIONAL").member("timeoutMs", 300000);
  out.close().member("skillEvaluationMethod", index % 3 == 0 ? "NONE" : "ALL");
  if (index % 4 == 0) id(out, "peerId", {Kind::other, 0, u32(index), 7});
  out.member("selfUri", "/api/v2/routing/queues/" + text).close();
}

void Renderer::wrapup_code(Text& out, int index) const {
  const auto& row = world_.directory().codes[at(index)];
  const auto text = world_.ids().text({Kind::wrapup_code, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name.at(now_));
  division_of(out, world_, row.division);
  if (index % 3 == 0) out.member("description", "Used after a contact");
  out.member("dateCreated", row.created);
  if (row.name.changed <= now_) out.member("dateModified", row.name.changed);
  id(out, "createdBy", {Kind::user, 0, 0, 0});
  out.member("selfUri", "/api/v2/routing/wrapupcodes/" + text).close();
}

void Renderer::skill(Text& out, int index) const {
  const auto& row = world_.directory().skills[at(index)];
  const auto text = world_.ids().text({Kind::skill, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name.at(now_));
  out.member("dateModified", modified(row, now_)).member("state", "active").member("version", "1");
  out.member("selfUri", "/api/v2/routing/skills/" + text).close();
}

void Renderer::language(Text& out, int index) const {
  const auto& row = world_.directory().languages[at(index)];
  const auto text = world_.ids().text({Kind::language, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name.at(now_));
  out.member("dateModified", modified(row, now_)).member("state", "active").member("version", "1");
  out.member("selfUri", "/api/v2/routing/languages/" + text).close();
}

void Renderer::division(Text& out, int index) const {
  const auto& row = world_.directory().divisions[at(index)];
  const auto text = world_.ids().text({Kind::division, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name).member("description", row.description);
  out.member("homeDivision", index == 0);
  out.member("selfUri", "/api/v2/authorization/divisions/" + text).close();
}

void Renderer::team(Text& out, int index) const {
  const auto& row = world_.directory().teams[at(index)];
  const auto text = world_.ids().text({Kind::team, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name);
  division_of(out, world_, row.division);
  out.member("dateCreated", row.created).member("memberCount", std::int64_t{12});
  out.member("selfUri", "/api/v2/teams/" + text).close();
}

void Renderer::flow(Text& out, int index) const {
  const auto& row = world_.directory().flows[at(index)];
  const auto text = world_.ids().text({Kind::flow, 0, u32(index), 0});
  out.open().member("id", text).member("name", row.name.at(now_));
  division_of(out, world_, row.division);
  out.member("type", row.kind).member("active", true).member("deleted", false);
  out.member("selfUri", "/api/v2/flows/" + text).close();
}

}  // namespace csatdb::sim
