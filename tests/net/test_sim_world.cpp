#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "net/sim_bench.hpp"
#include "sim/truth.hpp"

using namespace csatdb;
using base::Instant;
using base::Millis;
using sim::SimBench;

namespace {

/// Sums over the metrics and segments of one session as delivered.
struct Sums {
  std::map<std::string, std::int64_t> metrics, segments, repeats;

  explicit Sums(const json::Value& session) {
    for (const auto& m : session["metrics"].elements()) {
      metrics[std::string(m["name"].text())] += m["value"].integer();
      ++repeats[std::string(m["name"].text())];
    }
    for (const auto& g : session["segments"].elements()) {
      if (g["segmentEnd"].present())
        segments[std::string(g["segmentType"].text())] +=
            (g["segmentEnd"].instant() - g["segmentStart"].instant()).count();
    }
  }
  std::int64_t metric(const std::string& name) const {
    const auto found = metrics.find(name);
    return found == metrics.end() ? 0 : found->second;
  }
  std::int64_t segment(const std::string& type) const {
    const auto found = segments.find(type);
    return found == segments.end() ? 0 : found->second;
  }
};

constexpr Instant kLater{Millis{1767225600000}};  // 2026-01-01: all but orphans have ended

std::vector<sim::TrueConversation> everything(sim::World& world, Instant t) {
  const auto& o = world.organisation();
  return sim::truth(world, o.first_day, o.first_day + std::chrono::days(o.days), t);
}

/// The statuses of a survey's life, as far as they must not go back.
int rank(const std::string& status) {
  if (status == "Pending") return 0;
  if (status == "Sent") return 1;
  return status == "InProgress" ? 2 : 3;
}

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("the identities of the service's metrics hold in every finished session") {
    SimBench bench;
    int handled = 0;
    int queued = 0;
    int menus = 0;
    int wide = 0;
    int repeated = 0;
    for (const auto& row : everything(bench.world, kLater)) {
      if (!row.end) continue;
      json::Document document;
      Instant last{};
      for (const auto& p : document.parse(row.body)["participants"].elements()) {
        const auto purpose = p["purpose"].text();
        for (const auto& s : p["sessions"].elements()) {
          const Sums sums(s);
          for (const auto& g : s["segments"].elements())
            last = std::max(last, g["segmentEnd"].instant());
          for (const auto& [name, count] : sums.repeats) repeated += count > 1 ? 1 : 0;
          wide += sums.metric("tConnected") > 4294967296 ? 1 : 0;
          if (sums.metrics.contains("tHandle")) {
            ++handled;
            CHECK(sums.metric("tTalk") == sums.metric("tTalkComplete"));
            CHECK(sums.metric("tHeld") == sums.metric("tHeldComplete"));
            CHECK(sums.metric("tHandle") == sums.metric("tTalk") + sums.metric("tHeld") +
                                                sums.metric("tAcw") + sums.metric("tContacting") +
                                                sums.metric("tDialing"));
            CHECK(sums.metric("tTalk") == sums.segment("interact"));
            CHECK(sums.metric("tHeld") == sums.segment("hold"));
            CHECK(sums.metric("tAcw") == sums.segment("wrapup"));
            CHECK(sums.metric("tAlert") == sums.segment("alert"));
          }
          if (purpose == "acd") {
            ++queued;
            CHECK(sums.metric("nOffered") == 1);
            CHECK(sums.metric("tAcd") == sums.segment("interact"));
          }
          if (purpose == "ivr") {
            ++menus;
            CHECK(sums.metric("tIvr") == sums.segment("ivr"));
            CHECK(sums.metric("tFlow") <= sums.metric("tIvr"));
          }
        }
      }
      CHECK(last == *row.end);
    }
    CHECK(handled > 1000);
    CHECK(queued > 1000);
    CHECK(menus > 500);
    CHECK(wide > 0);
    CHECK(repeated > 100);
  }
  TEST_CASE("an answered wait is the wait of the queue before it") {
    SimBench bench;
    int answered = 0;
    for (const auto& row : everything(bench.world, kLater)) {
      json::Document document;
      std::set<std::int64_t> waits;
      for (const auto& p : document.parse(row.body)["participants"].elements()) {
        for (const auto& s : p["sessions"].elements()) {
          const Sums sums(s);
          if (p["purpose"].text() == "acd") waits.insert(sums.metric("tAcd"));
          if (!sums.metrics.contains("tAnswered")) continue;
          ++answered;
          CHECK(waits.contains(sums.metric("tAnswered")));
        }
      }
    }
    CHECK(answered > 1000);
  }
  TEST_CASE("the world is odd in the ways the service is") {
    auto organisation = SimBench::organisation();
    organisation.interactions = 6000;
    SimBench bench({}, organisation);
    std::map<std::string, int> met;
    for (const auto& row : everything(bench.world, kLater)) {
      json::Document document;
      const auto root = document.parse(row.body);
      Instant first = sim::kNever;
      met["several divisions"] += root["divisionIds"].elements().size() > 1;
      met["never ends"] += !row.end;
      met["several surveys"] += row.surveys.size() > 1;
      met["tagged"] += root["externalTag"].present();
      for (const auto& p : root["participants"].elements()) {
        for (const auto& s : p["sessions"].elements()) {
          met["media " + std::string(s["mediaType"].text())] += 1;
          met["no segments"] += s["segments"].elements().empty();
          for (const auto& g : s["segments"].elements()) {
            first = std::min(first, g["segmentStart"].instant());
            met["no length"] +=
                g["segmentEnd"].present() && g["segmentEnd"].text() == g["segmentStart"].text();
            met["literal code"] += g["wrapUpCode"].text_or("").starts_with("ININ-");
          }
          for (const auto& m : s["metrics"].elements()) {
            const auto length = m["emitDate"].text().size();
            met["odd decimals"] += length != 24;
            met[std::string(m["name"].text())] += 1;
          }
        }
      }
      met["starts before its segments"] += row.start < first;
    }
    for (const auto* oddity : {"several divisions",
                               "never ends",
                               "several surveys",
                               "tagged",
                               "no segments",
                               "no length",
                               "literal code",
                               "odd decimals",
                               "starts before its segments",
                               "media voice",
                               "media chat",
                               "media email",
                               "media message",
                               "media callback",
                               "tAbandon",
                               "tShortAbandon",
                               "tFlowOut",
                               "tVoicemail",
                               "nConsultTransferred",
                               "nBlindTransferred",
                               "tNotResponding",
                               "nOverSla",
                               "tPark",
                               "nOutboundAttempted",
                               "nFlowOutcome"}) {
      INFO(oddity);
      CHECK(met[oddity] > 0);
    }
  }
  TEST_CASE("what the world shows only grows, but for corrections and erasures") {
    auto organisation = SimBench::organisation();
    organisation.interactions = 400;
    organisation.rates.correction = 0;
    organisation.rates.erasure = 0;
    organisation.rates.survey_deleted = 0;
    sim::World world(organisation);
    std::map<std::string, sim::TrueConversation> before;
    int moved = 0;
    for (int hours = 0; hours <= 24 * 140; hours += 61) {
      const Instant t = SimBench::kNow - std::chrono::days(3) + std::chrono::hours(hours);
      std::map<std::string, sim::TrueConversation> now;
      for (auto& row : everything(world, t)) now.emplace(row.id, row);
      for (const auto& [id, old] : before) {
        REQUIRE(now.contains(id));
        const auto& row = now.at(id);
        CHECK(row.start == old.start);
        if (old.end) CHECK(row.end == old.end);
        // Spellings vary in length; nothing else ever gets shorter.
        CHECK(row.body.size() + 200 >= old.body.size());
        REQUIRE(row.surveys.size() >= old.surveys.size());
        for (std::size_t i = 0; i < old.surveys.size(); ++i) {
          CHECK(row.surveys[i].id == old.surveys[i].id);
          CHECK(rank(row.surveys[i].status) >= rank(old.surveys[i].status));
          CHECK(row.surveys[i].event_time >= old.surveys[i].event_time);
          moved += row.surveys[i].status != old.surveys[i].status;
        }
      }
      before = std::move(now);
    }
    CHECK(moved > 50);
  }
  TEST_CASE("answers come up to a hundred days after the call") {
    SimBench bench;
    Millis longest{0};
    for (const auto& row : everything(bench.world, kLater)) {
      for (const auto& s : row.surveys) {
        if (s.answers && row.end) longest = std::max(longest, s.event_time - row.start);
      }
    }
    CHECK(longest > std::chrono::days(60));
    CHECK(longest <= std::chrono::days(101));
  }
  TEST_CASE("a survey's scores add up") {
    SimBench bench;
    int finished = 0;
    std::set<std::string> texts;
    for (const auto& row : everything(bench.world, kLater)) {
      for (const auto& s : row.surveys) {
        if (!s.answers) continue;
        ++finished;
        json::Document document;
        const auto root = document.parse(s.body);
        CHECK(root["status"].text() == "Finished");
        std::map<std::string, std::int64_t> values;
        for (const auto& g : root["surveyForm"]["questionGroups"].elements()) {
          for (const auto& q : g["questions"].elements()) {
            for (const auto& o : q["answerOptions"].elements())
              values[std::string(o["id"].text())] = o["value"].integer();
          }
        }
        double points = 0;
        double most = 0;
        for (const auto& g : root["answers"]["questionGroupScores"].elements()) {
          double group = 0;
          for (const auto& q : g["questionScores"].elements()) {
            if (q["answerId"].present())
              CHECK(values.at(std::string(q["answerId"].text())) == q["score"].integer());
            group += static_cast<double>(q["score"].integer_or(0));
            if (q["npsScore"].present())
              CHECK(q["npsScore"].integer() == root["answers"]["npsScore"].integer());
            texts.insert(std::string(q["freeTextAnswer"].text_or("")));
          }
          CHECK(group == doctest::Approx(g["totalScore"].real()));
          if (g["markedNA"].boolean()) continue;
          points += g["totalScore"].real();
          most += g["maxTotalScore"].real();
        }
        if (most > 0)
          CHECK(root["answers"]["totalScore"].real() ==
                doctest::Approx(100 * points / most).epsilon(0.001));
      }
    }
    CHECK(finished > 100);
    CHECK(texts.size() > 10);
  }
  TEST_CASE("the night changes young conversations, and erasure removes old ones") {
    auto organisation = SimBench::organisation();
    organisation.interactions = 6000;
    organisation.rates.correction = 0.05;
    organisation.rates.erasure = 0.01;
    sim::World world(organisation);
    const auto day = organisation.first_day + std::chrono::days(3);
    const auto at = [&](int days) {
      std::map<std::string, std::string> bodies;
      for (const auto& row :
           sim::truth(world, day, day + std::chrono::days(1),
                      Instant(day) + std::chrono::days(days) + std::chrono::hours(12)))
        if (row.end && row.surveys.empty()) bodies[row.id] = row.body;
      return bodies;
    };
    const auto changed = [](const auto& from, const auto& to) {
      int count = 0;
      for (const auto& [id, body] : from) count += to.contains(id) && to.at(id) != body;
      return count;
    };
    const auto d1 = at(1);
    const auto d3 = at(3);
    CHECK(changed(d1, d3) > 3);
    CHECK(d3.size() > d1.size());  // latecomers
    int gone = 0;
    const auto old = everything(world, SimBench::kNow + std::chrono::days(60));
    std::set<std::string> left;
    for (const auto& row : old) left.insert(row.id);
    for (const auto& row : everything(world, SimBench::kNow)) {
      if (left.contains(row.id)) continue;
      ++gone;
      CHECK_FALSE(sim::truth(world, row.id, SimBench::kNow + std::chrono::days(60)).has_value());
    }
    CHECK(gone > 10);
  }
  TEST_CASE("the directory changes while time passes") {
    SimBench bench;
    const auto count = [&](std::string path) {
      json::Document document;
      const auto response = bench.get(path);
      REQUIRE(response.status == 200);
      return document.parse(response.body)["total"].integer();
    };
    const auto users = count("/users?pageSize=500&state=any");
    const auto active = count("/users?pageSize=500");
    CHECK(active < users);
    CHECK(count("/users?pageSize=500&state=active") == active);
    const auto before = bench.get("/routing/queues?pageSize=500").body;
    const auto forms = bench.get("/quality/publishedforms/surveys?pageSize=500").body;
    bench.clock.advance(std::chrono::days(90));
    bench.bearer.clear();
    CHECK(count("/users?pageSize=500&state=any") > users);
    CHECK(count("/users?pageSize=500&state=deleted") > 0);
    CHECK(bench.get("/routing/queues?pageSize=500").body != before);
    CHECK(bench.get("/quality/publishedforms/surveys?pageSize=500").body.size() > forms.size());
  }
  TEST_CASE("an id leads back to what it names and to nothing in another organisation") {
    const sim::Ids ids(1);
    const sim::Ids others(2);
    std::set<std::string> seen;
    for (std::uint32_t i = 0; i < 2000; ++i) {
      const sim::Place place{sim::Kind::survey, 20000 + i % 400, i * 7919U % (1U << 28U), i % 4096};
      const auto text = ids.text(place);
      CHECK(seen.insert(text).second);
      REQUIRE(ids.place(text).has_value());
      CHECK(*ids.place(text) == place);
      CHECK_FALSE(others.place(text).has_value());
    }
    for (const auto* bad :
         {"", "x", "01234567-89ab-4def-8123-456789abcdef", "01234567-89ab-4def-8123-456789abcdeF",
          "0123456789ab4def8123456789abcdef"})
      CHECK_FALSE(ids.place(bad).has_value());
  }
}
