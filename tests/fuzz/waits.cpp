#include <algorithm>
#include <charconv>
#include <string>

#include "api/pacer.hpp"
#include "api/service_error.hpp"
#include "api/verdict.hpp"
#include "fuzz/target.hpp"

namespace csatdb::fuzz {
namespace {

using api::Verdict;
using base::Millis;

constexpr auto kHour = std::chrono::hours(1);

int status_of(std::string_view text) {
  int status = 429;
  std::from_chars(text.data(), text.data() + text.size(), status);
  return status;
}

/// An answer: its status, "Name: value" a line, an empty line, the body.
http::Response answer_of(std::string_view input) {
  http::Response got;
  got.status = status_of(take_until(input, '\n'));
  while (!input.empty()) {
    auto line = take_until(input, '\n');
    if (line.empty()) break;
    const auto name = take_until(line, ':');
    while (line.starts_with(' ')) line.remove_prefix(1);
    got.headers.set(name, line);
  }
  got.body = input;
  return got;
}

void judged(const http::Response& got) {
  const auto now = *base::parse_instant("2026-05-01T06:00:00Z");
  for (const int number : {1, 9}) {
    const auto verdict = api::judge(got, {number, http::Method::get, number > 1}, now, 0.5);
    require(verdict.delay >= Millis{0}, "nobody waits backwards");
    if (verdict.kind == Verdict::Kind::retry)
      require(verdict.delay <= api::kLongestWait, "nobody waits longer than the cap");
    if (verdict.kind != Verdict::Kind::accept)
      require(!verdict.reason.empty(), "what is not accepted has a reason");
  }
  const auto line = api::describe_error(got);
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  require(std::ranges::none_of(line, is_control), "an error is one plain line");
  // The code, the message, the limit and the id, shortened, and permissions.
  require(line.size() < 4096, "an error is one short line");
}

/// The same limit headers again and again never stop a run for good, nor let it go past the limit
/// it believes in.
void paced(const http::Headers& headers) {
  api::Pacer pacer({300, 0.8});
  Millis now = kHour;
  for (int i = 0; i < 40; ++i) {
    auto next = pacer.next(now);
    // What is found out on the way may put it off, a bounded number of times.
    for (int again = 0; next > now; ++again) {
      require(next <= now + 2 * kHour, "a request may leave within the longest window");
      require(again < 10, "a time that was named comes");
      now = next;
      next = pacer.next(now);
    }
    pacer.sent(now);
    const auto sent_at = now;
    now += Millis{100};
    pacer.answered(headers, sent_at, now);
    if (i == 20) pacer.throttled();
  }
}

}  // namespace

void waits(std::string_view input) {
  const auto got = answer_of(input);
  judged(got);
  paced(got.headers);
}

}  // namespace csatdb::fuzz
