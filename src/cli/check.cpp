#include "cli/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "resources/catalogue.hpp"

namespace csatdb::cli {
namespace {

using base::Instant;
using base::Millis;

constexpr std::array kWords{"OK", "WARNING", "CRITICAL"};
constexpr double kFullSoonDays = 7, kFullNowDays = 1;

/// The resource read least recently, of those that every complete warehouse has.
struct Stalest {
  std::string resource;
  std::optional<Instant> through;  ///< nothing: never read
};

Stalest stalest(const warehouse::Health& health) {
  Stalest worst{"", Instant::max()};
  for (const auto* resource : resources::catalogue()) {
    // Trouble with the others is a gap, or needs no telling.
    if (resource->cadence == model::Cadence::chase || resources::is_dispensable(*resource) ||
        !resource->stands_in_for.empty())
      continue;
    const auto found =
        std::ranges::find(health.resources, resource->name, &warehouse::ResourceHealth::name);
    const auto through = found == health.resources.end() ? std::nullopt : found->fresh_through;
    if (through < worst.through) worst = {std::string(resource->name), through};
  }
  return worst;
}

/// Problems by how bad they are.
class Findings {
 public:
  void add(int code, std::string what) {
    code_ = std::max(code_, code);
    found_.emplace_back(code, std::move(what));
  }
  int code() const { return code_; }
  /// The worst first.
  std::string text() {
    std::ranges::stable_sort(found_, std::greater{}, &std::pair<int, std::string>::first);
    std::vector<std::string> texts;
    for (auto& [code, what] : found_) texts.push_back(std::move(what));
    return fmt::format("{}", fmt::join(texts, "; "));
  }

 private:
  int code_ = 0;
  std::vector<std::pair<int, std::string>> found_;
};

void judge_run(const warehouse::Health& health, Findings& findings) {
  const auto last = std::ranges::find(health.runs, "sync", &warehouse::PastRun::command);
  if (last == health.runs.end()) return;
  if (!last->ended) {
    if (health.running.empty()) findings.add(1, "the last sync was killed: run it again");
  } else if (last->outcome != "ok" && last->outcome != "interrupted") {
    findings.add(1, fmt::format("the last sync ended with {}{}{}", last->outcome,
                                last->message.empty() ? "" : ": ", last->message));
  }
}

void judge_disk(const warehouse::Health& health, Findings& findings) {
  const auto left = health.days_left();
  if (left && *left < kFullSoonDays)
    findings.add(*left < kFullNowDays ? 2 : 1,
                 fmt::format("the disk is full in {:.1f} days at this pace", *left));
}

/// One line, and no bar: what follows a bar is performance data.
std::string plain(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == '|') c = ' ';
  return text;
}

}  // namespace

std::vector<warehouse::FailedScope> gaps(const warehouse::Health& health) {
  auto found = health.failed;
  std::erase_if(found, [](const auto& scope) {
    const auto* resource = resources::find(scope.resource);
    return scope.outcome == base::name(base::Fault::denied) && resource != nullptr &&
           resources::is_dispensable(*resource);
  });
  return found;
}

Check check(const warehouse::Health& health, const Bounds& bounds, Instant now) {
  Findings findings;
  const auto worst = stalest(health);
  const auto age = worst.through ? std::max(now - *worst.through, Millis{0}) : Millis::max();
  if (!worst.through)
    findings.add(2, fmt::format("{} never read: run `csatdb sync`", worst.resource));
  else if (age > bounds.max_age)
    findings.add(2, fmt::format("{} last read {} ago, more than {}", worst.resource,
                                base::to_words(age), base::to_words(bounds.max_age)));
  const auto count = static_cast<std::int64_t>(gaps(health).size());
  if (count > 0)
    findings.add(
        count > bounds.max_gaps ? 2 : 1,
        fmt::format("{} gaps, {} allowed: `csatdb status` lists them", count, bounds.max_gaps));
  judge_run(health, findings);
  judge_disk(health, findings);
  const auto seconds = [](Millis t) {
    return std::chrono::duration_cast<std::chrono::seconds>(t).count();
  };
  const auto text = findings.code() > 0
                        ? findings.text()
                        : fmt::format("read through {} UTC ({} ago), no gaps",
                                      base::to_sql(*worst.through), base::to_words(age));
  auto line = fmt::format("{} - {} | gaps={};0;{};0 size={}B;;;0",
                          kWords.at(static_cast<std::size_t>(findings.code())), plain(text), count,
                          bounds.max_gaps, health.bytes);
  if (worst.through) line += fmt::format(" age={}s;;{};0", seconds(age), seconds(bounds.max_age));
  return {findings.code(), line};
}

Check unreadable(const std::string& why) { return {2, fmt::format("CRITICAL - {}", plain(why))}; }

}  // namespace csatdb::cli
