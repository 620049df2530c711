#include <algorithm>
#include <functional>
#include <set>

#include "sim/aggregator.hpp"
#include "sim/answers.hpp"

namespace csatdb::sim {
namespace {

using base::Day;
using base::Instant;
using base::Millis;
using std::chrono::days;

using Visit = std::function<void(const Conversation&)>;

/// The conversations with a survey, evaluation or resolution event in the interval.
void visit_eventful(Exchange& x, const base::Interval& interval, const Visit& visit) {
  const Day last = base::day_of(std::min(interval.end, x.now));
  for (Day day = x.world.organisation().first_day; day <= last; day += days(1)) {
    std::set<std::uint32_t> indices;
    for (const auto& [at, index] : x.world.outline(day).events) {
      if (interval.begin <= at && at < interval.end) indices.insert(index);
    }
    for (const auto index : indices) {
      const auto c = x.world.write(day, static_cast<int>(index));
      if (x.selector.visible(c, x.now)) visit(c);
    }
  }
}

/// The conversations that were alive in the interval.
void visit_alive(Exchange& x, const base::Interval& interval, const Visit& visit) {
  const Day first = std::max(base::day_of(interval.begin), x.world.organisation().first_day);
  for (Day day = x.world.organisation().first_day; day < first; day += days(1)) {
    for (const auto& row : x.world.outline(day).long_lived) {
      if (row.end < interval.begin - Millis{1000}) continue;
      const auto c = x.world.write(day, static_cast<int>(row.index));
      if (x.selector.visible(c, x.now)) visit(c);
    }
  }
  const Day last = base::day_of(std::min(interval.end, x.now));
  for (Day day = first; day <= last; day += days(1)) {
    const auto list = x.world.day(day);
    for (const auto& c : *list) {
      if (x.selector.visible(c, x.now)) visit(c);
    }
  }
}

/// Something that happened to a survey, under the time dimension asked for.
class SurveyEvents {
 public:
  SurveyEvents(Exchange& x, Aggregator& sums)
      : x_(x),
        sums_(sums),
        by_creation_((*x.request)["alternateTimeDimension"].text_or("") == "surveyCreatedDate") {}

  void of(const Conversation& c, const Survey& s) {
    if (s.sent <= x_.now && s.end != SurveyEnd::error) {
      add(c, s, s.sent, "nSurveysSent", 1);
      add(c, s, s.sent, s.voice ? "nVoiceSurveys" : "nWebSurveys", 1);
    }
    if (s.opened <= x_.now) add(c, s, s.opened, "nSurveysStarted", 1);
    if (s.closed <= x_.now) close(c, s);
    if (s.deleted <= x_.now) add(c, s, s.deleted, "nSurveysDeleted", 1);
  }

 private:
  void add(const Conversation& c, const Survey& s, Instant at, std::string_view metric,
           double value, const Aggregator::Read& more = {}) {
    if (at >= s.deleted && metric != "nSurveysDeleted") return;
    const Instant seen = at >= s.deleted ? at - Millis{1} : at;
    sums_.add(metric, value, by_creation_ ? s.created : at, [&](std::string_view dimension) {
      if (more) {
        if (auto values = more(dimension); !values.empty()) return values;
      }
      if (dimension == "surveyPreviousStatus") {
        const auto before = state_of(s, seen - Millis{1}).status;
        return before.empty() ? Values{} : Values{std::string(analytics_spelling(before))};
      }
      return survey_values(x_.world, c, s, seen, dimension);
    });
  }

  void close(const Conversation& c, const Survey& s) {
    switch (s.end) {
      case SurveyEnd::finished:
        finish(c, s);
        break;
      case SurveyEnd::error:
        add(c, s, s.closed, "nSurveyErrors", 1);
        break;
      // No metric is named after opting out; the survey is given up.
      case SurveyEnd::opted_out:
        add(c, s, s.closed, "nSurveysAbandoned", 1);
        break;
      case SurveyEnd::expired:
        add(c, s, s.closed, "nSurveysExpired", 1);
        if (s.opened != kNever) add(c, s, s.closed, "nSurveysAbandoned", 1);
        break;
      case SurveyEnd::pending:
        break;
    }
  }

  void finish(const Conversation& c, const Survey& s) {
    const auto answers = answers_of(x_.world, c, s);
    const auto put = [&](std::string_view metric, double value, const Aggregator::Read& more = {}) {
      add(c, s, s.closed, metric, value, more);
    };
    put("nSurveyResponses", 1);
    put(s.partial ? "nSurveyPartialResponses" : "nSurveyFullResponses", 1);
    put("oSurveyTotalScore", answers.total);
    if (answers.nps >= 0) put("nSurveyNpsResponses", 1);
    if (answers.nps >= 9) put("nSurveyNpsPromoters", 1);
    if (answers.nps >= 0 && answers.nps <= 6) put("nSurveyNpsDetractors", 1);
    const auto& form = x_.world.forms().form(s.context, s.version);
    for (const auto& group : answers.groups) {
      if (group.marked_na) continue;
      const auto id = [&](int question, int option) {
        return x_.world.ids().text(part_place(form, group.group, question, option, false));
      };
      const auto in_group = [&](std::string_view d) {
        return d == "surveyQuestionGroupId" ? Values{id(-1, -1)} : Values{};
      };
      put("nSurveyQuestionGroupResponses", 1, in_group);
      put("oSurveyQuestionGroupScore", group.points, in_group);
      for (const auto& q : group.questions) {
        if (q.marked_na) continue;
        const auto in_question = [&](std::string_view d) {
          if (d == "surveyQuestionId") return Values{id(q.question, -1)};
          if (d == "surveyAnswerId" && q.option >= 0) return Values{id(q.question, q.option)};
          return in_group(d);
        };
        put("nSurveyQuestionResponses", 1, in_question);
        if (q.option >= 0) put("oSurveyQuestionScore", q.score, in_question);
      }
    }
  }

  Exchange& x_;
  Aggregator& sums_;
  bool by_creation_;
};

}  // namespace

void answer_survey_aggregates(Exchange& x) {
  Aggregator sums(*x.request);
  SurveyEvents events(x, sums);
  visit_eventful(x, sums.interval(), [&](const Conversation& c) {
    for (const auto& s : c.surveys) events.of(c, s);
  });
  sums.write(x.out);
}

void answer_conversation_aggregates(Exchange& x) {
  Aggregator sums(*x.request);
  const bool waits = sums.wants("tWait");
  visit_alive(x, sums.interval(), [&](const Conversation& c) {
    for (const auto& p : c.participants) {
      if (!seen(p, x.now)) continue;
      for (const auto& s : p.sessions) {
        const auto read = [&](std::string_view dimension) {
          return session_values(x.world, c, p, s, nullptr, x.now, dimension);
        };
        for (const auto& m : s.metrics) {
          if (m.at > x.now) continue;
          sums.add(m.name, static_cast<double>(m.value), m.at, read);
          // A wait is what an acd session ends with; only aggregates name it (genesys-api 3.7).
          if (waits && m.name == "tAcd")
            sums.add("tWait", static_cast<double>(m.value), m.at, read);
        }
      }
    }
  });
  sums.write(x.out);
}

void answer_evaluation_aggregates(Exchange& x) {
  Aggregator sums(*x.request);
  const auto by = (*x.request)["alternateTimeDimension"].text_or("eventTime");
  const auto visit = [&](const Conversation& c) {
    for (const auto& e : c.evaluations) {
      const auto put = [&](std::string_view metric, double value, Instant at) {
        if (at > x.now) return;
        const Instant when = by == "conversationStart"       ? c.start
                             : by == "evaluationCreatedDate" ? e.created
                             : by == "evaluationReleaseDate" ? e.finished
                                                             : at;
        sums.add(metric, value, when, [&](std::string_view dimension) {
          return evaluation_values(x.world, c, e, at, dimension);
        });
      };
      put("nEvaluations", 1, e.created);
      put("oTotalScore", e.score, e.finished);
      put("oTotalCriticalScore", e.critical, e.finished);
      put("nEvaluationsRescored", 1, e.rescored);
      put("oTotalScore", std::min(100, e.score + 5), e.rescored);
      put("nEvaluationsDeleted", 1, e.deleted);
    }
  };
  if (by == "conversationStart")
    visit_alive(x, sums.interval(), visit);
  else
    visit_eventful(x, sums.interval(), visit);
  sums.write(x.out);
}

void answer_resolution_aggregates(Exchange& x) {
  Aggregator sums(*x.request);
  visit_eventful(x, sums.interval(), [&](const Conversation& c) {
    for (const auto& r : c.resolutions) {
      if (r.avoided < 0 || r.at > x.now) continue;
      sums.add(
          "nNextContactAvoided", static_cast<double>(r.avoided), r.at,
          [&](std::string_view d) -> Values {
            if (d == "queueId" && r.queue >= 0)
              return {x.world.ids().text({Kind::queue, 0, static_cast<std::uint32_t>(r.queue), 0})};
            if (d == "userId" && r.user >= 0)
              return {x.world.ids().text({Kind::user, 0, static_cast<std::uint32_t>(r.user), 0})};
            return conversation_values(x.world, c, x.now, d);
          });
    }
  });
  sums.write(x.out);
}

}  // namespace csatdb::sim
