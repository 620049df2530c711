#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "model/batch.hpp"

// What the service counts of conversations, surveys and queues: questions whose answers are
// compared with what is stored, or tell what a sync would cost. Nothing of it becomes a row. The
// readers throw Fault::denied naming the permission on 403, Fault::undecodable for any other
// refusal.

namespace csatdb::resources {

/// Which conversations to count.
struct Counted {
  std::string_view survey_status = {};  ///< with a survey of this status; "": with or without
  std::string_view division = {};       ///< of this division; "": of any
  bool is_long = false;  ///< a filter that all pass: the service allows 31 days in place of 7
};

/// A page of the details query, the earliest conversations first. The service selects whole UTC
/// days by the start of the conversation.
http::Request details_page(const base::Interval& interval, std::int64_t page, int page_size,
                           const Counted& counted = {});
/// The same of so many ids, a hundred a request.
std::vector<http::Request> details_of_all(const std::vector<std::string>& ids);

struct DetailsPage {
  std::int64_t total = 0;        ///< the service's count for the whole query; of ids: those found
  std::vector<std::string> ids;  ///< of the conversations on the page
};
DetailsPage read_details(const http::Response& got);
/// Calls `take` with the rows that each conversation of a page would become; one that cannot be read
/// is passed over.
void read_records(const http::Response& got, const base::Zone& zone,
                  const std::function<void(const model::Batch&)>& take);
/// Whether a conversation of a page belongs to this division and no other.
bool has_only(const http::Response& got, std::string_view division);
/// The ids of all surveys that the conversations of a page name.
std::set<std::string> read_named_surveys(const http::Response& got);

/// What the aggregates know of one survey in one status.
struct SurveyState {
  std::string survey_id, conversation_id;
  std::string status;           ///< as delivered
  base::Day day{};              ///< of its creation or event, as asked for, UTC
  std::optional<double> score;  ///< oSurveyTotalScore, the mean where there are several
  bool is_deleted = false;
};
/// The time by which aggregates select surveys.
enum class SurveyTime { created, event };
/// The surveys of an interval (at most 31 days), each once per status it went through.
http::Request survey_states(const base::Interval& interval, SurveyTime time);
std::vector<SurveyState> read_survey_states(const http::Response& got);

/// What was emitted in one queue and bucket of time.
struct QueueMetric {
  std::string queue_id;  ///< "": in no queue
  base::Instant bucket;  ///< its begin
  std::string metric;
  std::int64_t count = 0;
  double sum_ms = 0;  ///< of durations
};
inline constexpr std::string_view kOffered = "nOffered", kAnswered = "tAnswered",
                                  kAbandoned = "tAbandon", kHandled = "tHandle";
/// The four above per queue and local day of their emission (at most 31 days).
http::Request queue_metrics(const base::Interval& interval, const std::string& zone);
std::vector<QueueMetric> read_queue_metrics(const http::Response& got);

}  // namespace csatdb::resources
