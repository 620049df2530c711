#include "cli/ask.hpp"

#include <fmt/format.h>

#include <utility>

#include "api/service_error.hpp"
#include "json/reader.hpp"

namespace csatdb::cli {

std::vector<std::string> ask_all(api::Client& client, const resources::Resource& listing) {
  const model::Span span{{"all"}, {}, model::Via::query, 100};
  std::vector<std::string> elements;
  auto request = std::optional(listing.first(span));
  while (request) {
    const auto response = ask(client, *request);
    auto step = listing.step(span, *request, response);
    for (const auto& element : step.page.elements)
      elements.push_back(response.body.substr(element.begin, element.end - element.begin));
    request = std::move(step.next);
  }
  return elements;
}

Organisation ask_organisation(api::Client& client) {
  const auto response = ask(client, {http::Method::get, "/api/v2/organizations/me", {}, {}});
  if (response.status != 200) {
    const bool refused = response.status == 401 || response.status == 403;
    throw base::Error(refused ? base::Fault::denied : base::Fault::undecodable,
                      "the organisation cannot be read: " + api::describe_error(response));
  }
  json::Document document;
  const auto body = document.parse(response.body);
  return {std::string(body["id"].text()), std::string(body["name"].text_or(""))};
}

}  // namespace csatdb::cli
