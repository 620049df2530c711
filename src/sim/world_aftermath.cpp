#include <algorithm>

#include "sim/names.hpp"
#include "sim/stage.hpp"

namespace csatdb::sim {
namespace {

using base::Instant;
using base::Millis;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// How long after a call an answer comes: most within hours, some in weeks, a few near the
/// hundredth day (an invitation may go out up to 90 days late).
Millis answer_delay(Draw& draw) {
  const double fate = draw.unit();
  if (fate < 0.60) return minutes(2) + draw.around(7200000);
  if (fate < 0.90) return hours(20) + draw.ms(0, 86400000LL * 14);
  if (fate < 0.97) return days(15) + draw.ms(0, 86400000LL * 30);
  return days(45) + draw.ms(0, 86400000LL * 55);
}

Survey web_survey(Stage& stage, const Forms& forms, int number) {
  const auto& c = stage.conversation;
  auto& draw = stage.draw;
  Survey s;
  s.number = number;
  s.context = draw.chance(0.7) ? 0 : 1;
  if (draw.chance(0.03)) s.context = 3;
  s.created = c.last_agent_end + draw.ms(1000, 90000);
  s.version = std::max(0, forms.newest_published(s.context, s.created));
  s.user = draw.chance(0.97) ? c.last_agent : -1;
  s.team =
      s.user < 0 ? -1 : stage.directory.users[static_cast<std::size_t>(s.user)].team_at(s.created);
  s.queue = draw.chance(0.98) ? c.last_queue : -1;
  s.mood = 0.25 + 0.75 * std::max(draw.unit(), draw.unit());
  if (number > 0 || draw.chance(0.12)) {  // overlapping policies: one sends, the others fail
    s.end = SurveyEnd::error;
    s.error = number > 0 ? "OVERLAPPING_POLICY" : draw.pick(survey_errors());
    s.closed = s.created + draw.ms(200, 600000);
    return s;
  }
  const Millis delay = answer_delay(draw);
  const Instant answered = s.created + delay;
  s.sent = s.created + draw.ms(500, std::max<std::int64_t>(1000, delay.count() / 2));
  const double fate = draw.unit();
  if (fate < 0.42) {
    s.end = SurveyEnd::finished;
    s.opened = answered - std::min(draw.ms(20000, 400000), (answered - s.sent) / 2);
    s.closed = answered;
    s.partial = draw.chance(0.08);
  } else if (fate < 0.47) {
    s.end = SurveyEnd::opted_out;
    s.closed = answered;
  } else if (fate < 0.55) {
    s.end = SurveyEnd::expired;  // opened, never submitted
    s.opened = answered;
    s.closed = std::max(answered, s.sent) + days(20);
  } else if (fate < 0.97) {
    s.end = SurveyEnd::expired;
    s.closed = s.sent + days(30);
  }
  return s;  // the rest stays Sent for good
}

/// A policy may invite up to 90 days later (genesys-api 4.6). Draws of its own leave the rest of
/// the world as it is.
void put_off(Survey& s, Draw draw, const Forms& forms, const Rates& rates) {
  if (!draw.chance(rates.late_invitation)) return;
  const Millis later = days(1 + draw.below(50));
  for (Instant* t : {&s.created, &s.sent, &s.opened, &s.closed}) {
    if (*t != kNever) *t += later;
  }
  s.version = std::max(0, forms.newest_published(s.context, s.created));
}

Survey voice_survey(Stage& stage, const Forms& forms, int number) {
  const auto& c = stage.conversation;
  Survey s;
  s.number = number;
  s.voice = true;
  s.context = Forms::kVoice;
  s.created = s.sent = s.opened = c.voice_survey_begin;
  s.version = std::max(0, forms.newest_published(s.context, s.created));
  s.user = c.last_agent;
  s.team = stage.directory.users[static_cast<std::size_t>(s.user)].team_at(s.created);
  s.queue = c.last_queue;
  s.mood = 0.2 + 0.8 * stage.draw.unit();
  s.closed = c.voice_survey_end;
  s.end = SurveyEnd::finished;
  s.partial = stage.draw.chance(0.2);
  return s;
}

void add_surveys(Stage& stage, const Forms& forms, const Rates& rates) {
  auto& c = stage.conversation;
  if (c.voice_survey_begin != kNever) c.surveys.push_back(voice_survey(stage, forms, 0));
  const bool asked = c.last_agent >= 0 && c.last_agent_end != kNever && c.direction == "inbound";
  if (!asked || !stage.draw.chance(rates.survey)) return;
  const double fate = stage.draw.unit();
  const int count = fate < 0.72 ? 1 : fate < 0.95 ? 2 : 4;
  const int before = static_cast<int>(c.surveys.size());
  for (int i = 0; i < count; ++i) {
    c.surveys.push_back(web_survey(stage, forms, i));
    c.surveys.back().number = before + i;
    put_off(c.surveys.back(), Draw(mix(c.day, c.index, 0x1A7EU + static_cast<std::uint64_t>(i))),
            forms, rates);
    if (stage.draw.chance(rates.survey_deleted))
      c.surveys.back().deleted =
          c.surveys.back().created + days(1) + stage.draw.ms(0, 86400000LL * 40);
  }
}

void add_evaluation(Stage& stage) {
  auto& c = stage.conversation;
  auto& draw = stage.draw;
  Evaluation e;
  e.number = static_cast<int>(c.evaluations.size());
  e.user = c.last_agent;
  e.queue = c.last_queue;
  e.evaluator = draw.below(8);
  e.assignee = draw.chance(0.5) ? c.last_agent : -1;
  e.form = draw.below(3);
  e.created = c.last_agent_end + hours(5) + draw.ms(0, 86400000LL * 20);
  e.score = 40 + draw.below(61);
  e.critical = draw.chance(0.9) ? 100 : 0;
  e.calibration = draw.chance(0.05);
  e.system_submitted = draw.chance(0.05);
  if (draw.chance(0.9)) {
    e.started = e.created + draw.ms(60000, 86400000LL * 3);
    e.finished = e.started + draw.ms(60000, 7200000);
    if (draw.chance(0.1)) e.rescored = e.finished + days(draw.below(10)) + hours(1);
  }
  if (draw.chance(0.03)) e.deleted = e.created + days(3) + draw.ms(0, 86400000LL * 20);
  c.evaluations.push_back(e);
}

void add_resolution(Stage& stage) {
  auto& c = stage.conversation;
  Resolution r;
  r.at = c.last_agent_end + days(7) + stage.draw.ms(0, 86400000);
  if (stage.draw.chance(0.8)) {
    r.queue = c.last_queue;
    r.user = c.last_agent;
    r.avoided = stage.draw.chance(0.7) ? 1 : 0;
  }
  c.resolutions.push_back(r);
}

}  // namespace

void write_aftermath(Stage& stage, const Forms& forms, const Rates& rates) {
  add_surveys(stage, forms, rates);
  if (stage.conversation.last_agent < 0) return;
  while (stage.conversation.evaluations.size() < 3 && stage.draw.chance(rates.evaluation))
    add_evaluation(stage);
  if (stage.draw.chance(rates.resolution)) add_resolution(stage);
}

}  // namespace csatdb::sim
