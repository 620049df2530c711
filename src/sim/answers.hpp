#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "json/reader.hpp"
#include "sim/jobs.hpp"
#include "sim/refusal.hpp"
#include "sim/render.hpp"
#include "sim/selection.hpp"
#include "sim/text.hpp"
#include "sim/world.hpp"

namespace csatdb::sim {

/// How the service treats its clients.
struct Options {
  std::string client_id = "demo", client_secret = "demo-secret";
  int token_life_s = 86400;
  /// Where set, tokens are given and requests answered at this host only ("login.example").
  std::string login_host, api_host;

  int rate = 300;             ///< requests per minute and token; 0: no limit
  int others_per_minute = 0;  ///< what another user of the client takes of it
  std::set<std::string> missing_permissions;
  std::set<int> hidden_divisions;  ///< places in the directory: rows silently missing

  base::Millis lake_lag{10 * 3600000};  ///< how far the jobs' data lake is behind
  base::Millis job_delay{2000};         ///< until a job is fulfilled
  base::Millis job_life{86400000};      ///< until its results expire
  int job_page_most = 1000;
  double job_fails = 0, job_expires = 0, job_loses_cursor = 0;  ///< shares of jobs, by seed
  bool deep_pages_fail = false;  ///< 502 once per page past 8,000 results
  bool keep_answers = false;     ///< remember whole answers (bench, frozen clock)
};

/// A request taken apart.
struct Call {
  http::Method method = http::Method::get;
  std::string path;
  std::vector<std::string> parts;  ///< the path's variable segments
  std::vector<std::pair<std::string, std::string>> query;

  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  /// 400 unless it is a whole number between low and high.
  int number(std::string_view name, int otherwise, int low, int high) const;
  bool flag(std::string_view name, bool otherwise) const;
  /// Repeated names and comma-joined values alike (genesys-api 3.1).
  std::vector<std::string> list(std::string_view name) const;
};

/// What an endpoint works with: the world at one instant, the request, and the body to write.
struct Exchange {
  Exchange(World& w, Selector& s, Jobs& j, const Options& o, const Call& c, base::Instant t,
           base::Millis tick, const json::Value* sent, std::set<std::string>& failed)
      : world(w),
        selector(s),
        jobs(j),
        options(o),
        call(c),
        now(t),
        ticks(tick),
        request(sent),
        render(w, t),
        stumbled(failed) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  World& world;
  Selector& selector;
  Jobs& jobs;
  const Options& options;
  const Call& call;
  const base::Instant now;
  const base::Millis ticks;
  const json::Value* request;  ///< the parsed body of a POST
  const Renderer render;
  std::set<std::string>& stumbled;  ///< deep pages that have failed once
  int status = 200;
  std::string body;
  Text out{body};

  bool division_hidden(int division) const { return options.hidden_divisions.contains(division); }
};

using Handler = void (*)(Exchange&);

/// One path of the service; "{}" stands for a variable segment.
struct Endpoint {
  http::Method method;
  std::string_view path;
  Handler handler;
  std::string_view permissions;  ///< any of these (blank-separated) suffices; empty: none needed
  std::string_view model;        ///< of the body
};
const std::vector<Endpoint>& endpoints();
/// The endpoint of a path: a literal segment goes before a variable one. `wrong_method` tells
/// that the path is known with another method.
const Endpoint* find_endpoint(http::Method method, const std::string& path,
                              std::vector<std::string>& parts, bool& wrong_method);
/// 403 unless one of the endpoint's permissions is there.
void check_permissions(const Endpoint& endpoint, const std::set<std::string>& missing);

// answers_listings.cpp
void answer_users(Exchange&);
void answer_user(Exchange&);
void answer_queues(Exchange&);
void answer_queue(Exchange&);
void answer_wrapup_codes(Exchange&);
void answer_skills(Exchange&);
void answer_languages(Exchange&);
void answer_divisions(Exchange&);
void answer_divisions_by_cursor(Exchange&);
void answer_teams(Exchange&);
void answer_flows(Exchange&);
// answers_account.cpp
void answer_organisation(Exchange&);
void answer_token_info(Exchange&);
void answer_limits(Exchange&);
void answer_retention(Exchange&);
// answers_details.cpp
void answer_details_query(Exchange&);
void answer_details_by_ids(Exchange&);
void answer_details_by_id(Exchange&);
// answers_jobs.cpp
void answer_job_submission(Exchange&);
void answer_job_status(Exchange&);
void answer_job_results(Exchange&);
void answer_job_deletion(Exchange&);
void answer_availability(Exchange&);
// answers_quality.cpp
void answer_surveys_of_conversation(Exchange&);
void answer_survey(Exchange&);
void answer_forms(Exchange&);
void answer_form(Exchange&);
void answer_form_versions(Exchange&);
void answer_forms_in_bulk(Exchange&);
void answer_forms_by_context(Exchange&);
void answer_published_forms(Exchange&);
// answers_aggregates.cpp
void answer_survey_aggregates(Exchange&);
void answer_conversation_aggregates(Exchange&);
void answer_evaluation_aggregates(Exchange&);
void answer_resolution_aggregates(Exchange&);

/// The moment up to which the lake is complete, seen at `now`.
base::Instant watermark(const Options& options, base::Instant now);

}  // namespace csatdb::sim
