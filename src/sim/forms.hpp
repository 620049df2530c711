#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/draw.hpp"
#include "sim/organisation.hpp"

namespace csatdb::sim {

struct FormOption {
  std::string text;
  int value = 0;
  std::string_view built_in;  ///< "Selected", "Unselected" or none
};

struct FormQuestion {
  std::string_view type;  ///< e.g. multipleChoiceQuestion
  std::string text, help;
  bool na = false, required = true;
  std::vector<FormOption> options;
  int max_characters = 0;
  std::string explanation;
  bool conditional = false;  ///< shown depending on other answers
};

struct FormGroup {
  std::string name;
  bool na = false;
  std::vector<FormQuestion> questions;
};

/// One version of a form. The context stays over the versions; the ids do not.
struct Form {
  int context = 0, version = 0;
  std::string name, language, header, footer;
  bool published = true, disabled = false;
  bool has_part_contexts = true;  ///< older forms carry no contextId on their parts
  base::Instant modified;
  std::vector<FormGroup> groups;
};

/// All forms of an organisation, by context and version.
class Forms {
 public:
  explicit Forms(const Organisation& organisation);

  /// The contexts: web CSAT, web NPS + CES, voice, legacy web, never published.
  int contexts() const { return static_cast<int>(contexts_.size()); }
  static constexpr int kVoice = 2;
  static constexpr int kNeverPublished = 4;
  bool exists(int context, int version, base::Instant t) const;
  /// The versions that exist at t; 0 if none.
  int versions(int context, base::Instant t) const;
  /// The newest published version at t, or -1.
  int newest_published(int context, base::Instant t) const;
  const Form& form(int context, int version) const;

 private:
  std::vector<std::vector<Form>> contexts_;
};

/// What a customer answered; positions are those of the form's groups and questions.
struct QuestionAnswer {
  int question = 0;
  int option = -1;
  int score = 0;
  bool marked_na = false;
  int nps = -1;
  std::string_view nps_text, free_text;
};
struct GroupAnswer {
  int group = 0;
  double points = 0, most = 0;
  bool marked_na = false;
  std::vector<QuestionAnswer> questions;
};
struct Answers {
  double total = 0;  ///< percent of the points that could be had
  int nps = -1;      ///< 0..10, or -1
  bool partial = false;
  std::vector<GroupAnswer> groups;
};

/// Answers to a form, the same for the same key; `mood` (0..1) moves all scores alike.
Answers make_answers(const Form& form, std::uint64_t key, double mood, bool partial);

}  // namespace csatdb::sim
