#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "resources/catalogue.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"

namespace csatdb::tests {
namespace {

std::string folder(std::string_view table) {
  return support::in_source(fmt::format("tests/fixtures/{}/", table));
}

/// A batch as text: per root its rows, per row its values.
std::string dump(const Reading& reading) {
  std::string text;
  for (const auto& root : reading.batch.roots) {
    text +=
        fmt::format("{} {}{}\n", root.table->name, root.id, root.is_embedded ? " (embedded)" : "");
    for (const auto& row : reading.batch.rows(root)) {
      std::string place;
      for (std::size_t i = 0; i < row.table->ordinals.size(); ++i)
        place += fmt::format("{}{}", i == 0 ? " " : ".", row.ordinals[i]);
      text += fmt::format("  {}{}\n", row.table->name, place);
      for (const auto& cell : reading.batch.cells(row)) {
        const auto column = row.table->columns[cell.column].name;
        text += fmt::format("    {} = {}\n", column, reading.value(row, column));
      }
    }
  }
  return text;
}

TEST_SUITE("resources") {
  TEST_CASE("a body with every field the service documents becomes exactly the rows expected") {
    for (const auto* resource : resources::catalogue()) {
      if (resource->table == nullptr) continue;  // yields hints, no rows
      CAPTURE(resource->name);
      const std::string body = file_text(folder(resource->table->name) + "body.json");
      REQUIRE(!body.empty());
      const model::Span span{.scopes = {"all"}};
      http::Response got;
      got.status = 200;
      got.body = body;
      const auto step = resource->step(span, resource->first(span), got);
      Reading reading;
      reading.zone = base::Zone("Europe/Berlin");
      reading.allow_list = {"kept"};
      reading.from_job = true;
      REQUIRE(step.page.elements.size() == 1);
      const auto& element = step.page.elements[0];
      reading.read(*resource, body.substr(element.begin, element.end - element.begin));
      CHECK(element.id == reading.batch.roots[0].id);
      for (const auto& problem : reading.batch.problems) CHECK(problem.place == "");
      const std::string expected = folder(resource->table->name) + "rows.txt";
      // CSATDB_ACCEPT=1 takes what came for what is expected: read the difference before committing
      // it.
      if (std::getenv("CSATDB_ACCEPT") != nullptr) std::ofstream(expected) << dump(reading);
      CHECK(dump(reading) == file_text(expected));
    }
  }

  TEST_CASE("an empty page has no rows and no next page") {
    for (const auto* resource : resources::catalogue()) {
      CAPTURE(resource->name);
      const model::Span span{.scopes = {"all"}};
      http::Response got;
      got.status = 200;
      got.body = resource->array.empty() ? "[]" : fmt::format(R"({{"{}": []}})", resource->array);
      const auto step = resource->step(span, resource->first(span), got);
      CHECK(step.page.elements.empty());
      CHECK(!step.next);
    }
  }
}

}  // namespace
}  // namespace csatdb::tests
