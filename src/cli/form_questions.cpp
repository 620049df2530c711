#include "cli/form_questions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace csatdb::cli {
namespace {

using warehouse::Value;
using Row = std::vector<Value>;

// The newest version of each form; forms without a context stand for themselves.
constexpr auto kForms = R"(
  SELECT form_key, coalesce(name, ''), coalesce(context_id, ''), coalesce(language, ''), coalesce(is_published, 0), versions
  FROM (SELECT *, row_number() OVER w AS age, count(*) OVER (PARTITION BY coalesce(context_id, form_id)) AS versions
        FROM survey_forms f WHERE EXISTS (SELECT 1 FROM survey_questions q WHERE q.form_key = f.form_key)
        WINDOW w AS (PARTITION BY coalesce(context_id, form_id) ORDER BY modified_ms DESC, form_id))
  WHERE age = 1 ORDER BY name, context_id, form_id)";

constexpr auto kQuestions = R"(
  SELECT q.group_no, q.question_no, coalesce(g.name, ''), coalesce(q.context_id, ''), coalesce(q.text, ''),
    coalesce(q.question_type, ''),
    CASE WHEN q.context_id IS NULL
      THEN (SELECT count(*) FROM survey_answers a WHERE a.question_id = q.question_id)
      ELSE coalesce(n.answers, 0) END
  FROM survey_questions q LEFT JOIN survey_question_groups g USING (form_key, group_no)
  LEFT JOIN (SELECT question_context_id, count(*) AS answers FROM survey_answers
             WHERE question_context_id IS NOT NULL GROUP BY 1) n ON n.question_context_id = q.context_id
  WHERE q.form_key = :form AND q.question_type IS NOT 'readOnlyTextBlockQuestion'
  ORDER BY q.group_no, q.question_no)";

constexpr auto kOptions = R"(
  SELECT coalesce(text, ''), coalesce(value, 0) FROM survey_answer_options
  WHERE form_key = :form AND group_no = :group AND question_no = :question ORDER BY option_no)";

constexpr auto kMeasures = R"(
  SELECT name, coalesce(form_context_id, ''), coalesce(question_context_id, ''), coalesce(question_text, ''),
    coalesce(scale, ''), measure_no FROM measures ORDER BY measure_no)";

std::string text(const Value& value) { return std::get<std::string>(value); }
std::int64_t number(const Value& value) { return std::get<std::int64_t>(value); }

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos
             ? ""
             : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool fits(const Measure& measure, const Question& question) {
  if (!measure.form_context_id.empty() && measure.form_context_id != question.form_context_id)
    return false;
  if (!measure.question_context_id.empty() && !question.context_id.empty())
    return measure.question_context_id == question.context_id;
  return !measure.question.empty() && trimmed(measure.question) == trimmed(question.text);
}

void add_questions(const warehouse::Reader& reader, const Value& key,
                   const std::vector<Measure>& measures, FormQuestions& form) {
  const auto rows = reader.run(kQuestions, {{"form", key}}).front().rows;
  for (const Row& row : rows) {
    AskedQuestion asked{{form.name, form.context_id, text(row[3]), text(row[4]), text(row[5]), {}},
                        text(row[2]),
                        number(row[6]),
                        {}};
    const warehouse::Parameters place{{"form", key}, {"group", row[0]}, {"question", row[1]}};
    const auto options = reader.run(kOptions, place).front().rows;
    for (const Row& option : options)
      asked.question.options.push_back({text(option[0]), number(option[1])});
    for (const Measure& measure : measures) {
      if (fits(measure, asked.question)) asked.measures.push_back(measure.name);
    }
    form.questions.push_back(std::move(asked));
  }
}

bool has_option(const Question& question, const std::string& positive) {
  return std::ranges::any_of(question.options, [&](const Question::Option& option) {
    return trimmed(positive) == trimmed(option.text) || positive == std::to_string(option.value);
  });
}

std::string options_of(const Question& question) {
  std::vector<std::string> values;
  for (const auto& option : question.options) values.push_back(std::to_string(option.value));
  return fmt::format("{}", fmt::join(values, ", "));
}

}  // namespace

std::vector<FormQuestions> stored_forms(const warehouse::Reader& reader,
                                        const std::vector<Measure>& measures) {
  std::vector<FormQuestions> forms;
  const auto rows = reader.run(kForms).front().rows;
  for (const Row& row : rows) {
    FormQuestions form{text(row[1]),        text(row[2]),
                       text(row[3]),        static_cast<int>(number(row[5])),
                       number(row[4]) != 0, {}};
    add_questions(reader, row[0], measures, form);
    forms.push_back(std::move(form));
  }
  return forms;
}

std::vector<Measure> held_measures(const warehouse::Reader& reader) {
  std::vector<Measure> measures;
  const auto rows = reader.run(kMeasures).front().rows;
  for (const Row& row : rows) {
    Measure measure{text(row[0]), text(row[1]), text(row[2]), text(row[3]), {}, text(row[4]), ""};
    const auto options = reader.run(
        "SELECT cast(e.value AS TEXT) FROM measures m, json_each(m.positive) e WHERE m.measure_no "
        "= :number",
        {{"number", row[5]}});
    for (const Row& option : options.front().rows) measure.positive.push_back(text(option[0]));
    measures.push_back(std::move(measure));
  }
  return measures;
}

std::vector<std::pair<const AskedQuestion*, Measure>> proposals(const FormQuestions& form) {
  std::set<std::string> mapped;
  for (const auto& asked : form.questions)
    mapped.insert(asked.measures.begin(), asked.measures.end());
  std::vector<std::pair<const AskedQuestion*, Measure>> found;
  for (const auto& asked : form.questions) {
    auto measure = propose(asked.question);
    if (measure && mapped.insert(measure->name).second)
      found.emplace_back(&asked, std::move(*measure));
  }
  return found;
}

std::vector<std::string> misfits(const std::vector<FormQuestions>& forms,
                                 const std::vector<Measure>& measures) {
  std::vector<std::string> found;
  for (const Measure& measure : measures) {
    bool is_asked = false;
    for (const auto& form : forms) {
      for (const auto& [question, group, answers, names] : form.questions) {
        if (!fits(measure, question)) continue;
        is_asked = true;
        for (const auto& positive : measure.positive) {
          if (!question.options.empty() && !has_option(question, positive))
            found.push_back(fmt::format(
                "{} counts '{}' as positive, but the options of '{}' in {} are {}", measure.name,
                positive, question.text, form.name, options_of(question)));
        }
      }
    }
    if (!is_asked)
      found.push_back(fmt::format(
          "{} is mapped to {}, which no stored form asks", measure.name,
          measure.question.empty() ? measure.question_context_id : "'" + measure.question + "'"));
  }
  return found;
}

}  // namespace csatdb::cli
