#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "api/service_error.hpp"
#include "cli/ask.hpp"
#include "cli/finding.hpp"
#include "cli/probe.hpp"
#include "json/reader.hpp"
#include "report/text.hpp"
#include "resources/catalogue.hpp"
#include "resources/counts.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;
using base::Millis;

constexpr Millis kSkewTolerated = std::chrono::minutes(1);  // what still lets certificates verify
constexpr Millis kLagUsual = std::chrono::hours(24);        // genesys-api.md 3.4
constexpr std::size_t kNamed = 8;                           // divisions spelled out

std::string shown(std::string_view text) { return report::printable(text, report::Lines::mark); }

constexpr auto kGrant =
    "add it to a role of the OAuth client (Admin > Roles/Permissions), in every division to read";

Finding permission(const Probe& probe) {
  const auto* resource = resources::find(probe.resource);
  const auto name = probe.permission.empty() ? "none needed" : probe.permission;
  const auto check = "permission for " + probe.resource;
  switch (probe.state) {
    case Probe::State::granted:
      return fine(check, name);
    case Probe::State::failed:
      return problem(check, Fault::unavailable, probe.detail, "try again later");
    case Probe::State::denied:
      break;
  }
  const auto found = fmt::format("missing: {}", name);
  if (resource != nullptr && resources::is_dispensable(*resource))
    return note(check, found, fmt::format("csatdb does without; to have it, {}", kGrant));
  return problem(check, Fault::denied, found, kGrant);
}

Finding divisions(api::Client& client) {
  std::vector<std::string> names;
  for (const auto& division : ask_all(client, resources::kDivisionsResource)) {
    json::Document document;
    names.push_back(shown(document.parse(division)["name"].text_or("(without a name)")));
  }
  std::ranges::sort(names);
  const auto count = names.size();
  if (count > kNamed) names.resize(kNamed);
  return fine("divisions", fmt::format("{} listed: {}{}", count, fmt::join(names, ", "),
                                       count > kNamed ? ", …" : ""));
}

/// What nothing but `reconcile --metrics` needs.
Finding conversation_aggregates(api::Client& client) {
  const auto now = client.now();
  const auto check = "permission for reconcile --metrics";
  const auto name = "analytics:conversationAggregate:view";
  const auto response =
      ask(client, resources::queue_metrics({now - std::chrono::hours(1), now}, "UTC"));
  if (response.status < 300) return fine(check, name);
  if (response.status == 403)
    return note(check, fmt::format("missing: {}", name), fmt::format("to have it, {}", kGrant));
  return note(check, api::describe_error(response), "try again later");
}

Finding clock(api::Client& client, const base::Clock& clock) {
  const auto skew = client.now() - clock.now();
  if (skew > -kSkewTolerated && skew < kSkewTolerated)
    return fine("clock", "agrees with the service's");
  return note("clock",
              fmt::format("{} {} the service's", base::to_words(skew > Millis{0} ? skew : -skew),
                          skew > Millis{0} ? "behind" : "ahead of"),
              "the service's time is used; set this machine's clock by NTP");
}

Finding availability(api::Client& client) {
  const auto response =
      ask(client,
          {http::Method::get, "/api/v2/analytics/conversations/details/jobs/availability", {}, {}});
  const auto otherwise = "conversations are read by query alone, which takes more requests";
  if (response.status != 200) return note("availability", api::describe_error(response), otherwise);
  json::Document document;
  const auto date = document.parse(response.body)["dataAvailabilityDate"].maybe_instant();
  if (!date) return note("availability", "the service names no date", otherwise);
  const auto lag = client.now() - *date;
  const auto found = fmt::format("jobs hold all up to {} UTC, {} ago",
                                 base::to_sql(*date).substr(0, 16), base::to_words(lag));
  if (lag <= kLagUsual) return fine("availability", found);
  return note("availability", found, "later days are read by query until the service catches up");
}

/// Adds what `look` finds, or what kept it from looking.
template <class Look>
void add(std::vector<Finding>& findings, const char* check, Look look) {
  try {
    findings.push_back(look());
  } catch (const Error& error) {
    if (error.fault() == Fault::interrupted) throw;
    findings.push_back(problem(check, error.fault(), error.what(), ""));
  }
}

}  // namespace

std::vector<Finding> examine_service(Session& session) {
  std::vector<Finding> findings;
  try {
    auto& client = session.client(api::kFewAttempts);
    findings.push_back(fine("host", client.hosts().api));
    const auto organisation = ask_organisation(client);
    findings.push_back(fine("token", "granted"));
    findings.push_back(fine("organisation", shown(organisation.name)));
    for (const auto& found : probe(client)) findings.push_back(permission(found));
    add(findings, "permission for reconcile --metrics",
        [&] { return conversation_aggregates(client); });
    add(findings, "divisions", [&] { return divisions(client); });
    add(findings, "clock", [&] { return clock(client, session.process().clock); });
    add(findings, "availability", [&] { return availability(client); });
  } catch (const Error& error) {
    if (error.fault() == Fault::interrupted) throw;
    // Without an identity or a token nothing else can be asked; the error says what to do, unless
    // nobody answers.
    const bool is_silent = error.fault() == Fault::unavailable;
    findings.push_back(problem("service", error.fault(), error.what(),
                               is_silent ? "look at this machine's network, its proxy "
                                           "(HTTPS_PROXY) and the region, then try again"
                                         : ""));
  }
  return findings;
}

}  // namespace csatdb::cli
