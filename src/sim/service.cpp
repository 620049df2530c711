#include "sim/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "sim/request.hpp"
#include "sim/strict.hpp"

namespace csatdb::sim {
namespace {

using http::Method;

json::Value parse_body(json::Document& document, const http::Request& request,
                       const std::string& model) {
  const auto type = media_type(request.headers.get("Content-Type").value_or("application/json"));
  if (type != "application/json")
    throw Refusal(415, "unsupported.media.type", "Content type '" + type + "' is not supported");
  try {
    const auto root = document.parse(request.body);
    check_body(root, model);
    return root;
  } catch (const base::Error& e) {
    throw bad_request(std::string("The request body could not be read: ") + e.what());
  }
}

}  // namespace

Service::Service(World& world, const base::Clock& clock, Options options)
    : world_(world),
      clock_(clock),
      options_(std::move(options)),
      selector_(world_, options_.hidden_divisions) {}

Reply Service::answer(const http::Request& request) {
  const std::lock_guard lock(mutex_);
  Seen note;
  note.at = clock_.now();
  note.method = request.method;
  const auto mishap = faults_.strike(request);
  http::Response response;
  if (!mishap || !replaces(*mishap)) {
    response = dispatch(mishap ? bent(*mishap, request) : request, note);
  } else {
    const auto target = take_apart(request.target);
    note.host = target.host;
    note.target = target.path;
    note.endpoint = *mishap;
  }
  finish(response);
  Reply reply{std::move(response)};
  if (mishap) reply = spoil(*mishap, request, std::move(reply.response), note.at);
  note.status = reply.response.status;
  note.bytes = reply.response.body.size();
  seen_.push_back(std::move(note));
  return reply;
}

http::Response Service::dispatch(const http::Request& request, Seen& note) {
  const auto target = take_apart(request.target);
  note.host = target.host;
  note.target = target.path + (target.query.empty() ? "" : "?" + target.query);
  note.endpoint = "unknown";
  try {
    if (target.path == "/oauth/token") {
      note.endpoint = "POST /oauth/token";
      if (!options_.login_host.empty() && target.host != options_.login_host)
        throw not_found(target.path);
      return give_token(request);
    }
    if (!options_.api_host.empty() && target.host != options_.api_host)
      throw not_found(target.path);
    auto& token = admit(request);
    http::Response response;
    try {
      limit(token, response);
      Call call;
      bool wrong_method = false;
      const auto* endpoint = find_endpoint(request.method, target.path, call.parts, wrong_method);
      if (endpoint == nullptr) {
        if (wrong_method)
          throw Refusal(405, "method.not.allowed", "The method is not allowed for this path");
        throw not_found(target.path);
      }
      note.endpoint = fmt::format("{} {}", http::name(endpoint->method), endpoint->path);
      call.method = request.method;
      call.path = target.path;
      call.query = pairs_of(target.query);
      auto answered = this->call(*endpoint, std::move(call), request);
      for (const auto& [name, value] : response.headers) answered.headers.set(name, value);
      return answered;
    } catch (const Refusal& refusal) {
      auto refused = refuse(refusal);
      for (const auto& [name, value] : response.headers) refused.headers.set(name, value);
      return refused;
    }
  } catch (const Refusal& refusal) {
    return refuse(refusal);
  } catch (const base::Error& e) {
    return refuse(bad_request(e.what()));
  }
}

http::Response Service::call(const Endpoint& endpoint, Call call, const http::Request& request) {
  check_permissions(endpoint, options_.missing_permissions);
  json::Document document;
  json::Value body = document.parse("{}");
  if (endpoint.method == Method::post)
    body = parse_body(document, request, std::string(endpoint.model));
  const auto now = clock_.now();
  const bool zipped =
      request.headers.get("Accept-Encoding").value_or("").find("gzip") != std::string_view::npos;
  // An equal submission gets the job of the first, so that its results can be kept as well; a job's
  // state changes, and a deletion acts.
  const bool is_kept = options_.keep_answers && endpoint.handler != answer_job_status &&
                       endpoint.method != Method::del;
  const auto key = is_kept ? fmt::format("{}{}{}{}", zipped, request.target, '\n', request.body)
                           : std::string();
  if (!key.empty()) {
    const auto known = kept_.find(key);
    if (known != kept_.end() && known->second.at == now) return known->second.response;
  }
  Exchange x(world_, selector_, jobs_, options_, call, now, clock_.ticks(), &body, stumbled_);
  endpoint.handler(x);
  http::Response response;
  response.status = x.status;
  response.body = std::move(x.body);
  if (!response.body.empty()) response.headers.set("Content-Type", "application/json");
  if (zipped && response.body.size() > 1024) {
    response.body = http::gzip(response.body, options_.keep_answers ? 6 : 1);
    response.headers.set("Content-Encoding", "gzip");
  }
  if (!key.empty()) kept_[key] = {now, response};
  return response;
}

http::Response Service::refuse(const Refusal& refusal) {
  http::Response response;
  response.status = refusal.status;
  response.headers.set("Content-Type", "application/json");
  if (!refusal.retry_after.empty()) response.headers.set("Retry-After", refusal.retry_after);
  response.body =
      error_body(refusal, world_.ids().text({Kind::correlation, 0, answered_ & 0xFFFFFFFU, 0}));
  return response;
}

void Service::finish(http::Response& response) {
  response.headers.set("Date", base::to_http_date(clock_.now()));
  response.headers.set("ININ-Correlation-Id",
                       world_.ids().text({Kind::correlation, 0, answered_ & 0xFFFFFFFU, 0}));
  ++answered_;
}

std::vector<Seen> Service::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::map<std::string, int> Service::counts() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, int> counts;
  for (const auto& note : seen_) ++counts[note.endpoint];
  return counts;
}

void Service::plan(std::vector<Fault> faults) {
  const std::lock_guard lock(mutex_);
  faults_.clear();
  for (auto& fault : faults) faults_.add(std::move(fault));
}

void Service::forget_seen() {
  const std::lock_guard lock(mutex_);
  seen_.clear();
}

void Service::revoke_tokens() {
  const std::lock_guard lock(mutex_);
  tokens_.clear();
}

}  // namespace csatdb::sim
