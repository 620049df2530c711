#include "warehouse/derive.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "warehouse/derive_sql.hpp"
#include "warehouse/measures.hpp"
#include "warehouse/statement.hpp"
#include "warehouse/survey_status.hpp"

namespace csatdb::warehouse {
namespace {

using Number = std::optional<std::int64_t>;
using Real = std::optional<double>;
using Text = std::optional<std::string>;

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// Reads the columns of a row from left to right.
class Reader {
 public:
  explicit Reader(const Statement& row) : row_(row) {}
  Number number() { return row_.maybe_integer(at_++); }
  Real real() { return row_.maybe_real(at_++); }
  Text text() { return row_.maybe_text(at_++); }
  bool flag() { return number().value_or(0) != 0; }

 private:
  const Statement& row_;
  int at_ = 0;
};

/// A row of survey_facts.
struct Fact {
  std::int64_t survey = 0, conversation = 0;
  Number form;
  Text form_context, form_name, status, type;
  Number is_partial;
  bool is_gone = false;
  Real total_score, points, possible;
  Number nps;
  Real csat_score;
  Number csat_is_positive;
  Real ces_score;
  Number fcr_resolved;
  Number completed;
  Text completed_date;
  Number delay, agent, team, queue;
  Text comments, error_reason;
};

struct Source {
  Fact fact;
  std::string delivered_status;  ///< of the quality API; "" if it delivered none
};

struct Interaction {
  bool is_known = false;
  Number ended, last_agent_end, agent, team, queue;
};

struct Answer {
  std::string question_context, question_text, option_text, reason, words;
  Real value;
  bool is_marked_na;

  bool answers(const Measure& measure) const {
    if (!measure.question_context_id.empty() && !question_context.empty())
      return measure.question_context_id == question_context;
    return !measure.question_text.empty() &&
           trimmed(measure.question_text) == trimmed(question_text);
  }
  /// Nothing where the measure names no positive options.
  Number is_positive(const Measure& measure) const {
    if (measure.positive.empty()) return std::nullopt;
    return std::any_of(
        measure.positive.begin(), measure.positive.end(), [&](const std::string& option) {
          return trimmed(option) == trimmed(option_text) ||
                 (value && option == std::to_string(static_cast<std::int64_t>(*value)));
        });
  }
};

/// Per element the reason of the score, then the free text; blank ones dropped.
Text comments(const std::vector<Answer>& answers) {
  std::string all;
  for (const Answer& answer : answers) {
    for (const std::string* text : {&answer.reason, &answer.words}) {
      if (trimmed(*text).empty()) continue;
      if (!all.empty()) all += '\n';
      all += *text;
    }
  }
  return all.empty() ? std::nullopt : Text(all);
}

}  // namespace

struct SurveyDerivation::Impl {
  Impl(SQLite::Database& database, const base::Zone& local)
      : db(database),
        zone(local),
        measures(stored_measures(database)),
        sources_(db, kSources),
        interaction_(db, kInteraction),
        team_(db, kTeam),
        claim_(db, kClaim),
        incomplete_(db, kIncomplete),
        complete_(db, kComplete),
        answers_(db, kAnswers),
        scores_(db, kScores),
        owner_(db, kOwner),
        write_(db, kWrite),
        facts_(db, kFacts),
        remove_(db, kRemove),
        count_(db, kCount),
        set_counts_(db, kSetCounts) {}

  Interaction interaction(std::int64_t conversation);
  std::vector<Source> sources(std::int64_t conversation);
  void complete_answers(const Fact& fact);
  std::vector<Answer> answers(std::int64_t survey);
  void add_answers(Fact& fact);
  void add_measure(Fact& fact, const Measure& measure, const Answer& answer) const;
  FollowUp run(std::int64_t conversation_key);
  void add_interaction(Fact& fact, const Interaction& contact);
  int write(const Fact& fact);
  int remove_others(std::int64_t conversation, const std::vector<Source>& kept);
  void count(std::int64_t conversation);

  SQLite::Database& db;
  const base::Zone& zone;
  std::vector<Measure> measures;
  Statement sources_, interaction_, team_, claim_, incomplete_, complete_, answers_, scores_,
      owner_, write_, facts_, remove_, count_, set_counts_;
};

Interaction SurveyDerivation::Impl::interaction(std::int64_t conversation) {
  interaction_.with(conversation);
  Interaction found;
  if (!interaction_.step()) return found;
  Reader row(interaction_);
  found.is_known = true;
  found.ended = row.number();
  found.last_agent_end = row.number();
  found.agent = row.number();
  found.team = row.number();
  found.queue = row.number();
  interaction_.reset();
  return found;
}

std::vector<Source> SurveyDerivation::Impl::sources(std::int64_t conversation) {
  std::vector<Source> found;
  sources_.with(conversation);
  while (sources_.step()) {
    Reader row(sources_);
    Source source;
    Fact& fact = source.fact;
    fact.survey = *row.number();
    const Number stored = row.number();
    const bool is_delivered = row.flag();
    const bool is_on_record = row.flag();
    const Number named_by = row.number();
    const Number owner = is_delivered && stored ? stored : (named_by ? named_by : stored);
    if (owner != conversation || (!is_delivered && !is_on_record)) continue;
    fact.conversation = conversation;
    fact.form = row.number();
    fact.form_context = row.text();
    fact.form_name = row.text();
    const Text delivered = row.text();
    const Text recorded = row.text();
    source.delivered_status = canonical_status(delivered.value_or(""));
    if (delivered || recorded)
      fact.status = merged_status(delivered.value_or(""), recorded.value_or(""));
    fact.type = row.text();
    fact.is_partial = row.number();
    fact.is_gone = row.flag();
    fact.total_score = row.real();
    fact.nps = row.number();
    fact.completed = row.number();
    fact.agent = row.number();
    fact.team = row.number();
    fact.queue = row.number();
    fact.error_reason = row.text();
    found.push_back(std::move(source));
  }
  return found;
}

void SurveyDerivation::Impl::complete_answers(const Fact& fact) {
  if (!fact.form) return;
  incomplete_.with(fact.survey);
  incomplete_.step();
  const bool is_incomplete = incomplete_.integer(0) != 0;
  incomplete_.reset();  // a statement that stands on a row keeps the log from being emptied
  if (!is_incomplete) return;
  complete_.with(fact.survey, fact.form).run();
}

std::vector<Answer> SurveyDerivation::Impl::answers(std::int64_t survey) {
  std::vector<Answer> found;
  answers_.with(survey);
  while (answers_.step()) {
    Reader row(answers_);
    Answer answer;
    answer.question_context = row.text().value_or("");
    answer.question_text = row.text().value_or("");
    answer.option_text = row.text().value_or("");
    answer.reason = row.text().value_or("");
    answer.words = row.text().value_or("");
    answer.value = row.real();
    answer.is_marked_na = row.flag();
    found.push_back(std::move(answer));
  }
  return found;
}

void SurveyDerivation::Impl::add_answers(Fact& fact) {
  scores_.with(fact.survey);
  if (scores_.step()) {
    Reader row(scores_);
    fact.points = row.real();
    fact.possible = row.real();
    scores_.reset();
  }
  const std::vector<Answer> given = answers(fact.survey);
  fact.comments = comments(given);
  for (const Measure& measure : measures) {
    if (!measure.form_context_id.empty() && measure.form_context_id != fact.form_context) continue;
    const auto answer = std::find_if(given.begin(), given.end(), [&](const Answer& candidate) {
      return !candidate.is_marked_na && (candidate.value || !candidate.option_text.empty()) &&
             candidate.answers(measure);
    });
    if (answer != given.end()) add_measure(fact, measure, *answer);
  }
}

/// The first measure of a name that finds an answer counts.
void SurveyDerivation::Impl::add_measure(Fact& fact, const Measure& measure,
                                         const Answer& answer) const {
  if (measure.name == "csat" && !fact.csat_score && !fact.csat_is_positive) {
    fact.csat_score = answer.value;
    fact.csat_is_positive = answer.is_positive(measure);
  } else if (measure.name == "ces" && !fact.ces_score) {
    fact.ces_score = answer.value;
  } else if (measure.name == "fcr" && !fact.fcr_resolved) {
    fact.fcr_resolved = answer.is_positive(measure);
  }
}

void SurveyDerivation::Impl::add_interaction(Fact& fact, const Interaction& contact) {
  if (!fact.agent) fact.agent = contact.agent;
  if (!fact.queue) fact.queue = contact.queue;
  if (!fact.team && fact.agent && fact.agent == contact.agent) {
    fact.team = contact.team;
  } else if (!fact.team && fact.agent) {
    team_.with(fact.conversation, fact.agent);
    if (team_.step()) fact.team = Reader(team_).number();
    team_.reset();
  }
  if (!fact.completed) return;
  fact.completed_date = zone.local(base::from_ms(*fact.completed)).date;
  const Number since = contact.last_agent_end ? contact.last_agent_end : contact.ended;
  if (since) fact.delay = *fact.completed - *since;
}

/// The number of rows that changed.
int SurveyDerivation::Impl::write(const Fact& fact) {
  owner_.with(fact.survey);
  std::int64_t before = fact.conversation;
  if (owner_.step()) before = Reader(owner_).number().value_or(before);
  owner_.reset();
  write_
      .with(fact.survey, fact.conversation, fact.form, fact.form_context, fact.form_name,
            fact.status, fact.type, fact.is_partial, fact.is_gone, fact.total_score, fact.points,
            fact.possible, fact.nps, fact.csat_score, fact.csat_is_positive, fact.ces_score,
            fact.fcr_resolved, fact.completed, fact.completed_date, fact.delay, fact.agent,
            fact.team, fact.queue, fact.comments, fact.error_reason)
      .run();
  const int changed = db.getChanges();
  claim_.with(fact.survey, fact.conversation).run();
  if (before != fact.conversation) count(before);
  return changed;
}

/// Removes facts of surveys that no source attributes to the conversation any more.
int SurveyDerivation::Impl::remove_others(std::int64_t conversation,
                                          const std::vector<Source>& kept) {
  std::vector<std::int64_t> others;
  facts_.with(conversation);
  while (facts_.step()) {
    const std::int64_t survey = *Reader(facts_).number();
    if (std::none_of(kept.begin(), kept.end(),
                     [&](const Source& s) { return s.fact.survey == survey; }))
      others.push_back(survey);
  }
  for (const std::int64_t survey : others) {
    remove_.with(survey).run();
  }
  return static_cast<int>(others.size());
}

void SurveyDerivation::Impl::count(std::int64_t conversation) {
  count_.with(conversation).step();
  set_counts_.with(conversation, count_.integer(0), count_.integer(1), count_.integer(2)).run();
  count_.reset();
}

SurveyDerivation::SurveyDerivation(SQLite::Database& db, const base::Zone& zone)
    : impl_(std::make_unique<Impl>(db, zone)) {}
SurveyDerivation::~SurveyDerivation() = default;
SurveyDerivation::SurveyDerivation(SurveyDerivation&&) noexcept = default;
SurveyDerivation& SurveyDerivation::operator=(SurveyDerivation&&) noexcept = default;

FollowUp SurveyDerivation::Impl::run(std::int64_t conversation_key) {
  const Interaction contact = interaction(conversation_key);
  std::vector<Source> heard = sources(conversation_key);
  FollowUp result;
  result.record_is_open = contact.is_known && !contact.ended;
  for (Source& source : heard) {
    Fact& fact = source.fact;
    complete_answers(fact);
    add_answers(fact);
    add_interaction(fact, contact);
    result.facts_changed += write(fact);
    if (fact.is_gone) continue;
    const std::string status = fact.status.value_or("");
    result.any_survey_open = result.any_survey_open || !is_final_status(status);
    result.answers_missing =
        result.answers_missing || (status == "Finished" && source.delivered_status != "Finished");
  }
  result.facts_changed += remove_others(conversation_key, heard);
  count(conversation_key);
  return result;
}

FollowUp SurveyDerivation::run(std::int64_t conversation_key) {
  return impl_->run(conversation_key);
}

}  // namespace csatdb::warehouse
