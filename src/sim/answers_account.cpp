#include <fmt/format.h>

#include "sim/answers.hpp"

namespace csatdb::sim {

void answer_organisation(Exchange& x) { x.render.organisation(x.out); }

void answer_token_info(Exchange& x) {
  const auto organisation = x.world.ids().text({Kind::organisation, 0, 0, 0});
  const auto name = fmt::format("Simulated contact centre {}", x.world.organisation().seed);
  x.out.open().key("organization").open().member("id", organisation).member("name", name).close();
  x.out.key("homeOrganization").open().member("id", organisation).member("name", name).close();
  x.out.key("authorizedScope").open_list().close_list().key("OAuthClient").open();
  x.out.member("id", x.world.ids().text({Kind::other, 0, 0, 1})).member("name", "csatdb");
  x.out.member("authorizedGrantType", "CLIENT-CREDENTIALS").member("state", "active");
  x.out.close().close();
}

void answer_limits(Exchange& x) {
  const auto& space = x.call.parts.front();
  if (space != "platform.api" && space != "analytics" && space != "quality") throw not_found(space);
  x.out.open().key("entities").open_list();
  if (space == "platform.api") {
    x.out.open().member("key", "client.credentials.token.rate.per.minute");
    x.out.member("namespace", space);
    x.out.member("value", x.options.rate > 0 ? x.options.rate : 300).close();
  }
  x.out.close_list().close();
}

void answer_retention(Exchange& x) {
  const base::Instant set = x.world.organisation().first_day - std::chrono::days(100);
  x.out.open().member("retentionDays", 558).member("dateCreated", set);
  x.out.member("dateModified", set).close();
}

}  // namespace csatdb::sim
