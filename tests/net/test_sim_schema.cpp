#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/sim_bench.hpp"
#include "sim/truth.hpp"
#include "support/source.hpp"

using namespace csatdb;
using sim::SimBench;

namespace {

/// The models of the service, where the file with them lies beside the project.
class Schema {
 public:
  Schema() {
    std::ifstream file(support::in_source("../shared/genesys-schema.json"));
    text_.assign(std::istreambuf_iterator<char>(file), {});
    if (text_.empty()) return;
    for (const auto& member : document_.parse(text_)["definitions"].members())
      models_.emplace(std::string(member.name), member.value);
  }
  bool present() const { return !models_.empty(); }

  /// Holds a body against a model: unknown members, wrong types, values outside a closed list,
  /// malformed instants and missing required members, at most the first few.
  std::vector<std::string> findings(const std::string& body, const std::string& model) const {
    std::vector<std::string> found;
    json::Document document;
    const auto root = document.parse(body);
    if (model.front() == '[') {
      for (const auto& item : root.elements())
        check(item, models_.at(model.substr(1, model.size() - 2)), found);
    } else {
      check(root, models_.at(model), found);
    }
    if (found.size() > 3) found.resize(3);
    return found;
  }

 private:
  void check(const json::Value& value, const json::Value& spec,
             std::vector<std::string>& found) const {
    const auto reference = spec["$ref"].text_or("");
    if (!reference.empty()) {
      const auto model = models_.find(std::string(reference.substr(reference.rfind('/') + 1)));
      if (model != models_.end()) check(value, model->second, found);
      return;
    }
    const auto type = spec["type"].text_or("object");
    const auto complain = [&](std::string problem) { found.push_back(value.path() + problem); };
    const std::map<std::string_view, json::Kind> kinds = {
        {"string", json::Kind::text},   {"integer", json::Kind::number},
        {"number", json::Kind::number}, {"boolean", json::Kind::boolean},
        {"array", json::Kind::array},   {"object", json::Kind::object}};
    if (value.kind() != kinds.at(type)) return complain(": wrong type");
    if (type == "integer" && value.dump().find_first_of(".eE") != std::string::npos)
      return complain(": not whole");
    if (type == "string") return check_text(value, spec, found);
    if (type == "array") {
      for (const auto& item : value.elements()) check(item, spec["items"], found);
      return;
    }
    if (type == "object") check_members(value, spec, found);
  }

  static void check_text(const json::Value& value, const json::Value& spec,
                         std::vector<std::string>& found) {
    bool listed = !spec["enum"].present();
    for (const auto& known : spec["enum"].elements()) listed |= known.text() == value.text();
    if (!listed) found.push_back(value.path() + ": not a known value");
    if (spec["format"].text_or("") == "date-time" && !value.text().ends_with("Z"))
      found.push_back(value.path() + ": no instant");
    if (spec["format"].text_or("") == "date-time") value.instant();
  }

  void check_members(const json::Value& value, const json::Value& spec,
                     std::vector<std::string>& found) const {
    const auto known = spec["properties"];
    const auto any = spec["additionalProperties"];
    if (!known.present() && !any.present()) return;
    for (const auto& name : spec["required"].elements()) {
      if (value[name.text()].kind() == json::Kind::absent)
        found.push_back(value.path() + "." + std::string(name.text()) + ": missing");
    }
    for (const auto& member : value.members()) {
      const auto spec_of = known.present() ? known[member.name] : known;
      if (spec_of.present())
        check(member.value, spec_of, found);
      else if (any.present())
        check(member.value, any, found);
      else
        found.push_back(member.value.path() + ": unknown member");
    }
  }

  std::string text_;
  json::Document document_;
  std::map<std::string, json::Value> models_;
};

}  // namespace

TEST_SUITE("net") {
  TEST_CASE("every answer keeps to the service's models") {
    const Schema schema;
    if (!schema.present()) {
      MESSAGE("skipped: ../shared/genesys-schema.json is not there");
      return;
    }
    auto organisation = SimBench::organisation();
    organisation.interactions = 4000;
    sim::Options options;
    options.job_delay = base::Millis{0};
    options.rate = 0;
    SimBench bench(options, organisation);
    const auto hold = [&](const std::string& model, const http::Response& response,
                          int status = 200) {
      INFO(model);
      CHECK(response.status == status);
      for (const auto& finding : schema.findings(response.body, model)) FAIL_CHECK(finding);
    };
    const auto rows = sim::truth(bench.world, organisation.first_day, base::day_of(SimBench::kNow),
                                 SimBench::kNow);
    std::set<std::string> statuses;
    for (const auto& row : rows) {
      if (row.surveys.empty()) continue;
      for (const auto& s : row.surveys) statuses.insert(s.status);
      hold("[Survey]", bench.get("/quality/conversations/" + row.id + "/surveys"));
    }
    CHECK(statuses.size() >= 6);
    for (int page = 1; page <= 12; ++page)
      hold("AnalyticsConversationQueryResponse",
           bench.details("2025-05-27T00:00:00Z", "2025-06-02T00:00:00Z", page));
    hold("AnalyticsConversationWithoutAttributes",
         bench.get("/analytics/conversations/" + rows[0].id + "/details"));
    hold("AnalyticsConversationWithoutAttributesMultiGetResponse",
         bench.get("/analytics/conversations/details?id=" + rows[0].id));
    const std::string jobs = "/analytics/conversations/details/jobs";
    const auto job =
        bench.post(jobs, R"({"interval":"2025-05-25T00:00:00Z/2025-05-31T00:00:00Z"})");
    hold("AsyncQueryResponse", job, 202);
    json::Document document;
    const std::string id(document.parse(job.body)["jobId"].text());
    hold("AsyncQueryStatus", bench.get(jobs + "/" + id));
    hold("AnalyticsConversationAsyncQueryResponse", bench.get(jobs + "/" + id + "/results"));
    const std::map<std::string, std::string> lists = {
        {jobs + "/availability", "DataAvailabilityResponse"},
        {"/organizations/me", "Organization"},
        {"/organizations/limits/namespaces/platform.api", "LimitsEntityListing"},
        {"/tokens/me", "TokenInfo"},
        {"/analytics/dataretention/settings", "AnalyticsDataRetentionResponse"},
        {"/users?state=any&pageSize=500&expand=team", "UserEntityListing"},
        {"/routing/queues?pageSize=500", "QueueEntityListing"},
        {"/routing/wrapupcodes?pageSize=3&pageNumber=2", "WrapupCodeEntityListing"},
        {"/routing/skills", "SkillEntityListing"},
        {"/routing/languages", "LanguageEntityListing"},
        {"/authorization/divisions", "AuthzDivisionEntityListing"},
        {"/authorization/divisions/query?pageSize=2", "AuthzDivisionCursorListing"},
        {"/teams?pageSize=3", "TeamEntityListing"},
        {"/flows", "FlowEntityListing"},
        {"/quality/forms/surveys", "SurveyFormEntityListing"},
        {"/quality/publishedforms/surveys", "SurveyFormEntityListing"},
        {"/nothing", "ErrorBody"}};
    for (const auto& list : lists) {
      INFO(list.first);
      hold(list.second, bench.get(list.first), list.first == "/nothing" ? 404 : 200);
    }
    const std::string interval = R"({"interval":"2025-05-22T00:00:00Z/2025-06-01T00:00:00Z",)";
    hold("SurveyAggregateQueryResponse",
         bench.post("/analytics/surveys/aggregates/query",
                    interval +
                        R"("metrics":["nSurveysSent","oSurveyTotalScore"],"granularity":"P1D",)"
                        R"("groupBy":["surveyId"]})"));
    hold("ConversationAggregateQueryResponse",
         bench.post("/analytics/conversations/aggregates/query",
                    interval +
                        R"("metrics":["tHandle","nOffered"],"groupBy":["queueId"],)"
                        R"("views":[{"target":"tHandle","name":"long","function":"rangeBound",)"
                        R"("range":{"gte":60000}}]})"));
    hold("EvaluationAggregateQueryResponse",
         bench.post("/analytics/evaluations/aggregates/query",
                    interval + R"("metrics":["nEvaluations","oTotalScore"]})"));
    hold("ResolutionAggregateQueryResponse",
         bench.post("/analytics/resolutions/aggregates/query",
                    interval + R"("metrics":["nNextContactAvoided"]})"));
  }
}
