#include <algorithm>
#include <cctype>
#include <string>

#include "fuzz/target.hpp"
#include "resources/catalogue.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;
using resources::Resource;

constexpr int kMostAnswers = 12;

/// The resource of that name; of a name that is none, any.
const Resource& resource_named(std::string_view name) {
  if (name == "conversation_jobs") return resources::kConversationJobsResource;
  if (const auto* found = resources::find(name)) return *found;
  const auto all = resources::catalogue();
  return *all[name.empty() ? 0 : static_cast<unsigned char>(name.front()) % all.size()];
}

model::Span span_of(const Resource& resource) {
  model::Span span{.scopes = {"all"}};
  span.interval = {*base::parse_instant("2024-05-01T00:00:00Z"),
                   *base::parse_instant("2024-06-30T00:00:00Z")};
  if (resource.cadence == model::Cadence::windowed) span.scopes = {"2024-05-01", "2024-05-02"};
  if (resource.cadence == model::Cadence::chase) span.scopes = {"id-1"};
  if (&resource == &resources::kConversationJobsResource)
    span.via = model::Via::job, span.page_size = 1000;
  return span;
}

/// An answer: its status may stand before the body, e.g. "404 {}".
http::Response answer_of(std::string_view text) {
  http::Response got;
  got.status = 200;
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  if (text.size() >= 4 && text[3] == ' ' && std::all_of(text.begin(), text.begin() + 3, is_digit)) {
    got.status = std::stoi(std::string(text.substr(0, 3)));
    text.remove_prefix(4);
  }
  got.body = text;
  return got;
}

bool is_accepted(const Resource& resource, int status) {
  return (status >= 200 && status < 300) || std::ranges::count(resource.accepts, status) > 0;
}

void check(const http::Request& request) {
  const auto is_plain = [](unsigned char c) { return c > ' ' && c < 0x7F; };
  require(request.target.starts_with("/api/v2/") && std::ranges::all_of(request.target, is_plain),
          "what is asked next is a target of the API");
}

/// Every row is read: a text that does not live as long as it must is found by the sanitizer.
void check(const model::Batch& batch) {
  json::Document document;
  for (const auto& root : batch.roots) {
    require(!root.id.empty(), "a root has an id");
    require(!batch.rows(root).empty() && batch.rows(root).front().table == root.table,
            "its own row is the first");
    for (const auto& row : batch.rows(root)) {
      for (const auto& cell : batch.cells(row)) {
        require(cell.column < row.table->columns.size(), "a value is one of a column");
        if (cell.kind == model::Cell::Kind::text) (void)std::string(cell.text());
      }
    }
  }
}

void rows_of(const Resource& resource, const resources::Step& step, std::string body) {
  static const base::Zone zone("Europe/Berlin");
  static const std::vector<std::string> attributes{"kept"};
  json::Document document;
  model::Batch batch;
  for (const auto& element : step.page.elements) {
    const auto mark = batch.mark();
    const bool is_read = is_taken({Fault::undecodable}, [&] {
      const auto value = document.parse_in_place(body.data() + element.begin,
                                                 element.end - element.begin, "$", element.begin);
      resource.rows(value, {&zone, attributes, true}, {}, batch);
    });
    check(batch);
    if (!is_read) batch.rewind(mark);
  }
  check(batch);
}

}  // namespace

void step(std::string_view input) {
  const Resource& resource = resource_named(take_until(input, '\n'));
  auto span = span_of(resource);
  auto sent = resource.first(span);
  check(sent);
  for (int i = 0; i < kMostAnswers && !input.empty(); ++i) {
    const auto got = answer_of(take_until(input, '\0'));
    if (!is_accepted(resource, got.status)) return;
    resources::Step step;
    if (!is_taken({Fault::undecodable, Fault::denied},
                  [&] { step = resource.step(span, sent, got); }))
      return;
    rows_of(resource, step, got.body);
    if (step.page_size) span.page_size = *step.page_size;
    if (step.resubmit) {
      sent = resource.first(span);
    } else if (step.next) {
      sent = *step.next;
    } else {
      return;
    }
    check(sent);
  }
}

}  // namespace csatdb::fuzz
