#include <fmt/format.h>

#include "sim/draw.hpp"
#include "sim/request.hpp"
#include "sim/service.hpp"

namespace csatdb::sim {
namespace {

std::string form_error(std::string_view error, std::string_view description) {
  std::string body;
  Text out(body);
  out.open().member("error", error).member("description", description);
  out.member("error_description", description).close();
  return body;
}

}  // namespace

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
  if (request.method != http::Method::post) return fail(405, "invalid_request", "use POST");
  const auto type = media_type(request.headers.get("Content-Type").value_or("application/json"));
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

}  // namespace csatdb::sim
