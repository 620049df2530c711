#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "sim/selection.hpp"

namespace csatdb::sim {

/// An asynchronous query as the service keeps it.
struct Job {
  int number = 0;
  std::string query;  ///< the request's body
  base::Instant submitted;
  base::Millis begun{0}, done{0},
      expires{0};      ///< ticks: a job takes time also where dates stand still
  base::Instant lake;  ///< the watermark its results are true to
  bool fails = false, expires_early = false;
  int lost_page = -1;  ///< the page whose cursor the service forgets once
};

/// The jobs of one service, by id.
class Jobs {
 public:
  std::string add(Job job, std::string id);
  Job* find(std::string_view id);
  void remove(std::string_view id);
  int count() const { return next_; }

 private:
  int next_ = 0;
  std::map<std::string, Job, std::less<>> jobs_;
};

/// The state of a job at a tick, as AsyncQueryStatus spells it.
std::string_view state_of(const Job& job, base::Millis tick);

std::string base64(std::string_view bytes);

/// Cursors are opaque base64 with characters that a URL must escape.
std::string make_cursor(int job, int offset);
/// The offset, or nothing if it is no cursor of this job.
std::optional<int> read_cursor(int job, std::string_view cursor);

}  // namespace csatdb::sim
