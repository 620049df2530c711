#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "api/hosts.hpp"
#include "api/pacer.hpp"
#include "api/token.hpp"
#include "api/verdict.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "http/transport.hpp"

namespace csatdb::api {

/// The final answer to a request.
struct Outcome {
  http::Ticket ticket;
  http::Response response;  ///< its body is plain
  std::optional<base::Error>
      error;  ///< why there is no answer to use: the retries or the client gave up
};

/// Counts since the client was made; bytes are those of bodies.
struct Stats {
  std::uint64_t requests = 0;   ///< sent, with those for tokens
  std::uint64_t retries = 0;    ///< of them, sent again
  std::uint64_t throttled = 0;  ///< answers with status 429
  std::uint64_t bytes_received = 0, bytes_unpacked = 0;
  base::Millis waited{};  ///< time with requests held back and none under way
};

/// Why held requests do not leave, for progress display.
struct Hold {
  enum class Why { token, pacing, retry, pause };
  Why why;
  base::Millis rest;   ///< how much longer, as far as known
  std::string reason;  ///< of a retry or a pause: what the service answered
};

/// The door to the API with token, pacing and retries: start requests, wait for final answers. One
/// thread; time passes only inside `wait`, in the transport's own `wait`.
class Client {
 public:
  /// `seed` draws the jitter of retries.
  Client(http::Transport& transport, const base::Clock& clock, Hosts hosts, Credentials credentials,
         Pacing pacing = {}, std::uint64_t seed = std::random_device{}());

  /// Begins a request to a target relative to the API ("/api/v2/…"), or absolute on it: any other
  /// host is refused, so that the token goes nowhere else. Never blocks, never fails: what goes
  /// wrong is in the outcome. The ticket must be unique while in flight.
  void start(http::Ticket ticket, http::Request request);

  /// Final answers, waiting for the first of them for at most so long; waits so long also with
  /// nothing in flight. Returns at once when a clean end was asked for (base/stop.hpp), and sends
  /// nothing from then on.
  std::vector<Outcome> wait(base::Millis at_most);

  /// Nobody waits any more for what was started: its outcomes are not told, its tickets are free.
  void abandon();

  /// Requests started and not handed out yet.
  std::size_t in_flight() const { return held_.size() + sent_.size() + done_.size(); }
  /// The service's time: the local clock, corrected where the service's Date headers contradict it
  /// by more than 2 s. Steps back only where a clock was far off, never by the noise of a header.
  base::Instant now() const;
  /// The service asked for a longer wait than is waited for: nothing is sent any more.
  bool is_closed() const { return clock_.ticks() < closed_until_; }
  const Stats& stats() const { return stats_; }
  /// Nothing if no request is held back.
  std::optional<Hold> hold() const;
  const Hosts& hosts() const { return hosts_; }

 private:
  /// A request on its way to a final answer. Times are `Clock::ticks`.
  struct Job {
    http::Ticket ticket = 0;
    http::Request request;  ///< its target is absolute
    Attempt attempt;
    base::Millis not_before = base::Millis::min(), sent_at{};
    int token_generation = 0;
    std::string reason = {};  ///< of the retry that it waits for
    bool is_abandoned = false;
  };

  void send_what_may_leave();
  void send(Job& job, http::Ticket wire, http::Request request);
  bool has_usable_token() const;
  void refresh_token(base::Millis now);
  base::Millis next_departure(base::Millis now) const;

  void receive(http::Answer answer);
  void settle(Job job, http::Response response);
  void settle_token(http::Response response);
  void token_failed(const base::Error& error);
  void hold_again(Job job, const Verdict& verdict, base::Millis now);
  void obey(const Verdict& verdict, const http::Response& response, base::Millis now);
  void fail_held(const base::Error& error);
  void learn_skew(const http::Response& response, base::Millis sent_at);

  http::Transport& transport_;
  const base::Clock& clock_;
  Hosts hosts_;
  Credentials credentials_;
  Pacer pacer_;
  int attempts_;
  std::mt19937_64 random_;

  Token token_;
  Job token_job_;
  bool fetching_token_ = false;

  std::deque<Job> held_;              // in the order of starting
  std::map<http::Ticket, Job> sent_;  // by the ticket given to the transport
  std::deque<http::Answer> arrived_;  // as they came
  std::vector<Outcome> done_;
  http::Ticket last_wire_ticket_ = 0;
  /// Until then nothing is sent at all: the service asked for a longer wait than is waited for.
  base::Millis closed_until_ = base::Millis::min();
  std::string pause_reason_;
  base::Millis skew_{};
  mutable base::Instant told_{};  // what now() said last
  Stats stats_;
};

}  // namespace csatdb::api
