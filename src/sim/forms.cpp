#include "sim/forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/names.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using std::chrono::days;

FormQuestion choice(std::string text, std::vector<FormOption> options, bool na = false) {
  FormQuestion q;
  q.type = "multipleChoiceQuestion";
  q.text = std::move(text);
  q.options = std::move(options);
  q.na = na;
  return q;
}

FormQuestion scale(std::string text) {
  return choice(std::move(text), {{"Very satisfied", 5, {}},
                                  {"Satisfied", 4, {}},
                                  {"Neither", 3, {}},
                                  {"Dissatisfied", 2, {}},
                                  {"Very dissatisfied", 1, {}}});
}

FormQuestion nps(std::string text) {
  FormQuestion q;
  q.type = "npsQuestion";
  q.text = std::move(text);
  q.explanation = "What is the main reason for your score?";
  return q;
}

FormQuestion free_text(std::string text) {
  FormQuestion q;
  q.type = "freeTextQuestion";
  q.text = std::move(text);
  q.required = false;
  q.max_characters = 4000;
  return q;
}

FormQuestion ticks(std::string text) {
  FormQuestion q;
  q.type = "multipleSelectQuestion";
  q.text = std::move(text);
  q.required = false;
  q.options = {{"Price", 1, "Selected"}, {"Speed", 1, "Selected"}, {"Kindness", 1, "Selected"}};
  return q;
}

FormQuestion notice(std::string text) {
  FormQuestion q;
  q.type = "readOnlyTextBlockQuestion";
  q.text = std::move(text);
  q.required = false;
  return q;
}

FormQuestion yes_no(std::string text) {
  auto q = choice(std::move(text), {{"Yes", 1, {}}, {"No", 0, {}}}, true);
  q.help = "Yes, if you need not contact us again";
  return q;
}

std::vector<FormGroup> csat_groups(int version) {
  FormGroup contact{"Your contact", false, {notice("Thank you for your time & patience.")}};
  contact.questions.push_back(scale("How satisfied are you with the service?"));
  contact.questions.push_back(yes_no("Was your matter resolved?"));
  if (version > 0) contact.questions.push_back(scale("How friendly was the <agent>?"));
  FormGroup more{"More", true, {}};
  more.questions.push_back(ticks("What did you like?"));
  more.questions.push_back(free_text("Anything else you want to tell us?"));
  more.questions.back().conditional = true;
  return {contact, more};
}

std::vector<FormGroup> nps_groups(int version) {
  FormGroup main{"Empfehlung", false, {}};
  main.questions.push_back(nps("Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"));
  auto effort = choice(
      "Wie leicht wurde es Ihnen gemacht?",
      {{"sehr leicht", 7, {}}, {"leicht", 5, {}}, {"schwer", 3, {}}, {"sehr schwer", 1, {}}}, true);
  if (version % 2 == 1) effort.options[1].value = 6;
  main.questions.push_back(effort);
  main.questions.push_back(free_text("Ihr Kommentar – „frei heraus“"));
  return {main};
}

std::vector<FormGroup> voice_groups() {
  FormGroup main{"After the call", false, {}};
  main.questions.push_back(choice(
      "Press 1 to 5", {{"1", 1, {}}, {"2", 2, {}}, {"3", 3, {}}, {"4", 4, {}}, {"5", 5, {}}}));
  main.questions.push_back(nps("Would you recommend us?"));
  return {main};
}

Form make_form(int context, int version, Instant modified) {
  static const char* const kNames[] = {"Customer satisfaction", "Weiterempfehlung", "Voice survey",
                                       "Old satisfaction form", "Draft \"2\""};
  static const char* const kLanguages[] = {"en-US", "de-DE", "en-US", "fr-FR", "en-US"};
  Form form;
  form.context = context;
  form.version = version;
  form.name = kNames[context];
  if (version >= 3) form.name += fmt::format(" v{}", version + 1);
  form.language = kLanguages[context];
  form.header = "<p>How did we do?</p>";
  form.footer = context == 3 ? "" : "Thank you!";
  form.modified = modified;
  form.has_part_contexts = context != 3;
  form.disabled = context == 3;
  form.published = context != Forms::kNeverPublished;
  form.groups = context == Forms::kVoice ? voice_groups()
                : context == 1           ? nps_groups(version)
                                         : csat_groups(context == 3 ? 0 : version);
  return form;
}

/// The option that fits the mood: options stand from best to worst or the other way round.
int pick_option(const FormQuestion& q, Draw& draw, double mood) {
  const int count = static_cast<int>(q.options.size());
  const double lifted = std::clamp(mood + (draw.unit() - 0.5) * 0.5, 0.0, 0.999);
  const bool best_first = q.options.front().value >= q.options.back().value;
  const int rank = static_cast<int>(lifted * count);
  return best_first ? count - 1 - rank : rank;
}

void answer_choice(const FormQuestion& q, Draw& draw, double mood, QuestionAnswer answer,
                   GroupAnswer& group) {
  if (q.na && draw.chance(0.08)) {
    answer.marked_na = true;
    group.questions.push_back(answer);
    return;
  }
  answer.option = pick_option(q, draw, mood);
  answer.score = q.options[static_cast<std::size_t>(answer.option)].value;
  int most = 0;
  for (const auto& option : q.options) most = std::max(most, option.value);
  group.points += answer.score;
  group.most += most;
  group.questions.push_back(answer);
}

/// One element per tick, with the same question id: how the service reports several ticks is not
/// documented (genesys-api 4.3), and a reader must not lose any.
void answer_ticks(const FormQuestion& q, Draw& draw, QuestionAnswer answer, GroupAnswer& group) {
  for (std::size_t i = 0; i < q.options.size(); ++i) {
    if (!draw.chance(0.4)) continue;
    answer.option = static_cast<int>(i);
    answer.score = q.options[i].value;
    group.points += answer.score;
    group.most += answer.score;
    group.questions.push_back(answer);
  }
}

void answer_nps(Draw& draw, double mood, QuestionAnswer answer, GroupAnswer& group, int& nps_out) {
  answer.nps = static_cast<int>(std::clamp(mood + (draw.unit() - 0.5) * 0.4, 0.0, 0.999) * 11);
  nps_out = answer.nps;
  if (draw.chance(0.3)) answer.nps_text = draw.pick(comments());
  group.questions.push_back(answer);
}

void answer_question(const FormQuestion& q, Draw& draw, double mood, QuestionAnswer answer,
                     GroupAnswer& group, int& nps_out) {
  if (q.type == "multipleChoiceQuestion") {
    answer_choice(q, draw, mood, answer, group);
  } else if (q.type == "multipleSelectQuestion") {
    answer_ticks(q, draw, answer, group);
  } else if (q.type == "npsQuestion") {
    answer_nps(draw, mood, answer, group, nps_out);
  } else if (q.type == "freeTextQuestion") {
    answer.free_text = draw.chance(0.45) ? draw.pick(comments()) : std::string_view{};
    if (draw.chance(0.1)) answer.free_text = "  ";
    if (!answer.free_text.empty()) group.questions.push_back(answer);
  }
}

}  // namespace

Forms::Forms(const Organisation& organisation) {
  const Instant first = organisation.first_day;
  // Days of the publication of each version, seen from the first conversation.
  const std::vector<std::vector<int>> published = {
      {-700, -300, -40, 12, 150, 330}, {-400, -90, 25, 210}, {-200, 40}, {-2000}, {-60}};
  for (int context = 0; context < static_cast<int>(published.size()); ++context) {
    auto& versions = contexts_.emplace_back();
    for (const int day : published[static_cast<std::size_t>(context)]) {
      const auto modified = first + days(day) + std::chrono::hours(9) + base::Millis(day * 7 + 321);
      versions.push_back(make_form(context, static_cast<int>(versions.size()), modified));
    }
  }
}

bool Forms::exists(int context, int version, Instant t) const {
  return context >= 0 && context < contexts() && version >= 0 && version < versions(context, t);
}

int Forms::versions(int context, Instant t) const {
  const auto& list = contexts_[static_cast<std::size_t>(context)];
  return static_cast<int>(
      std::count_if(list.begin(), list.end(), [&](const Form& f) { return f.modified <= t; }));
}

int Forms::newest_published(int context, Instant t) const {
  return context == kNeverPublished ? -1 : versions(context, t) - 1;
}

const Form& Forms::form(int context, int version) const {
  return contexts_[static_cast<std::size_t>(context)][static_cast<std::size_t>(version)];
}

Answers make_answers(const Form& form, std::uint64_t key, double mood, bool partial) {
  Draw draw(key);
  Answers answers;
  answers.partial = partial;
  double points = 0;
  double most = 0;
  bool skipped = false;
  for (std::size_t g = 0; g < form.groups.size(); ++g) {
    GroupAnswer group;
    group.group = static_cast<int>(g);
    group.marked_na = form.groups[g].na && draw.chance(0.1);
    for (std::size_t q = 0; q < form.groups[g].questions.size() && !group.marked_na; ++q) {
      const auto& question = form.groups[g].questions[q];
      if (partial && !skipped && question.required && !question.options.empty()) {
        skipped = true;  // the required question that was left out
        continue;
      }
      QuestionAnswer answer;
      answer.question = static_cast<int>(q);
      answer_question(question, draw, mood, answer, group, answers.nps);
    }
    if (!group.marked_na) {
      points += group.points;
      most += group.most;
    }
    answers.groups.push_back(std::move(group));
  }
  answers.total = most > 0 ? std::round(10000.0 * points / most) / 100.0 : 0.0;
  return answers;
}

}  // namespace csatdb::sim
