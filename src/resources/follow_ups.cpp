#include <algorithm>
#include <unordered_set>

#include "resources/catalogue.hpp"
#include "resources/conversations.hpp"
#include "resources/tables.hpp"
#include "resources/paging.hpp"

namespace csatdb::resources {
namespace {

constexpr std::size_t kIdsPerRequest = 100;  // keeps the URL near 4 KB; no limit is documented

http::Request first(const model::Span& span) {
  // Repeated names, as the OpenAPI document has it ("multi").
  std::string target = "/api/v2/analytics/conversations/details";
  char between = '?';
  for (const auto& id : span.scopes) {
    target += between;
    target += "id=" + http::percent_encode(id);
    between = '&';
  }
  return {http::Method::get, std::move(target), {}, {}};
}

Step step(const model::Span& span, const http::Request&, const http::Response& got) {
  Step step;
  step.page = cut(got, "conversations", "conversationId");
  std::unordered_set<std::string_view> found;
  for (const auto& element : step.page.elements) found.insert(element.id);
  std::copy_if(span.scopes.begin(), span.scopes.end(), std::back_inserter(step.missing),
               [&](const auto& id) { return !found.contains(id); });
  return step;
}

}  // namespace

constinit const Resource kFollowUpsResource{
    .name = "follow_ups",
    .cadence = model::Cadence::chase,
    .permission = "analytics:conversationDetail:view",
    .table = &kConversations,
    .array = "conversations",
    .scopes_per_request = kIdsPerRequest,
    .first = first,
    .step = step,
    .rows = rows_of_conversation,
};

}  // namespace csatdb::resources
