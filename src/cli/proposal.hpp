#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/config_file.hpp"

namespace csatdb::cli {

/// A question of a survey form, as far as it decides what the question measures.
struct Question {
  struct Option {
    std::string text;
    std::int64_t value;
  };
  std::string form_name, form_context_id;
  std::string context_id;  ///< empty in forms of 2021 and older
  std::string text;
  std::string type;  ///< e.g. multipleChoiceQuestion
  std::vector<Option> options;
};

/// The questions of a form as the quality API delivers it, in order. Throws Fault::undecodable.
std::vector<Question> questions_of_form(const std::string& form_json);

/// What a question seems to measure, by its words in the common languages of surveys and by its
/// options; nothing if neither says. A person has the last word.
std::optional<Measure> propose(const Question& question);

/// The measure as a TOML table of this heading, e.g. "[[measures]]".
std::string measure_toml(const Measure& measure, const std::string& heading);

/// A text as a TOML string, in quotes.
std::string toml_string(std::string_view text);

}  // namespace csatdb::cli
