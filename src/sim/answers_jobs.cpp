#include <algorithm>

#include "sim/answers.hpp"
#include "sim/draw.hpp"
#include "sim/strict.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using base::Millis;

constexpr int kPageDefault = 1000;

Job& job_or_404(Exchange& x) {
  auto* job = x.jobs.find(x.call.parts.front());
  if (job == nullptr) throw not_found(x.call.parts.front());
  return *job;
}

/// An instant without decimals, as dataAvailabilityDate comes (genesys-api 3.6).
std::string whole_seconds(Instant t) {
  auto text = base::to_iso(std::chrono::floor<std::chrono::seconds>(t));
  return text.substr(0, 19) + "Z";
}

}  // namespace

Instant watermark(const Options& options, Instant now) {
  if (options.lake_lag.count() == 0) return std::chrono::floor<std::chrono::seconds>(now);
  // The lake is loaded hour by hour.
  return std::chrono::floor<std::chrono::hours>(now - options.lake_lag) + Millis{201000};
}

void answer_job_submission(Exchange& x) {
  interval_of((*x.request)["interval"].text());
  Job job;
  job.query = x.request->dump();
  job.submitted = x.now;
  job.begun = x.ticks;
  job.done = x.ticks + x.options.job_delay;
  job.expires = job.done + x.options.job_life;
  job.lake = watermark(x.options, x.now);
  Draw fate(mix(x.world.organisation().seed, 0x70B5U, static_cast<std::uint64_t>(x.jobs.count())));
  job.fails = fate.chance(x.options.job_fails);
  job.expires_early = fate.chance(x.options.job_expires);
  if (fate.chance(x.options.job_loses_cursor)) job.lost_page = 1 + fate.below(2);
  const auto number = static_cast<std::uint32_t>(x.jobs.count());
  x.status = 202;
  x.out.open().member("jobId",
                      x.jobs.add(std::move(job), x.world.ids().text({Kind::job, 0, number, 0})));
  x.out.close();
}

void answer_job_status(Exchange& x) {
  const auto& job = job_or_404(x);
  const auto state = state_of(job, x.ticks);
  x.out.open().member("state", state);
  if (state == "FAILED") x.out.member("errorMessage", "The query could not be completed");
  const auto at = [&](Millis tick) { return job.submitted + (tick - job.begun); };
  if (x.ticks >= job.done)
    x.out.member("expirationDate", at(job.expires_early ? job.done : job.expires));
  x.out.member("submissionDate", job.submitted);
  if (x.ticks >= job.done) x.out.member("completionDate", at(job.done));
  x.out.close();
}

void answer_job_results(Exchange& x) {
  auto& job = job_or_404(x);
  if (x.options.job_page_most < 1) throw bad_request("No page size is allowed");
  const int most = x.options.job_page_most;
  const int size = x.call.number("pageSize", std::min(kPageDefault, most), 1, most);
  const auto state = state_of(job, x.ticks);
  if (state == "EXPIRED") throw not_found("the results of this job have expired");
  if (state != "FULFILLED") throw bad_request("The job is " + std::string(state));
  int offset = 0;
  if (const auto cursor = x.call.text("cursor"); !cursor.empty()) {
    const auto at = read_cursor(job.number, cursor);
    if (!at) throw bad_request("The cursor is not valid for this job");
    offset = *at;
    if (offset > 0 && offset / size == job.lost_page) {
      job.lost_page = -1;
      throw bad_request("The cursor has expired");
    }
  }
  json::Document document;
  const auto query = document.parse(job.query);
  const auto choice = x.selector.by_overlap(query, job.lake);
  auto count = static_cast<std::int64_t>(choice->size());
  if (const auto limit = query["limit"].maybe_integer()) count = std::min(count, *limit);
  const auto first = std::min<std::int64_t>(offset, count);
  const auto last = std::min<std::int64_t>(first + size, count);
  const Renderer then(x.world, job.lake);
  x.out.open();
  if (first < last) {
    x.out.key("conversations").open_list();
    for (auto i = first; i < last; ++i) {
      const auto& row = (*choice)[static_cast<std::size_t>(i)];
      if (row.day >= base::day_of(interval_of(query["interval"].text()).begin)) {
        const auto list = x.world.day(row.day);
        then.conversation(x.out, (*list)[row.index], true);
      } else {
        then.conversation(x.out, x.world.write(row.day, static_cast<int>(row.index)), true);
      }
    }
    x.out.close_list();
  }
  if (last < count) x.out.member("cursor", make_cursor(job.number, static_cast<int>(last)));
  x.out.member("dataAvailabilityDate", whole_seconds(job.lake)).close();
}

void answer_job_deletion(Exchange& x) {
  job_or_404(x);
  x.jobs.remove(x.call.parts.front());
  x.status = 204;
}

void answer_availability(Exchange& x) {
  x.out.open().member("dataAvailabilityDate", whole_seconds(watermark(x.options, x.now))).close();
}

}  // namespace csatdb::sim
