#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "api/pacer.hpp"

using namespace csatdb;
using api::Pacer;
using api::Pacing;
using base::Millis;
using namespace std::chrono_literals;

namespace {

/// Fixed windows begin with a request or by the server's clock; others slide; one says nothing.
enum class Kind { fixed, aligned, sliding, silent };

/// A limiter as a service might have it: counts what it admits, and says so in headers.
class Limiter {
 public:
  struct Said {
    bool admitted;
    http::Headers headers;
  };

  /// `rounding` is added to the rest of the window before its whole seconds are told.
  explicit Limiter(Kind kind, Millis rounding = 999ms, Millis window = 60s)
      : kind_(kind), rounding_(rounding), window_(window) {}

  Said ask(Millis now) {
    roll(now);
    const bool admitted = static_cast<int>(log_.size()) < allowed_;
    if (admitted) log_.push_back(now);
    Said said{admitted, {}};
    if (kind_ == Kind::silent) return said;
    const Millis rest = (kind_ == Kind::sliding ? log_.front() : begin_) + window_ - now;
    said.headers.set("inin-ratelimit-count", std::to_string(log_.size()));
    said.headers.set("inin-ratelimit-allowed", std::to_string(allowed_));
    said.headers.set("inin-ratelimit-reset", std::to_string((rest + rounding_) / 1s));
    return said;
  }

 private:
  void roll(Millis now) {
    if (kind_ == Kind::sliding || kind_ == Kind::silent) {
      while (!log_.empty() && log_.front() + window_ <= now) log_.pop_front();
    } else if (now >= begin_ + window_) {
      log_.clear();
      begin_ = kind_ == Kind::fixed ? now : now - (now - begin_) % window_;
    }
  }

  static constexpr int allowed_ = 300;
  Kind kind_;
  Millis rounding_, window_, begin_ = -1h;
  std::deque<Millis> log_;
};

struct Load {
  int requests = 1500;
  int parallel = 8;
  Millis latency = 150ms, spread = 100ms;  // of one way there and back together
  double others_per_second = 0;
  bool others_are_regular = true;
  unsigned seed = 1;
};

struct Ran {
  Millis time{};
  int refused = 0;                     // our own 429s
  int others = 0, others_refused = 0;  // other clients' requests and 429s
  int first_second = 0;
  int most_in_a_minute = 0;
};

/// Sends so many requests through a pacer to a limiter, beside other clients, in simulated time.
Ran run(Limiter limiter, Pacing pacing, const Load& load) {
  struct Event {
    Millis at;
    std::function<void()> act;
    bool operator<(const Event& other) const { return at > other.at; }
  };
  std::priority_queue<Event> events;
  std::mt19937 random(load.seed);
  const auto way = [&] {
    const auto extra = std::uniform_int_distribution<std::int64_t>(0, load.spread.count())(random);
    return (load.latency + Millis(extra)) / 2;
  };
  const Millis start = 10'000s;
  Pacer pacer(pacing);
  Ran ran;
  int to_send = load.requests, in_flight = 0;
  Millis now = start - 30s;
  std::deque<Millis> minute;  // our own sends

  std::function<void()> other = [&] {
    if (now >= start) ++ran.others;
    if (!limiter.ask(now).admitted && now >= start) ++ran.others_refused;
    const double gap = load.others_are_regular
                           ? 1 / load.others_per_second
                           : std::exponential_distribution<>(load.others_per_second)(random);
    events.push({now + Millis(static_cast<int>(gap * 1000)), other});
  };
  if (load.others_per_second > 0) events.push({now, other});

  const auto send = [&] {
    pacer.sent(now);
    --to_send;
    ++in_flight;
    if (now < start + 1s) ++ran.first_second;
    while (!minute.empty() && minute.front() <= now - 60s) minute.pop_front();
    minute.push_back(now);
    ran.most_in_a_minute = std::max(ran.most_in_a_minute, static_cast<int>(minute.size()));
    events.push({now + way(), [&, sent = now] {
                   const auto said = limiter.ask(now);
                   if (!said.admitted) ++ran.refused;
                   events.push({now + way(), [&, sent, said] {
                                  --in_flight;
                                  pacer.answered(said.headers, sent, now);
                                }});
                 }});
  };

  while (to_send > 0 || in_flight > 0) {
    while (now >= start && to_send > 0 && in_flight < load.parallel && pacer.next(now) <= now)
      send();
    Millis next = events.empty() ? Millis::max() : events.top().at;
    if (now < start) next = std::min(next, start);
    if (now >= start && to_send > 0 && in_flight < load.parallel)
      next = std::min(next, pacer.next(now));
    now = std::max(now, next);
    if (events.empty() || events.top().at > now) continue;
    const auto act = events.top().act;
    events.pop();
    act();
  }
  ran.time = now - start;
  return ran;
}

double seconds(Millis t) { return static_cast<double>(t.count()) / 1000; }

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("no limiter answers 429 to a run that is alone with it") {
    for (const Kind kind : {Kind::fixed, Kind::aligned, Kind::sliding, Kind::silent}) {
      for (const Millis rounding : {0ms, 999ms, 1999ms}) {
        for (const double share : {0.3, 1.0}) {
          for (const Millis latency : {150ms, 2000ms}) {
            Load load;
            load.latency = latency;
            const Ran ran = run(Limiter(kind, rounding), {300, share}, load);
            CAPTURE(static_cast<int>(kind));
            CAPTURE(rounding.count());
            CAPTURE(share);
            CAPTURE(latency.count());
            CHECK(ran.refused == 0);
            // Two fixed windows meet within a minute.
            CHECK(ran.most_in_a_minute <= (kind == Kind::sliding ? 1.05 : 2) * 300 * share);
          }
        }
      }
    }
  }
  TEST_CASE(
      "beside clients that take half, no 429 is ours, few are theirs, and we get most of the "
      "rest") {
    for (const Kind kind : {Kind::fixed, Kind::aligned, Kind::sliding}) {
      for (const double share : {0.8, 1.0}) {
        for (unsigned seed = 1; seed <= 5; ++seed) {
          Load load;
          load.seed = seed;
          load.others_per_second = 2.5;
          const Ran ran = run(Limiter(kind), {300, share}, load);
          CAPTURE(static_cast<int>(kind));
          CAPTURE(share);
          CAPTURE(seed);
          CHECK(ran.refused == 0);
          CHECK(ran.others_refused < ran.others / 20);
          CHECK(seconds(ran.time) < 1500 / (0.8 * 2.5));
        }
      }
    }
  }
  TEST_CASE("others that come at random cost one 429 in a thousand requests at most") {
    for (const Kind kind : {Kind::fixed, Kind::aligned, Kind::sliding}) {
      int refused = 0;
      for (unsigned seed = 1; seed <= 5; ++seed) {
        Load load;
        load.seed = seed;
        load.others_per_second = 3;
        load.others_are_regular = false;
        refused += run(Limiter(kind), {}, load).refused;
      }
      CAPTURE(static_cast<int>(kind));
      CHECK(refused <= 5 * 1500 / 1000);
    }
  }
  TEST_CASE("a small run is not delayed, whatever the limiter says") {
    for (const Kind kind : {Kind::fixed, Kind::aligned, Kind::sliding, Kind::silent}) {
      Load load;
      load.requests = 30;
      CHECK(run(Limiter(kind), {}, load).time < 1s);
    }
  }
  TEST_CASE("a fixed window is used in a burst") {
    Load load;
    load.requests = 600;
    CHECK(seconds(run(Limiter(Kind::fixed), {300, 1.0}, load).time) < 0.65 * 600 / 5);
    load.requests = 6000;
    CHECK(seconds(run(Limiter(Kind::fixed), {300, 1.0}, load).time) < 1.0 * 6000 / 5);
    CHECK(seconds(run(Limiter(Kind::aligned), {300, 1.0}, load).time) < 1.0 * 6000 / 5);
    CHECK(seconds(run(Limiter(Kind::fixed), {300, 0.8}, load).time) < 1.0 * 6000 / 4);
  }
  TEST_CASE("what only slides, or says nothing, is asked smoothly at the budget") {
    for (const Kind kind : {Kind::sliding, Kind::silent}) {
      Load load;
      load.requests = 3000;
      const Ran ran = run(Limiter(kind), {300, 0.8}, load);
      CHECK(ran.most_in_a_minute <= 240);
      CHECK(seconds(ran.time) < 1.05 * 3000 / 4);
    }
  }
  TEST_CASE("a rate of 0 is no limit") {
    Load load;
    load.parallel = load.requests;
    CHECK(run(Limiter(Kind::fixed), {0, 0.8}, load).first_second == load.requests);
  }
  TEST_CASE("the service's own limit replaces the configured one") {
    Load load;
    load.requests = 3000;
    const Ran ran = run(Limiter(Kind::fixed), {60, 1.0}, load);
    CHECK(ran.refused == 0);
    CHECK(seconds(ran.time) < 1.0 * 3000 / 5);
  }
  TEST_CASE("nothing leaves before a pause is over") {
    Pacer pacer(Pacing{});
    pacer.pause_until(70s);
    pacer.pause_until(50s);
    CHECK(pacer.next(10s) == 70s);
    CHECK(pacer.next(71s) == 71s);
    Pacer unlimited(Pacing{0, 1});
    unlimited.pause_until(70s);
    CHECK(unlimited.next(10s) == 70s);
  }
  TEST_CASE("after a 429 requests leave one by one") {
    Pacer pacer(Pacing{});
    pacer.sent(0s);
    pacer.answered({}, 0s, 1s);
    pacer.throttled();
    int left = 0;
    for (Millis now = 1s; now < 11s; now += 10ms) {
      if (pacer.next(now) > now) continue;
      pacer.sent(now);
      ++left;
    }
    CHECK(left <= 2 + 10 * 240 / 60);
    CHECK(left >= 38);
  }
  TEST_CASE("limit headers that make no sense change nothing") {
    for (const char* bad : {"", "-1", "many", "99999999999999999999", "0x10", "3 0", "1e3"}) {
      Pacer pacer(Pacing{}), same(Pacing{});
      http::Headers headers;
      for (const char* name : {"allowed", "count", "reset"})
        headers.set(std::string("inin-ratelimit-") + name, bad);
      pacer.sent(0s);
      same.sent(0s);
      pacer.answered(headers, 0s, 100ms);
      same.answered({}, 0s, 100ms);
      for (int i = 0; i < 100; ++i) {
        CHECK(pacer.next(1s) == same.next(1s));
        pacer.sent(1s);
        same.sent(1s);
      }
    }
  }
}
