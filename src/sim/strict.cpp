#include "sim/strict.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "base/error.hpp"
#include "sim/refusal.hpp"

namespace csatdb::sim {
namespace {

using json::Kind;
using json::Value;

struct Member {
  std::string name, type;
  bool required = false;
};

struct Models {
  std::map<std::string, std::vector<Member>, std::less<>> models;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;

  Models() {
    std::istringstream in(kRequestModels);
    std::string kind, name, word;
    while (in >> kind >> name) {
      while (in >> word && word != ";") {
        if (kind == "enum") {
          lists[name].push_back(word);
          continue;
        }
        const auto colon = word.find(':');
        const bool required = word[colon - 1] == '!';
        models[name].push_back(
            {word.substr(0, colon - (required ? 1 : 0)), word.substr(colon + 1), required});
      }
    }
  }
};

[[noreturn]] void refuse(const Value& value, std::string_view problem) {
  throw bad_request(value.path() + ": " + std::string(problem));
}

bool is_integer(const Value& value) {
  try {
    value.integer();
    return true;
  } catch (const base::Error&) {
    return false;
  }
}

void check(const Models& all, const Value& value, std::string_view type) {
  if (value.kind() == Kind::null) return;  // the same as absent
  if (type.front() == '[') {
    if (value.kind() != Kind::array) refuse(value, "an array is expected");
    for (const auto& item : value.elements()) check(all, item, type.substr(1, type.size() - 2));
    return;
  }
  if (type == "text" || type.starts_with("enum.")) {
    if (value.kind() != Kind::text) refuse(value, "a string is expected");
    if (type == "text") return;
    const auto& list = all.lists.find(type.substr(5))->second;
    if (std::find(list.begin(), list.end(), value.text()) == list.end())
      refuse(value, "'" + std::string(value.text()) + "' is not a known value");
    return;
  }
  if (type == "boolean") {
    if (value.kind() != Kind::boolean) refuse(value, "a boolean is expected");
    return;
  }
  if (type == "integer" || type == "number") {
    if (value.kind() != Kind::number) refuse(value, "a number is expected");
    if (type == "integer" && !is_integer(value)) refuse(value, "an integer is expected");
    return;
  }
  if (value.kind() != Kind::object) refuse(value, "an object is expected");
  const auto& members = all.models.find(type)->second;
  for (const auto& member : value.members()) {
    const auto known = std::find_if(members.begin(), members.end(),
                                    [&](const Member& m) { return m.name == member.name; });
    if (known == members.end())
      refuse(value, "unrecognized field '" + std::string(member.name) + "'");
    check(all, member.value, known->type);
  }
  for (const auto& member : members) {
    if (member.required && !value[member.name].present())
      refuse(value, "'" + member.name + "' is required");
  }
}

}  // namespace

void check_body(const Value& body, const std::string& model) {
  static const Models all;
  check(all, body, model);
}

base::Interval interval_of(std::string_view text) {
  const auto slash = text.find('/');
  const auto begin = base::parse_instant(text.substr(0, slash));
  const auto end =
      slash == std::string_view::npos ? std::nullopt : base::parse_instant(text.substr(slash + 1));
  if (!begin || !end)
    throw Refusal(400, "invalid.date", "interval '" + std::string(text) + "' is not start/end");
  if (*begin >= *end)
    throw Refusal(400, "invalid.value", "The interval's end must be later than its start");
  return {*begin, *end};
}

}  // namespace csatdb::sim
