#include "report/oracle.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "json/reader.hpp"

namespace csatdb::tests {
namespace {

using base::Instant;
using json::Value;

constexpr double kZ = 1.96;

// A conversation's JSON as plain data.

struct Segment {
  std::string type, queue, wrapup;
  Instant start;
  std::optional<Instant> end;
};
struct Metric {
  std::string name;
  std::int64_t value;
  std::optional<Instant> emitted;
};
struct Session {
  std::string media;
  std::vector<Segment> segments;
  std::vector<Metric> metrics;

  std::optional<Instant> start() const {
    std::optional<Instant> found;
    for (const auto& s : segments)
      if (!found || s.start < *found) found = s.start;
    return found;
  }
  std::optional<std::int64_t> sum(const std::string& name) const {
    std::optional<std::int64_t> found;
    for (const auto& m : metrics)
      if (m.name == name) found = found.value_or(0) + m.value;
    return found;
  }
  bool has(const std::string& name) const { return sum(name).has_value(); }
  std::int64_t count(const std::string& name) const { return sum(name).value_or(0); }
  std::int64_t held() const {
    return has("tHeldComplete") ? count("tHeldComplete") : count("tHeld");
  }
};
struct Party {
  std::string purpose, user, team, contact;
  std::vector<Session> sessions;
  bool is_agent() const { return (purpose == "agent" || purpose == "user") && !user.empty(); }
};

std::string text(const Value& value) { return std::string(value.text_or("")); }

std::vector<Party> parties_of(const Value& conversation) {
  std::vector<Party> parties;
  for (const auto& p : conversation["participants"].elements()) {
    Party party{
        text(p["purpose"]), text(p["userId"]), text(p["teamId"]), text(p["externalContactId"]), {}};
    for (const auto& s : p["sessions"].elements()) {
      Session session{text(s["mediaType"]), {}, {}};
      for (const auto& g : s["segments"].elements())
        session.segments.push_back({text(g["segmentType"]), text(g["queueId"]),
                                    text(g["wrapUpCode"]), g["segmentStart"].instant(),
                                    g["segmentEnd"].maybe_instant()});
      for (const auto& m : s["metrics"].elements())
        session.metrics.push_back(
            {text(m["name"]), m["value"].integer(), m["emitDate"].maybe_instant()});
      party.sessions.push_back(std::move(session));
    }
    parties.push_back(std::move(party));
  }
  return parties;
}

/// Of the sessions that `wanted` holds for, the earliest; null if there is none.
template <class Wanted>
const Session* earliest(const std::vector<Party>& parties, Wanted wanted) {
  const Session* found = nullptr;
  for (const auto& party : parties) {
    if (!wanted(party)) continue;
    for (const auto& session : party.sessions) {
      if (found == nullptr) found = &session;
      if (session.start() && (!found->start() || *session.start() < *found->start()))
        found = &session;
    }
  }
  return found;
}

/// What `of` says of the latest-starting segment of which it says something.
template <class Of>
void latest(const Session& session, Of of, std::optional<Instant>& at, std::string& found) {
  for (const auto& segment : session.segments) {
    if (of(segment).empty() || (at && segment.start < *at)) continue;
    at = segment.start;
    found = of(segment);
  }
}
const std::string& queue_in(const Segment& segment) { return segment.queue; }
const std::string& wrapup_in(const Segment& segment) { return segment.wrapup; }

std::optional<std::int64_t> first_answer(const std::vector<const Session*>& sessions) {
  const Metric* first = nullptr;
  for (const auto* session : sessions)
    for (const auto& m : session->metrics)
      if (m.name == "tAnswered" && (first == nullptr || *m.emitted < *first->emitted)) first = &m;
  return first == nullptr ? std::nullopt : std::optional(first->value);
}

/// The agent: purpose agent before user, then the latest-starting interact segment.
const Party* agent_of(const std::vector<Party>& parties, const char* purpose) {
  const Party* found = nullptr;
  std::optional<Instant> at;
  for (const auto& party : parties) {
    if (!party.is_agent() || party.purpose != purpose) continue;
    for (const auto& session : party.sessions)
      for (const auto& segment : session.segments)
        if (segment.type == "interact" && (!at || segment.start >= *at)) {
          at = segment.start;
          found = &party;
        }
  }
  return found;
}

void add_legs(OracleTalk& talk, const std::vector<Party>& parties, const base::Zone& zone) {
  for (const auto& party : parties) {
    const bool is_staff = party.purpose == "agent" || party.purpose == "user";
    for (const auto& session : party.sessions) {
      std::string queue;
      std::optional<Instant> at;
      latest(session, queue_in, at, queue);
      const auto start = session.start();
      const std::string date = start ? zone.local(*start).date : "";
      if (is_staff) {
        OracleLeg leg{
            party.user, party.team, queue, session.media, date, session.sum("tHandle"), {},
            {},         0,          {}};
        if (leg.handle) leg.hold = session.held();
        leg.answer = first_answer({&session});
        leg.transfers = session.count("nTransferred");
        leg.start = start.value_or(Instant{});
        talk.legs.push_back(std::move(leg));
      } else if (party.purpose == "acd") {
        const bool is_short = session.has("tShortAbandon");
        const bool is_abandoned = !is_short && session.has("tAbandon");
        talk.visits.push_back({queue, session.media, date, is_abandoned, is_short,
                               !is_short && !is_abandoned && session.has("tAnswered")});
      }
    }
  }
}

void add_sums(OracleTalk& talk, const std::vector<Party>& parties) {
  std::vector<const Session*> answering;
  std::set<std::string> agents;
  bool has_abandon = false, has_answer = false;
  for (const auto& party : parties) {
    for (const auto& session : party.sessions) {
      talk.transfers += session.count("nTransferred");
      has_abandon = has_abandon || session.has("tAbandon");
      has_answer = has_answer || session.has("tAnswered");
      if (party.purpose == "acd" || party.is_agent()) answering.push_back(&session);
      if (!party.is_agent()) continue;
      for (const auto& segment : session.segments)
        if (segment.type == "interact") agents.insert(party.user);
      if (session.has("tHandle")) talk.handle = talk.handle.value_or(0) + session.count("tHandle");
      talk.hold = talk.hold.value_or(0) + session.held();
    }
  }
  if (!talk.handle) talk.hold.reset();
  talk.agents = static_cast<int>(agents.size());
  talk.answer = first_answer(answering);
  talk.is_abandoned = has_abandon && !has_answer;
}

/// Of the agent's sessions, else of those of other parties.
template <class Of, class Else>
std::string found_with(const std::vector<Party>& parties, const Party* agent, Of of,
                       Else is_other) {
  std::string found;
  std::optional<Instant> at;
  if (agent != nullptr)
    for (const auto& session : agent->sessions) latest(session, of, at, found);
  if (!found.empty()) return found;
  for (const auto& party : parties)
    if (is_other(party))
      for (const auto& session : party.sessions) latest(session, of, at, found);
  return found;
}

void add_evaluations(OracleTalk& talk, const Value& conversation) {
  for (const auto& e : conversation["evaluations"].elements()) {
    if (text(e["evaluationStatus"]) != "Finished" || e["calibrationId"].present() ||
        e["deleted"].boolean_or(false))
      continue;
    talk.evaluations.push_back({text(e["userId"]), text(e["contextId"]), e["oTotalScore"].real(),
                                e["eventTime"].instant()});
  }
}

OracleTalk talk_of(const sim::TrueConversation& truth, const base::Zone& zone) {
  json::Document document;
  const Value body = document.parse(truth.body);
  const auto parties = parties_of(body);
  OracleTalk talk;
  talk.id = truth.id;
  talk.start = truth.start;
  talk.date = zone.local(truth.start).date;
  talk.week = week_of(talk.date);
  const auto local = truth.start + zone.offset(truth.start);
  talk.hour = static_cast<int>(local.time_since_epoch().count() / 3600000 % 24);
  talk.weekday = static_cast<int>((local.time_since_epoch().count() / 86400000 + 3) % 7 + 1);
  talk.is_open = !truth.end;
  talk.direction = text(body["originatingDirection"]);
  const auto* first = earliest(
      parties, [](const Party& p) { return p.purpose == "customer" || p.purpose == "external"; });
  if (first == nullptr) first = earliest(parties, [](const Party&) { return true; });
  if (first != nullptr) talk.channel = first->media;
  const auto* agent = agent_of(parties, "agent");
  if (agent == nullptr) agent = agent_of(parties, "user");
  if (agent != nullptr) {
    talk.agent = agent->user;
    talk.team = agent->team;
  }
  talk.queue =
      found_with(parties, agent, queue_in, [](const Party& p) { return p.purpose == "acd"; });
  talk.wrapup = found_with(parties, agent, wrapup_in, [](const Party& p) { return p.is_agent(); });
  for (const auto& party : parties)
    if ((party.purpose == "customer" || party.purpose == "external") && !party.contact.empty() &&
        (talk.customer.empty() || party.contact < talk.customer))
      talk.customer = party.contact;
  add_sums(talk, parties);
  add_legs(talk, parties, zone);
  std::optional<Instant> spoke_until;
  for (const auto& party : parties)
    if (party.is_agent())
      for (const auto& session : party.sessions)
        for (const auto& segment : session.segments)
          if (segment.type == "interact" && segment.end &&
              (!spoke_until || *segment.end > *spoke_until))
            spoke_until = segment.end;
  if (!spoke_until) spoke_until = truth.end;
  for (const auto& survey : truth.surveys)
    talk.surveys.push_back(oracle_survey(survey, talk, spoke_until, zone));
  add_evaluations(talk, body);
  return talk;
}

}  // namespace

std::vector<OracleTalk> oracle(sim::World& world, base::Day first, base::Day last, base::Instant t,
                               const base::Zone& zone) {
  std::vector<OracleTalk> talks;
  for (const auto& truth : sim::truth(world, first, last, t)) talks.push_back(talk_of(truth, zone));
  return talks;
}

std::string week_of(const std::string& date) {
  const auto day = *base::parse_day(date);
  const std::chrono::weekday weekday{day};
  return base::to_date(day - std::chrono::days(weekday.iso_encoding() - 1));
}

Bounds wilson(double hits, double n) {
  const double p = hits / n, z2 = kZ * kZ;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return {100 * (centre - half), 100 * (centre + half)};
}

Bounds adjusted_wald(double promoters, double detractors, double n) {
  const double m = n + 3, p = (promoters + 0.75) / m, d = (detractors + 0.75) / m;
  const double half = kZ * std::sqrt((p + d - (p - d) * (p - d)) / m);
  return {100 * std::max(-1.0, p - d - half), 100 * std::min(1.0, p - d + half)};
}

Bounds newcombe(double hits1, double n1, double hits0, double n0) {
  const double p1 = 100 * hits1 / n1, p0 = 100 * hits0 / n0;
  const auto one = wilson(hits1, n1), none = wilson(hits0, n0);
  return {p1 - p0 - std::hypot(p1 - one.low, none.high - p0),
          p1 - p0 + std::hypot(one.high - p1, p0 - none.low)};
}

}  // namespace csatdb::tests
