#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "base/log.hpp"

namespace csatdb::cli {
namespace {

using base::Millis;

constexpr Millis kLineEvery{100};    // faster is flicker
constexpr Millis kLogEvery{10'000};  // enough for a log that is read later

std::string describe(const api::Hold& hold) {
  const auto rest = base::to_words(hold.rest);
  switch (hold.why) {
    case api::Hold::Why::token:
      return "waiting for a token";
    case api::Hold::Why::pacing:
      return fmt::format("pacing, {}", rest);
    case api::Hold::Why::retry:
      return fmt::format("retry in {}: {}", rest, hold.reason);
    case api::Hold::Why::pause:
      return fmt::format("paused {}: {}", rest, hold.reason);
  }
  return {};
}

/// What matters most first: a terminal shows what fits.
std::string describe(const sync::Status& s) {
  auto text = fmt::format("{} done", s.scopes_done);
  if (s.scopes_left > 0) text += fmt::format(", {} to go", s.scopes_left);
  if (s.left) text += fmt::format(", about {} left", base::to_words(*s.left));
  if (s.hold && s.hold->why != api::Hold::Why::pacing) text += " | " + describe(*s.hold);
  if (!s.doing.empty()) text += " | " + s.doing;
  const auto ms = static_cast<double>(std::max(s.elapsed, Millis{1}).count());
  return text + fmt::format(" | {} requests ({:.1f}/s), {} rows, {} changed in {}", s.requests,
                            static_cast<double>(s.requests) * 1000 / ms, s.rows_seen,
                            s.rows_changed, base::to_words(s.elapsed));
}

/// Rewrites one line.
class Line final : public Ticker {
 public:
  Line(std::ostream& err, int width, const base::Clock& clock)
      : err_(err), width_(static_cast<std::size_t>(width)), clock_(clock) {
    current_ = this;
    base::log::before_line([] {
      if (current_ != nullptr) current_->erase();
    });
  }
  ~Line() override {
    erase();
    current_ = nullptr;
    base::log::before_line(nullptr);
  }
  Line(const Line&) = delete;

  bool is_due() override { return !is_shown_ || clock_.ticks() - shown_at_ >= kLineEvery; }
  void show(const std::string& text) override {
    shown_at_ = clock_.ticks();
    is_shown_ = true;
    err_ << "\r\x1b[2K" << text.substr(0, width_ - 1) << std::flush;
  }
  void finish() override { erase(); }

 private:
  void erase() {
    if (is_shown_) err_ << "\r\x1b[2K" << std::flush;
    is_shown_ = false;
  }
  static inline Line* current_ = nullptr;
  std::ostream& err_;
  std::size_t width_;
  const base::Clock& clock_;
  Millis shown_at_{};
  bool is_shown_ = false;
};

/// Logs now and then.
class Lines final : public Ticker {
 public:
  explicit Lines(const base::Clock& clock) : clock_(clock), shown_at_(clock.ticks()) {}
  bool is_due() override { return clock_.ticks() - shown_at_ >= kLogEvery; }
  void show(const std::string& text) override {
    shown_at_ = clock_.ticks();
    base::log::info("{}", text);
  }

 private:
  const base::Clock& clock_;
  Millis shown_at_;
};

class Quiet final : public Ticker {
 public:
  bool is_due() override { return false; }
  void show(const std::string& /*text*/) override {}
};

/// Puts a run's status into words.
class Narrator final : public sync::Progress {
 public:
  explicit Narrator(std::unique_ptr<Ticker> ticker) : ticker_(std::move(ticker)) {}
  void show(const sync::Status& status) override {
    if (ticker_->is_due()) ticker_->show(describe(status));
  }
  void finish() override { ticker_->finish(); }

 private:
  std::unique_ptr<Ticker> ticker_;
};

}  // namespace

std::unique_ptr<Ticker> ticker(std::ostream& err, const Terminal& terminal,
                               const base::Clock& clock, bool is_quiet) {
  if (is_quiet) return std::make_unique<Quiet>();
  if (terminal.err) return std::make_unique<Line>(err, terminal.width, clock);
  return std::make_unique<Lines>(clock);
}

std::unique_ptr<sync::Progress> progress(const Process& process) {
  return std::make_unique<Narrator>(ticker(process.err, process.terminal, process.clock,
                                           !base::log::enabled(base::log::Level::info)));
}

}  // namespace csatdb::cli
