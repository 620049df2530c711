#include "cli/probe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/service_error.hpp"
#include "base/stop.hpp"
#include "resources/catalogue.hpp"

namespace csatdb::cli {
namespace {

/// A key that no organisation has: a permitted reader is told that there is nothing.
constexpr auto kNoSuchKey = "00000000-0000-4000-8000-000000000000";

/// The least that shows whether a resource may be read.
model::Span little_of(const resources::Resource& resource, base::Instant now) {
  if (resource.cadence == model::Cadence::snapshot) return {{"all"}, {}, model::Via::query, 25};
  if (resource.cadence == model::Cadence::chase) return {{kNoSuchKey}, {}, model::Via::query, 25};
  const auto yesterday = base::day_of(now) - std::chrono::days(1);
  return {{base::to_date(yesterday)},
          {base::Instant{yesterday}, base::Instant{base::day_of(now)}},
          model::Via::query,
          25};
}

void judge(Probe& probe, const api::Outcome& outcome) {
  const int status = outcome.response.status;
  if (status == 403 || (outcome.error && outcome.error->fault() == base::Fault::denied)) {
    probe.state = Probe::State::denied;
    const auto missing = api::service_error(outcome.response).permissions;
    if (!missing.empty()) probe.permission = fmt::format("{}", fmt::join(missing, ", "));
  } else if (outcome.error) {
    probe.state = Probe::State::failed;
    probe.detail = outcome.error->what();
  } else if (status >= 400 && status != 404) {
    probe.state = Probe::State::failed;
    probe.detail = api::describe_error(outcome.response);
  }
}

}  // namespace

std::vector<Probe> probe(api::Client& client) {
  std::vector<Probe> probes;
  for (const auto* resource : resources::catalogue()) {
    client.start(probes.size(), resource->first(little_of(*resource, client.now())));
    probes.push_back({std::string(resource->name), std::string(resource->permission),
                      Probe::State::granted, ""});
  }
  while (client.in_flight() > 0) {
    for (const auto& outcome : client.wait(std::chrono::seconds(1)))
      judge(probes[outcome.ticket], outcome);
    if (base::stop::requested()) throw base::Error(base::Fault::interrupted, "interrupted");
  }
  return probes;
}

}  // namespace csatdb::cli
