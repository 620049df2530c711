#include "cli/proposal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "json/reader.hpp"

namespace csatdb::cli {
namespace {

/// Stems that betray what a question is about: English, German, French, Spanish, Italian,
/// Portuguese, Dutch.
struct Clue {
  const char* measure;
  const char* stem;
};
constexpr std::array kClues{
    Clue{"csat", "satisf"},  Clue{"csat", "zufried"}, Clue{"csat", "soddisf"},
    Clue{"csat", "tevred"},  Clue{"ces", "effort"},   Clue{"ces", "how easy"},
    Clue{"ces", "einfach"},  Clue{"ces", "leicht"},   Clue{"ces", "aufwand"},
    Clue{"ces", "facil"},    Clue{"ces", "fácil"},    Clue{"ces", "gemakkelijk"},
    Clue{"fcr", "resol"},    Clue{"fcr", "résol"},    Clue{"fcr", "solved"},
    Clue{"fcr", "gelöst"},   Clue{"fcr", "geklärt"},  Clue{"fcr", "risol"},
    Clue{"fcr", "opgelost"},
};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

std::vector<Question> questions_of_form(const std::string& form_json) {
  json::Document document;
  const auto form = document.parse(form_json);
  std::vector<Question> questions;
  for (const auto& group : form["questionGroups"].elements()) {
    for (const auto& entry : group["questions"].elements()) {
      Question question{
          std::string(form["name"].text_or("")),       std::string(form["contextId"].text_or("")),
          std::string(entry["contextId"].text_or("")), std::string(entry["text"].text_or("")),
          std::string(entry["type"].text_or("")),      {}};
      for (const auto& option : entry["answerOptions"].elements()) {
        question.options.push_back(
            {std::string(option["text"].text_or("")), option["value"].integer_or(0)});
      }
      questions.push_back(std::move(question));
    }
  }
  return questions;
}

std::optional<Measure> propose(const Question& question) {
  if (question.type != "multipleChoiceQuestion" || question.options.size() < 2) return std::nullopt;
  const auto text = lower(question.text);
  const auto clue = std::ranges::find_if(
      kClues, [&](const Clue& c) { return text.find(c.stem) != std::string::npos; });
  if (clue == kClues.end()) return std::nullopt;

  std::set<std::int64_t> values;
  for (const auto& option : question.options) values.insert(option.value);
  if (values.size() < 2) return std::nullopt;
  Measure measure;
  measure.name = clue->measure;
  measure.form_context_id = question.form_context_id;
  measure.question_context_id = question.context_id;
  if (question.context_id.empty()) measure.question = question.text;
  // The two best of a scale (top-2-box), the best alone where there is no middle.
  const std::size_t boxes = values.size() >= 4 && measure.name != "fcr" ? 2 : 1;
  for (auto best = values.rbegin(); measure.positive.size() < boxes; ++best)
    measure.positive.push_back(std::to_string(*best));
  measure.scale = fmt::format("{}-{}", *values.begin(), *values.rbegin());
  return measure;
}

std::string measure_toml(const Measure& measure, const std::string& heading) {
  std::string text = heading + "\n" + "name = " + toml_string(measure.name) + "\n";
  const auto line = [&](const char* key, const std::string& value) {
    if (!value.empty()) text += fmt::format("{} = {}\n", key, toml_string(value));
  };
  line("form_context_id", measure.form_context_id);
  line("question_context_id", measure.question_context_id);
  line("question", measure.question);
  text += "positive = [";
  for (std::size_t i = 0; i < measure.positive.size(); ++i)
    text += (i == 0 ? "" : ", ") + toml_string(measure.positive[i]);
  text += "]\n";
  line("scale", measure.scale);
  return text;
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + "\"";
}

}  // namespace csatdb::cli
