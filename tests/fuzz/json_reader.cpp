#include <string>

#include "fuzz/target.hpp"
#include "json/reader.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;
using json::Kind;
using json::Value;

/// Asks a value for content of every kind: it gives its own, and names its place in refusing the
/// others.
void ask(const Value& value) {
  int given = 0;
  const auto counted = [&](auto read) { given += is_taken({Fault::undecodable}, read) ? 1 : 0; };
  counted([&] { (void)value.text(); });
  counted([&] { (void)value.boolean(); });
  counted([&] { (void)value.real(); });
  const bool is_one =
      value.kind() == Kind::text || value.kind() == Kind::boolean || value.kind() == Kind::number;
  require(given == (is_one ? 1 : 0), "a value has the content of one kind");
  is_taken({Fault::undecodable}, [&] { (void)value.integer(); });
  is_taken({Fault::undecodable}, [&] { (void)base::to_iso(value.instant()); });
  require(value.path().starts_with("$"), "a path begins at the root");
}

void visit(const Value& value, int& left) {
  if (left-- <= 0) return;  // a path is found by a search: not of every value of a long text
  ask(value);
  if (value.kind() == Kind::array) {
    for (auto walk = value.walk_elements(); walk.next();) visit(walk.value(), left);
  } else if (value.kind() == Kind::object) {
    for (auto walk = value.walk_members(); walk.next();) visit(walk.value(), left);
  }
}

}  // namespace

void json_reader(std::string_view input) {
  json::Document document;
  std::string dumped;
  if (!is_taken({Fault::undecodable}, [&] {
        const Value root = document.parse(input);
        int left = 200;
        visit(root, left);
        dumped = root.dump();
      }))
    return;
  json::Document again;
  require(again.parse(dumped).dump() == dumped, "what is written is read as it was");
  std::string text(input);
  require(again.parse_in_place(text.data(), text.size()).dump() == dumped,
          "in place the same is read");
}

}  // namespace csatdb::fuzz
