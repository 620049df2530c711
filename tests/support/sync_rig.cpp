#include "support/sync_rig.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <sstream>

#include "base/stop.hpp"
#include "json/reader.hpp"
#include "warehouse/logical.hpp"
#include "warehouse/query.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::support {
namespace {

using base::Instant;
using base::Millis;

/// Notes what passes, and lets a test answer in the service's stead.
class Watched final : public http::Transport {
 public:
  Watched(http::Transport& inner, SyncRig& rig) : inner_(inner), rig_(rig) {}

  void start(http::Ticket ticket, http::Request request) override {
    if (request.target.find("/oauth/token") != std::string::npos)
      return inner_.start(ticket, std::move(request));
    rig_.asked.push_back({rig_.clock.now(), request, 0, {}});
    places_[ticket] = rig_.asked.size() - 1;
    if (auto instead = rig_.before ? rig_.before(request) : std::nullopt) {
      instead->headers.set("Date", base::to_http_date(rig_.clock.now()));
      done_.push_back({ticket, *std::move(instead)});
    } else {
      inner_.start(ticket, std::move(request));
    }
  }
  std::vector<http::Answer> wait(Millis at_most) override {
    auto answers = done_.empty() ? inner_.wait(at_most) : std::exchange(done_, {});
    for (const auto& answer : answers) {
      const auto place = places_.find(answer.ticket);
      if (place == places_.end()) continue;
      auto& asked = rig_.asked[place->second];
      asked.status = answer.response.status;
      if (answer.response.failure == http::Failure::none)
        asked.body = http::inflate(answer.response, std::size_t{1} << 28U);
    }
    return answers;
  }

 private:
  http::Transport& inner_;
  SyncRig& rig_;
  std::map<http::Ticket, std::size_t> places_;
  std::vector<http::Answer> done_;
};

/// The machine's own clock, which may be wrong.
class LocalClock final : public base::Clock {
 public:
  LocalClock(const base::Clock& truth, Millis error) : truth_(truth), error_(error) {}
  Instant now() const override { return truth_.now() + error_; }
  Millis ticks() const override { return truth_.ticks(); }

 private:
  const base::Clock& truth_;
  Millis error_;
};

/// A process's own connection to the service.
struct Line {
  explicit Line(SyncRig& rig)
      : local(rig.clock, rig.local_error),
        wire(rig.service, rig.clock, rig.latency),
        watched(wire, rig),
        client(watched, local, {"http://127.0.0.1:1", "http://127.0.0.1:1/oauth/token"},
               {"demo", "demo-secret"}, rig.pacing, 1) {
    rig.asked.clear();
    base::stop::reset();
  }

  LocalClock local;
  sim::InProcess wire;
  Watched watched;
  api::Client client;
};

}  // namespace

http::Response answer_json(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

bool Asked::is(http::Method method, std::string_view part) const {
  return request.method == method && request.target.find(part) != std::string::npos;
}

sim::Organisation SyncRig::quiet(int days, std::int64_t conversations) {
  sim::Organisation o;
  o.first_day = today() - std::chrono::days(days);
  o.days = days;
  o.interactions = conversations;
  o.agents = 20;
  o.queues = 6;
  o.rates.correction = o.rates.latecomer = o.rates.erasure = o.rates.orphan = 0;
  o.rates.survey_deleted = 0;
  return o;
}

sim::Options SyncRig::unlimited() {
  sim::Options options;
  options.rate = 0;
  options.job_delay = Millis{0};
  return options;
}

SyncRig::SyncRig(const sim::Organisation& organisation, sim::Options options)
    : world(organisation), service(world, clock, std::move(options)) {
  settings.since = organisation.first_day;
}

sync::Report SyncRig::sync() {
  Line line(*this);
  warehouse::Warehouse store({path(), Millis{0}, "test"});
  sync::Silent silent;
  const auto report = sync::Engine(store, line.client, line.local, silent, settings).run();
  stats = line.client.stats();
  base::stop::reset();
  return report;
}

sync::Forecast SyncRig::forecast() {
  Line line(*this);
  warehouse::Scratch scratch(path());
  return sync::forecast(scratch, line.client, settings);
}

void SyncRig::sync_well() {
  const auto report = sync();
  for (const auto& gap : report.gaps) MESSAGE(gap.resource, " ", gap.scope, ": ", gap.message);
  if (report.ended_by) MESSAGE(report.ended_by->what());
  REQUIRE(report.exit_code() == 0);
}

std::vector<Asked> SyncRig::asked_for(http::Method method, std::string_view part) const {
  std::vector<Asked> found;
  for (const auto& one : asked) {
    if (one.is(method, part)) found.push_back(one);
  }
  return found;
}

std::size_t SyncRig::count(http::Method method, std::string_view part) const {
  return asked_for(method, part).size();
}

std::vector<std::string> SyncRig::days_asked(model::Via via) const {
  std::vector<std::string> days;
  for (const auto& one : asked_for(http::Method::post, "/conversations/details/")) {
    if (one.request.target.ends_with("/jobs") != (via == model::Via::job)) continue;
    json::Document document;
    const auto body = document.parse(one.request.body);
    if (body["surveyFilters"].present() || body["paging"]["pageNumber"].integer_or(1) != 1)
      continue;
    const auto interval = body["interval"].text();
    const auto slash = interval.find('/');
    const auto end = *base::parse_instant(interval.substr(slash + 1));
    for (auto day = base::day_of(*base::parse_instant(interval.substr(0, slash)));
         Instant{day} < end; day += std::chrono::days(1))
      days.push_back(base::to_date(day));
  }
  return days;
}

std::vector<std::string> SyncRig::rows(const std::string& sql) const {
  SQLite::Database database(path(), SQLite::OPEN_READONLY);
  SQLite::Statement query(database, sql);
  std::vector<std::string> found;
  while (query.executeStep()) {
    std::string line;
    for (int i = 0; i < query.getColumnCount(); ++i) {
      if (i > 0) line += '|';
      line += query.getColumn(i).getString();
    }
    found.push_back(std::move(line));
  }
  return found;
}

std::string SyncRig::value(const std::string& sql) const {
  auto all = rows(sql);
  return all.empty() ? "" : all.front();
}

void SyncRig::execute(const std::string& sql) const {
  SQLite::Database database(path(), SQLite::OPEN_READWRITE);
  database.exec(sql);
}

std::string SyncRig::logical() const {
  std::ostringstream out;
  warehouse::write_logical(warehouse::Reader(path()), out);
  return out.str();
}

}  // namespace csatdb::support
