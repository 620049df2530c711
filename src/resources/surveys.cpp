#include <array>
#include <optional>
#include <string>

#include "resources/catalogue.hpp"
#include "resources/enumerations.hpp"
#include "resources/extract.hpp"
#include "resources/paging.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Child;
using model::Column;
using model::Ignored;
using model::Personal;
using model::Table;
using model::Type;

extern const Table kSurveyAnswers, kSurveyGroupScores;

constexpr Column kSurveyAnswersColumns[] = {
    {"questionId", "question_id"},
    {"answerId", "answer_id"},
    {"score", "score", Type::integer},
    {"markedNA", "is_marked_na", Type::boolean},
    {"systemMarkedNA", "is_system_marked_na", Type::boolean},
    {"assistedAnswerId", "assisted_answer_id"},
    {"npsScore", "nps_score", Type::integer},
    {"npsTextAnswer", "nps_text_answer", Type::text, nullptr, Personal::survey_text},
    {"freeTextAnswer", "free_text_answer", Type::text, nullptr, Personal::survey_text},
    {"", "group_name"},
    {"", "question_context_id"},
    {"", "question_text"},
    {"", "question_type"},
    {"", "answer_text"},
    {"", "max_score", Type::integer},
};
constexpr std::string_view kSurveyAnswersOrdinals[] = {"group_no", "question_no"};

constexpr Column kSurveyGroupScoresColumns[] = {
    {"questionGroupId", "group_id"},
    {"totalScore", "total_score", Type::real},
    {"maxTotalScore", "max_total_score", Type::real},
    {"markedNA", "is_marked_na", Type::boolean},
    {"systemMarkedNA", "is_system_marked_na", Type::boolean},
};
constexpr Child kSurveyGroupScoresChildren[] = {
    {"questionScores", &kSurveyAnswers},
};
constexpr std::string_view kSurveyGroupScoresOrdinals[] = {"group_no"};

constexpr Column kSurveysColumns[] = {
    {"conversation.id", "conversation_key", Type::text, &kConversations},
    {"name", "name"},
    {"surveyForm.id", "form_key", Type::text, &kSurveyForms},
    {"surveyForm.contextId", "form_context_id"},
    {"surveyForm.name", "form_name"},
    {"agent.id", "agent_key", Type::text, &kUsers},
    {"agentTeam.id", "team_key", Type::text, &kTeams},
    {"queue.id", "queue_key", Type::text, &kQueues},
    {"status", "status", Type::text, nullptr, Personal::none, kSurveyStatuses},
    {"surveyType", "survey_type", Type::text, nullptr, Personal::none, kSurveyTypes},
    {"completedDate", "completed_ms", Type::instant},
    {"answers.totalScore", "total_score", Type::real},
    {"answers.npsScore", "nps_score", Type::integer},
    {"missingRequiredAnswer", "is_partial", Type::boolean},
    {"surveyErrorDetails.surveyErrorReason", "error_reason"},
    {"surveyErrorDetails.flowDiagnosticInfo.lastActionId", "error_last_action_id", Type::integer},
    {"flow.id", "flow_id"},
};
constexpr Child kSurveysChildren[] = {
    {"answers.questionGroupScores", &kSurveyGroupScores},
};
constexpr Ignored kSurveysIgnored[] = {
    {"conversation.selfUri", "the object's own address, made from its id"},
    {"surveyForm.*", "stands in survey_forms and what it owns"},
    {"agent.*", "stands in users"},
    {"agentTeam.*", "stands in teams"},
    {"queue.*", "stands in queues"},
    {"flow.selfUri", "the object's own address, made from its id"},
    {"selfUri", "the object's own address, made from its id"},
};

constinit const Table kSurveyAnswers{"survey_answers", "", "", kSurveyAnswersOrdinals,
                                     kSurveyAnswersColumns};
constinit const Table kSurveyGroupScores{
    "survey_group_scores",     "", "", kSurveyGroupScoresOrdinals, kSurveyGroupScoresColumns,
    kSurveyGroupScoresChildren};

/// What the form embedded in a survey says about the questions answered.
class EmbeddedForm {
 public:
  explicit EmbeddedForm(const json::Value& form) : form_(form) {}

  /// Adds to the current row, of survey_answers, what the form knows about its question.
  void describe(const json::Value& group_score, const json::Value& answer,
                model::Batch& batch) const {
    const auto group =
        element_with_id(form_["questionGroups"], group_score["questionGroupId"].text_or(""));
    if (group) add(batch, "group_name", (*group)["name"]);
    const auto question = this->question(group, answer["questionId"].text_or(""));
    if (!question) return;
    add(batch, "question_context_id", (*question)["contextId"]);
    add(batch, "question_text", (*question)["text"]);
    add(batch, "question_type", (*question)["type"]);
    const json::Value options = (*question)["answerOptions"];
    const auto chosen = element_with_id(options, answer["answerId"].text_or(""));
    if (chosen) add(batch, "answer_text", (*chosen)["text"]);
    batch.set("max_score", highest(options, (*question)["type"].text_or("")));
  }

 private:
  static std::optional<json::Value> element_with_id(const json::Value& list, std::string_view id) {
    if (id.empty()) return std::nullopt;
    for (auto walk = list.walk_elements(); walk.next();) {
      if (walk.value()["id"].text_or("") == id) return walk.value();
    }
    return std::nullopt;
  }

  /// The question of that group, else of any.
  std::optional<json::Value> question(const std::optional<json::Value>& group,
                                      std::string_view id) const {
    if (group) {
      if (auto found = element_with_id((*group)["questions"], id)) return found;
    }
    for (auto walk = form_["questionGroups"].walk_elements(); walk.next();) {
      if (auto found = element_with_id(walk.value()["questions"], id)) return found;
    }
    return std::nullopt;
  }

  static std::optional<std::int64_t> highest(const json::Value& options, std::string_view type) {
    if (type == "npsQuestion") return kHighestNps;
    std::optional<std::int64_t> highest;
    for (auto walk = options.walk_elements(); walk.next();) {
      const auto value = walk.value()["value"].maybe_integer();
      if (value && (!highest || *value > *highest)) highest = value;
    }
    return highest;
  }

  static void add(model::Batch& batch, std::string_view column, const json::Value& text) {
    batch.set_text(column, text.text_or(""));
  }

  static constexpr std::int64_t kHighestNps = 10;
  json::Value form_;
};

constexpr int kNotFound = 404;
constexpr std::array kAccepts{kNotFound};

http::Request first(const model::Span& span) {
  return {http::Method::get,
          "/api/v2/quality/conversations/" + http::percent_encode(span.scopes.at(0)) + "/surveys",
          {},
          {}};
}

/// A bare array, all surveys at once. Not found, null and an empty array all mean none
/// (genesys-api.md 8, f1).
Step step(const model::Span& span, const http::Request& /*sent*/, const http::Response& got) {
  Step step;
  if (got.status == kNotFound) {
    step.missing = span.scopes;
    return step;
  }
  return page_of(kSurveysResource, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  const EmbeddedForm form(element["surveyForm"]);
  std::optional<json::Value> group;
  extract(element, kSurveys, context, digest, batch,
          [&](const Table& table, const json::Value& object) {
            if (&table == &kSurveyGroupScores) group = object;
            if (&table == &kSurveyAnswers) form.describe(*group, object, batch);
          });
  extract_reference(element["agent"], kUsers, context, batch);
  extract_reference(element["agentTeam"], kTeams, context, batch);
  const json::Value embedded = element["surveyForm"];
  if (embedded["id"].text_or("").empty()) return;
  extract(embedded, kSurveyForms, context, {}, batch).is_embedded = true;
}

}  // namespace

constinit const Table kSurveys{"surveys",       "survey_key",     "survey_id",    {},
                               kSurveysColumns, kSurveysChildren, kSurveysIgnored};

constinit const Resource kSurveysResource{.name = "surveys",
                                          .cadence = model::Cadence::chase,
                                          .permission = "quality:survey:view",
                                          .table = &kSurveys,
                                          .array = "",
                                          .first = first,
                                          .step = step,
                                          .rows = rows,
                                          .accepts = kAccepts};

}  // namespace csatdb::resources
