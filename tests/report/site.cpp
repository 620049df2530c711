#include "report/site.hpp"

#include "report/expected.hpp"

namespace csatdb::tests {
namespace {

std::map<std::string, std::string> names(const Golden& golden, const char* sql) {
  std::map<std::string, std::string> out;
  const auto results = golden.reader().run(sql);
  for (const auto& row : results.at(0).rows) {
    const auto* name = std::get_if<std::string>(&row.at(1));
    if (name != nullptr) out[std::get<std::string>(row.at(0))] = *name;
  }
  return out;
}

Site made() {
  auto& golden = Golden::shared();
  const auto today = base::day_of(Golden::now());
  // Everything that the sync asked for; the last complete day is the one before the sync's.
  Site site{golden,
            oracle(golden.world(), Golden::first_day(), today + std::chrono::days(1), Golden::now(),
                   golden.zone()),
            base::to_date(today - std::chrono::days(28)),
            base::to_date(today - std::chrono::days(1)),
            names(golden, "SELECT queue_id, queue_name FROM dim_queues"),
            names(golden, "SELECT agent_id, agent_name FROM dim_agents"),
            names(golden, "SELECT team_id, name FROM teams"),
            names(golden, "SELECT wrapup_code_id, wrapup_code_name FROM dim_wrapup_codes")};
  return site;
}

}  // namespace

const Site& Site::shared() {
  static const Site site = made();
  return site;
}

std::vector<const OracleTalk*> Site::contacts() const {
  std::vector<const OracleTalk*> out;
  for (const auto& talk : talks)
    if (in_period(talk.date)) out.push_back(&talk);
  return out;
}

std::vector<std::pair<const OracleTalk*, const OracleSurvey*>> Site::completed() const {
  std::vector<std::pair<const OracleTalk*, const OracleSurvey*>> out;
  for (const auto& talk : talks)
    for (const auto& survey : talk.surveys)
      if (survey.is_response() && in_period(survey.completed)) out.emplace_back(&talk, &survey);
  return out;
}

std::vector<std::pair<const OracleTalk*, const OracleSurvey*>> Site::responses() const {
  std::vector<std::pair<const OracleTalk*, const OracleSurvey*>> out;
  for (const auto* talk : contacts())
    for (const auto& survey : talk->surveys)
      if (survey.is_response()) out.emplace_back(talk, &survey);
  return out;
}

std::string Site::mature_through() const {
  std::vector<double> delays;
  const auto ninety = base::to_date(*base::parse_day(to) - std::chrono::days(89));
  for (const auto& talk : talks)
    for (const auto& survey : talk.surveys)
      if (survey.is_response() && survey.delay_days && survey.completed >= ninety &&
          survey.completed <= to)
        delays.push_back(*survey.delay_days);
  const auto p95 = static_cast<int>(std::ceil(nearest_rank(delays, 0.95)));
  return base::to_date(*base::parse_day(to) - std::chrono::days(p95));
}

std::string Site::queue_name(const std::string& id, const std::string& none) const {
  const auto at = queues.find(id);
  return at == queues.end() ? none : at->second;
}

}  // namespace csatdb::tests
