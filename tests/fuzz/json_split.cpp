#include <string>
#include <vector>

#include "fuzz/target.hpp"
#include "json/reader.hpp"
#include "resources/paging.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;
using json::Kind;

/// The elements of every list of that name in a parsed page, as JSON texts; of the page itself
/// where it is a list.
std::vector<std::string> elements_of(const json::Value& root, std::string_view array) {
  std::vector<std::string> found;
  const auto add = [&](const json::Value& list) {
    for (const auto& element : list.elements()) found.push_back(element.dump());
  };
  if (array.empty()) {
    add(root);
  } else {
    for (const auto& [name, value] : root.members())
      if (name == array && value.kind() == Kind::array) add(value);
  }
  return found;
}

void cut_like_the_parser(std::string_view input, std::string_view array) {
  http::Response got;
  got.status = 200;
  got.body = input;
  json::Page page;
  const bool is_cut =
      is_taken({Fault::undecodable}, [&] { page = resources::cut(got, array, "id"); });

  std::vector<std::string> wanted;
  json::Document whole;
  const bool is_parsed =
      is_taken({Fault::undecodable}, [&] { wanted = elements_of(whole.parse(input), array); });
  if (!is_cut) return;

  // Elements are cut out in order, and none is lost.
  std::size_t end = 0;
  std::vector<std::string> elements;
  json::Document document;
  for (const auto& element : page.elements) {
    require(end <= element.begin && element.begin < element.end && element.end <= input.size(),
            "elements follow one another");
    end = element.end;
    std::string text(input.substr(element.begin, element.end - element.begin));
    const bool is_whole = is_taken({Fault::undecodable}, [&] {
      const auto value = document.parse(text);
      elements.push_back(value.dump());
      if (!element.id.empty()) require(value.kind() == Kind::object, "an object has an id");
    });
    require(is_whole || !is_parsed, "an element of a text that can be read can be read");
  }
  if (is_parsed) require(elements == wanted, "the elements are those that the parser finds");
}

}  // namespace

void json_split(std::string_view input) {
  cut_like_the_parser(input, "entities");
  cut_like_the_parser(input, "");
}

}  // namespace csatdb::fuzz
