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

constexpr Column kSurveyAnswerOptionsColumns[] = {
    {"id", "option_id"},
    {"contextId", "context_id"},
    {"builtInType", "built_in_type", Type::text, nullptr, Personal::none, kBuiltInOptions},
    {"text", "text"},
    {"value", "value", Type::integer},
    {"assistanceConditions", "assistance_conditions", Type::list},
};
constexpr std::string_view kSurveyAnswerOptionsOrdinals[] = {"group_no", "question_no",
                                                             "option_no"};
constinit const Table kSurveyAnswerOptions{
    "survey_answer_options", "", "", kSurveyAnswerOptionsOrdinals, kSurveyAnswerOptionsColumns};

constexpr Column kSurveyQuestionsColumns[] = {
    {"id", "question_id"},
    {"contextId", "context_id"},
    {"text", "text"},
    {"helpText", "help_text"},
    {"type", "question_type", Type::text, nullptr, Personal::none, kQuestionTypes},
    {"naEnabled", "is_na_enabled", Type::boolean},
    {"maxResponseCharacters", "max_response_characters", Type::integer},
    {"explanationPrompt", "explanation_prompt"},
    {"visibilityCondition", "visibility_condition", Type::list},
};
constexpr Child kSurveyQuestionsChildren[] = {
    {"answerOptions", &kSurveyAnswerOptions},
};
constexpr std::string_view kSurveyQuestionsOrdinals[] = {"group_no", "question_no"};
constinit const Table kSurveyQuestions{
    "survey_questions",      "", "", kSurveyQuestionsOrdinals, kSurveyQuestionsColumns,
    kSurveyQuestionsChildren};

constexpr Column kSurveyQuestionGroupsColumns[] = {
    {"id", "group_id"},
    {"contextId", "context_id"},
    {"name", "name"},
    {"type", "group_type"},
    {"naEnabled", "is_na_enabled", Type::boolean},
    {"visibilityCondition", "visibility_condition", Type::list},
};
constexpr Child kSurveyQuestionGroupsChildren[] = {
    {"questions", &kSurveyQuestions},
};
constexpr std::string_view kSurveyQuestionGroupsOrdinals[] = {"group_no"};
constinit const Table kSurveyQuestionGroups{"survey_question_groups",
                                            "",
                                            "",
                                            kSurveyQuestionGroupsOrdinals,
                                            kSurveyQuestionGroupsColumns,
                                            kSurveyQuestionGroupsChildren};

constexpr Column kSurveyFormsColumns[] = {
    {"contextId", "context_id"},
    {"name", "name"},
    {"language", "language"},
    {"modifiedDate", "modified_ms", Type::instant},
    {"published", "is_published", Type::boolean},
    {"disabled", "is_disabled", Type::boolean},
    {"header", "header"},
    {"footer", "footer"},
    {"division.id", "division_key", Type::text, &kDivisions},
    {"redacted", "is_redacted", Type::boolean},
};
constexpr Child kSurveyFormsChildren[] = {
    {"questionGroups", &kSurveyQuestionGroups},
};
constexpr Ignored kSurveyFormsIgnored[] = {
    {"division.*", "stands in divisions"},
    {"publishedVersions", "each published version is a row of its own"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kSurveyForms{
    "survey_forms",      "form_key",           "form_id",          {},
    kSurveyFormsColumns, kSurveyFormsChildren, kSurveyFormsIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/quality/publishedforms/surveys", kFormPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kSurveyFormsResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kSurveyForms, context, digest, batch);
}

}  // namespace

constinit const Resource kSurveyFormsResource{.name = "survey_forms",
                                              .cadence = model::Cadence::snapshot,
                                              .permission = "quality:surveyForm:view",
                                              .table = &kSurveyForms,
                                              .array = "entities",
                                              .first = first,
                                              .step = step,
                                              .rows = rows};

}  // namespace csatdb::resources
