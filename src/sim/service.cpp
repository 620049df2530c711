#include "sim/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "sim/draw.hpp"
#include "sim/strict.hpp"

namespace csatdb::sim {
namespace {

using http::Method;

struct Target {
  std::string host, path, query;
};

/// "https://host:port/path?query" or "/path?query"; the host without its port.
Target take_apart(std::string_view text) {
  Target target;
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
    const auto slash = std::min(text.find('/'), text.size());
    const auto host = text.substr(0, slash);
    target.host = host.substr(0, host.find(':'));
    text.remove_prefix(slash);
  }
  const auto mark = std::min(text.find('?'), text.size());
  target.path = text.substr(0, mark);
  if (mark < text.size()) target.query = text.substr(mark + 1);
  return target;
}

std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto amp = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, amp);
    query.remove_prefix(std::min(query.size(), amp + 1));
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    pairs.emplace_back(http::percent_decode(pair.substr(0, equals)), http::percent_decode(value));
  }
  return pairs;
}

bool match(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  while (!pattern.empty() && !path.empty()) {
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    const auto want = pattern.substr(0, pattern.find('/'));
    const auto have = path.substr(0, path.find('/'));
    if (want == "{}" && !have.empty())
      parts.push_back(http::percent_decode(have));
    else if (want != have)
      return false;
    pattern.remove_prefix(want.size());
    path.remove_prefix(have.size());
  }
  return pattern.empty() && path.empty();
}

/// The endpoint of a path: a literal segment goes before a variable one. `wrong_method` tells
/// that the path is known with another method.
const Endpoint* find_endpoint(Method method, const std::string& path,
                              std::vector<std::string>& parts, bool& wrong_method) {
  const Endpoint* best = nullptr;
  std::vector<std::string> found;
  wrong_method = false;
  for (const auto& endpoint : endpoints()) {
    if (!match(endpoint.path, path, found)) continue;
    if (endpoint.method != method) {
      wrong_method = true;
      continue;
    }
    if (best != nullptr && found.size() >= parts.size()) continue;
    best = &endpoint;
    parts = found;
  }
  return best;
}

void check_permissions(const Endpoint& endpoint, const std::set<std::string>& missing) {
  if (endpoint.permissions.empty()) return;
  std::string lacking;
  std::string_view rest = endpoint.permissions;
  int wanted = 0;
  while (!rest.empty()) {
    const auto blank = std::min(rest.find(' '), rest.size());
    const std::string permission(rest.substr(0, blank));
    rest.remove_prefix(std::min(rest.size(), blank + 1));
    if (!missing.contains(permission)) return;
    lacking += (lacking.empty() ? "" : ", ") + permission;
    ++wanted;
  }
  Refusal refusal(403, wanted > 1 ? "missing.any.permissions" : "missing.permissions",
                  "Unable to perform the requested action. You are missing the following "
                  "permission(s): " +
                      lacking);
  refusal.parameter = "permissions";
  refusal.parameter_value = lacking;
  throw refusal;
}

std::string without_parameters(std::string_view type) {
  std::string text(type.substr(0, type.find(';')));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

json::Value parse_body(json::Document& document, const http::Request& request,
                       const std::string& model) {
  const auto type =
      without_parameters(request.headers.get("Content-Type").value_or("application/json"));
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

std::string form_error(std::string_view error, std::string_view description) {
  std::string body;
  Text out(body);
  out.open().member("error", error).member("description", description);
  out.member("error_description", description).close();
  return body;
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
  finish(request, response);
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
  const auto key = options_.keep_answers && endpoint.path.find("/jobs") == std::string_view::npos
                       ? fmt::format("{}{}{}{}", zipped, request.target, '\n', request.body)
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

void Service::finish(const http::Request&, http::Response& response) {
  response.headers.set("Date", base::to_http_date(clock_.now()));
  response.headers.set("ININ-Correlation-Id",
                       world_.ids().text({Kind::correlation, 0, answered_ & 0xFFFFFFFU, 0}));
  ++answered_;
}

Service::Token& Service::admit(const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.headers.get("Authorization").value_or("");
  if (!header.starts_with(kBearer))
    throw Refusal(401, "authentication.required",
                  "No authentication bearer token specified in authorization header.");
  const auto known = tokens_.find(header.substr(kBearer.size()));
  if (known == tokens_.end() || known->second.expires <= clock_.ticks())
    throw Refusal(401, "bad.credentials", "Invalid login credentials.");
  return known->second;
}

void Service::limit(Token& token, http::Response& response) {
  if (options_.rate <= 0) return;
  const auto state = token.limiter.admit(clock_.ticks(), options_.rate, options_.others_per_minute);
  response.headers.set("inin-ratelimit-count", std::to_string(state.count));
  response.headers.set("inin-ratelimit-allowed", std::to_string(state.allowed));
  response.headers.set("inin-ratelimit-reset", std::to_string(state.reset_s));
  if (state.admitted) return;
  Refusal refusal(429, "too.many.requests.retry.after",
                  fmt::format("Rate limit exceeded the maximum. Retry the request in [{}] seconds",
                              state.reset_s));
  refusal.limit =
      NamedLimit{"client.credentials.token.rate.per.minute", "platform.api", state.allowed};
  refusal.retry_after = std::to_string(state.reset_s);
  throw refusal;
}

http::Response Service::give_token(const http::Request& request) {
  http::Response response;
  response.headers.set("Content-Type", "application/json");
  const auto fail = [&](int status, std::string_view error, std::string_view description) {
    response.status = status;
    response.body = form_error(error, description);
    return response;
  };
  if (request.method != Method::post) return fail(405, "invalid_request", "use POST");
  const auto type =
      without_parameters(request.headers.get("Content-Type").value_or("application/json"));
  if (type != "application/x-www-form-urlencoded")
    return fail(415, "invalid_request", "the body must be application/x-www-form-urlencoded");
  const auto expected = "Basic " + base64(options_.client_id + ":" + options_.client_secret);
  if (request.headers.get("Authorization").value_or("") != expected)
    return fail(401, "invalid_client", "client authentication failed");
  const auto form = pairs_of(request.body);
  if (form.size() != 1 || form.front().first != "grant_type")
    return fail(400, "invalid_request", "the form must hold grant_type and nothing else");
  if (form.front().second != "client_credentials")
    return fail(400, "unsupported_grant_type", "only client_credentials is supported");
  const auto n = tokens_given_++;
  const auto text = fmt::format("{:016x}{:016x}_-{}", mix(world_.organisation().seed, 0x70CEU, n),
                                mix(n, world_.organisation().seed), n);
  tokens_[text].expires = clock_.ticks() + std::chrono::seconds(options_.token_life_s);
  response.status = 200;
  Text out(response.body);
  out.open().member("access_token", text).member("token_type", "bearer");
  out.member("expires_in", options_.token_life_s).close();
  return response;
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
