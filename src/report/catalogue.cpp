#include "report/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "embed/sql_files.hpp"

namespace csatdb::report {
namespace {

using base::Error;
using base::Fault;

constexpr std::array<std::string_view, 5> kTypes = {"date", "text", "integer", "real", "flag"};
constexpr std::array<std::string_view, 3> kRhythms = {"daily", "weekly", "audit"};

/// The lines of a header as key and text, in order; lines that begin with more than one blank
/// continue the one before.
std::vector<std::pair<std::string, std::string>> entries(std::string_view name,
                                                         std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  int line_no = 0;
  while (text.starts_with("--")) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++line_no;
    const auto words = line.find_first_not_of(' ', 2);
    if (words == std::string_view::npos) continue;
    if (words > 3 && !out.empty()) {
      out.back().second += fmt::format(" {}", line.substr(words));
      continue;
    }
    const auto colon = line.find(": ", words);
    if (colon == std::string_view::npos)
      throw Error(
          Fault::internal,
          fmt::format("queries/{}.sql, line {}: a header line is `-- key: text`", name, line_no));
    out.emplace_back(line.substr(words, colon - words), line.substr(colon + 2));
  }
  return out;
}

/// `name type required|optional text`.
Parameter parse_parameter(std::string_view report, const std::string& text) {
  std::istringstream words(text);
  Parameter out;
  std::string need;
  words >> out.name >> out.type >> need >> std::ws;
  std::getline(words, out.text);
  const bool known = std::ranges::find(kTypes, out.type) != kTypes.end();
  if (!known || (need != "required" && need != "optional") || out.text.empty())
    throw Error(Fault::internal, fmt::format("queries/{}.sql: `param: {}` is not `name type "
                                             "required|optional text`",
                                             report, text));
  out.is_required = need == "required";
  return out;
}

}  // namespace

const Parameter* Report::parameter(std::string_view wanted) const {
  const auto at = std::ranges::find(parameters, wanted, &Parameter::name);
  return at == parameters.end() ? nullptr : &*at;
}

bool Report::runs_on(std::string_view wanted) const {
  std::istringstream words(dialect);
  return std::find(std::istream_iterator<std::string>(words), {}, wanted) !=
         std::istream_iterator<std::string>();
}

Report parse_report(std::string_view name, std::string_view text) {
  Report out;
  out.name = name;
  out.sql = text;
  const std::map<std::string_view, std::string*> fields = {{"title", &out.title},
                                                           {"rhythm", &out.rhythm},
                                                           {"description", &out.description},
                                                           {"basis", &out.basis},
                                                           {"denominator", &out.denominator},
                                                           {"exclusions", &out.exclusions},
                                                           {"genesys", &out.genesys},
                                                           {"dialect", &out.dialect}};
  for (auto& [key, value] : entries(name, text)) {
    const auto field = fields.find(key);
    if (key == "param") {
      out.parameters.push_back(parse_parameter(name, value));
    } else if (field == fields.end() || !field->second->empty()) {
      throw Error(Fault::internal, fmt::format("queries/{}.sql: the header says `{}` {}", name, key,
                                               field == fields.end() ? "too" : "twice"));
    } else {
      *field->second = std::move(value);
    }
  }
  if (out.dialect.empty()) out.dialect = "sqlite";
  for (const auto& [key, field] : fields)
    if (field->empty())
      throw Error(Fault::internal, fmt::format("queries/{}.sql: the header lacks `{}`", name, key));
  if (std::ranges::find(kRhythms, out.rhythm.substr(0, out.rhythm.find(','))) == kRhythms.end())
    throw Error(Fault::internal,
                fmt::format("queries/{}.sql: rhythm `{}` is none", name, out.rhythm));
  return out;
}

std::vector<std::string> Parameter::words() const {
  std::vector<std::string> found;
  std::string word;
  int depth = 0;
  const auto end_word = [&] {
    if (!word.empty() && word != "or") found.push_back(word);
    word.clear();
  };
  for (const char c : text.substr(0, text.find(';'))) {
    if (c == '(') ++depth;
    if (depth == 0 && c != ' ' && c != ',')
      word += c;
    else
      end_word();
    if (c == ')') --depth;
  }
  end_word();
  return found;
}

std::span<const Report> reports() {
  static const std::vector<Report> all = [] {
    std::vector<Report> out;
    for (const auto& file : embed::sql_files("queries"))
      out.push_back(parse_report(file.stem(), file.text));
    return out;
  }();
  return all;
}

const Report* find_report(std::string_view name) {
  const auto all = reports();
  const auto at = std::ranges::find(all, name, &Report::name);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace csatdb::report
