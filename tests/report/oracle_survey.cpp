#include "json/reader.hpp"
#include "report/oracle.hpp"

namespace csatdb::tests {
namespace {

using base::Instant;
using json::Value;

std::string text(const Value& value) { return std::string(value.text_or("")); }

/// What an answered question measures, by its text.
void measure(OracleSurvey& survey, const std::string& question, const std::string& option,
             double value) {
  if (question == "How satisfied are you with the service?") {
    survey.csat = value;
    survey.csat_positive = option == "Very satisfied" || option == "Satisfied";
  } else if (question == "Press 1 to 5") {
    survey.csat = value;
    survey.csat_positive = value >= 4;
  } else if (question.starts_with("Wie leicht")) {
    survey.ces = value;
  } else if (question == "Was your matter resolved?") {
    survey.resolved = option == "Yes";
  }
}

void add_answers(OracleSurvey& survey, const Value& body) {
  std::map<std::string, std::string> questions;
  std::map<std::string, std::pair<std::string, double>> options;
  std::map<std::string, OracleGroup> groups;
  for (const auto& group : body["surveyForm"]["questionGroups"].elements()) {
    const auto name = text(group["name"]);
    groups[text(group["id"])] = {std::string(group["contextId"].text_or(name)), name};
    for (const auto& question : group["questions"].elements()) {
      questions[text(question["id"])] = text(question["text"]);
      for (const auto& option : question["answerOptions"].elements())
        options[text(option["id"])] = {text(option["text"]), option["value"].real()};
    }
  }
  const Value given = body["answers"];
  if (given["npsScore"].present()) survey.nps = static_cast<int>(given["npsScore"].integer());
  if (given["totalScore"].present()) survey.total = given["totalScore"].real();
  for (const auto& group : given["questionGroupScores"].elements()) {
    if (!group["markedNA"].boolean_or(false) && group["maxTotalScore"].real() > 0) {
      auto& scored = survey.groups.emplace_back(groups.at(text(group["questionGroupId"])));
      scored.points = group["totalScore"].real();
      scored.possible = group["maxTotalScore"].real();
    }
    for (const auto& score : group["questionScores"].elements()) {
      OracleAnswer answer;
      answer.question = questions.at(text(score["questionId"]));
      answer.is_na = score["markedNA"].boolean_or(false);
      const std::string option = text(score["answerId"]);
      if (!option.empty()) answer.option = options.at(option).first;
      if (score["score"].present())
        answer.score = score["score"].real();
      else if (score["npsScore"].present())
        answer.score = score["npsScore"].real();
      answer.words =
          text(score[score["freeTextAnswer"].present() ? "freeTextAnswer" : "npsTextAnswer"]);
      answer.is_blank = !answer.score && option.empty() && !answer.has_words();
      if (!answer.is_na && !option.empty())
        measure(survey, answer.question, answer.option, options.at(option).second);
      survey.answers.push_back(std::move(answer));
    }
  }
}

}  // namespace

bool OracleAnswer::has_words() const { return words.find_first_not_of(' ') != std::string::npos; }

bool OracleSurvey::is_sent() const {
  return status == "Sent" || status == "InProgress" || status == "Finished" || status == "Expired";
}

OracleSurvey oracle_survey(const sim::TrueSurvey& truth, const OracleTalk& talk,
                           std::optional<Instant> spoke_until, const base::Zone& zone) {
  json::Document document;
  const Value body = document.parse(truth.body);
  OracleSurvey survey;
  survey.id = truth.id;
  survey.status = text(body["status"]);
  survey.error = text(body["surveyErrorDetails"]["surveyErrorReason"]);
  survey.form = text(body["surveyForm"]["name"]);
  survey.form_id = text(body["surveyForm"]["id"]);
  survey.form_context = text(body["surveyForm"]["contextId"]);
  survey.agent = body["agent"].present() ? text(body["agent"]["id"]) : talk.agent;
  survey.queue = body["queue"].present() ? text(body["queue"]["id"]) : talk.queue;
  survey.team = text(body["agentTeam"]["id"]);
  for (auto leg = talk.legs.rbegin(); survey.team.empty() && leg != talk.legs.rend(); ++leg)
    if (leg->agent == survey.agent) survey.team = leg->team;
  if (!survey.is_response()) return survey;
  survey.is_partial = body["missingRequiredAnswer"].boolean_or(false);
  const auto completed = body["completedDate"].instant();
  survey.completed = zone.local(completed).date;
  if (spoke_until)
    survey.delay_days = static_cast<double>((completed - *spoke_until).count()) / 86400000.0;
  add_answers(survey, body);
  return survey;
}

}  // namespace csatdb::tests
