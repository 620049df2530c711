#include "support/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "embed/sql_files.hpp"
#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "warehouse/derive.hpp"
#include "warehouse/writer.hpp"

namespace csatdb::tests {
namespace {

using json::Writer;

void text(Writer& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out.member(name, value);
}
template <class T>
void maybe(Writer& out, std::string_view name, const std::optional<T>& value) {
  if (value) out.member(name, *value);
}
template <class T>
void list(Writer& out, std::string_view name, const std::vector<T>& values,
          const std::function<void(const T&)>& each) {
  if (values.empty()) return;
  out.key(name).begin_array();
  for (const T& value : values) each(value);
  out.end_array();
}
void reference(Writer& out, std::string_view name, const std::string& id) {
  if (!id.empty()) out.key(name).begin_object().member("id", id).end_object();
}

/// Writes the parts of one conversation.
class TalkWriter {
 public:
  TalkWriter(Writer& out, const Talk& talk) : out_(out), zero_(*base::parse_instant(talk.start)) {}

  void party(const Party& party) {
    out_.begin_object().member("purpose", party.purpose);
    text(out_, "userId", party.user);
    text(out_, "teamId", party.team);
    list<Session>(out_, "sessions", party.sessions, [&](const Session& s) { session(s); });
    out_.end_object();
  }
  void instant(std::string_view name, const std::optional<double>& seconds) {
    if (seconds)
      out_.member(name,
                  base::to_iso(zero_ + base::Millis(static_cast<std::int64_t>(*seconds * 1000))));
  }

 private:
  void session(const Session& session) {
    out_.begin_object();
    text(out_, "mediaType", session.media);
    text(out_, "direction", session.direction);
    text(out_, "peerId", session.peer);
    list<Segment>(out_, "segments", session.segments, [&](const Segment& segment) {
      out_.begin_object().member("segmentType", segment.type);
      instant("segmentStart", segment.start);
      instant("segmentEnd", segment.end);
      text(out_, "queueId", segment.queue);
      text(out_, "wrapUpCode", segment.wrapup);
      text(out_, "disconnectType", segment.disconnect);
      out_.end_object();
    });
    list<Metric>(out_, "metrics", session.metrics, [&](const Metric& metric) {
      out_.begin_object().member("name", metric.name).member("value", metric.value);
      instant("emitDate", metric.emitted);
      out_.end_object();
    });
    out_.end_object();
  }

  Writer& out_;
  base::Instant zero_;
};

void mention(Writer& out, const Mention& survey) {
  out.begin_object().member("surveyId", survey.id);
  text(out, "surveyStatus", survey.status);
  text(out, "surveyType", survey.type);
  text(out, "surveyFormId", survey.form);
  text(out, "surveyFormContextId", survey.context);
  text(out, "surveyFormName", survey.form_name);
  maybe(out, "surveyPromoterScore", survey.nps);
  maybe(out, "oSurveyTotalScore", survey.total);
  maybe(out, "surveyPartialResponse", survey.is_partial);
  text(out, "surveyCompletedDate", survey.completed);
  text(out, "queueId", survey.queue);
  text(out, "userId", survey.user);
  out.end_object();
}

void reply(Writer& out, const Reply& reply) {
  out.begin_object().member("questionId", reply.question);
  text(out, "answerId", reply.option);
  maybe(out, "score", reply.score);
  maybe(out, "npsScore", reply.nps);
  text(out, "npsTextAnswer", reply.nps_text);
  text(out, "freeTextAnswer", reply.free_text);
  out.member("markedNA", reply.is_marked_na).end_object();
}

std::string cell_text(const SQLite::Column& column) {
  if (column.isNull()) return "NULL";
  if (column.isFloat()) return fmt::format("{}", column.getDouble());
  return column.getString();
}

}  // namespace

std::string Talk::json() const {
  Writer out;
  TalkWriter parts(out, *this);
  out.begin_object().member("conversationId", id).member("conversationStart", start);
  parts.instant("conversationEnd", end);
  text(out, "originatingDirection", direction);
  list<std::string>(out, "divisionIds", divisions, [&](const std::string& d) { out.text(d); });
  list<Party>(out, "participants", parties, [&](const Party& p) { parts.party(p); });
  list<Mention>(out, "surveys", surveys, [&](const Mention& s) { mention(out, s); });
  out.end_object();
  return out.str();
}

std::string Form::json() const {
  Writer out;
  out.begin_object().member("id", id).member("contextId", context).member("name", name);
  list<Group>(out, "questionGroups", groups, [&](const Group& group) {
    out.begin_object().member("id", group.id).member("name", group.name);
    list<Question>(out, "questions", group.questions, [&](const Question& question) {
      out.begin_object().member("id", question.id);
      text(out, "contextId", question.context);
      out.member("text", question.text).member("type", question.type);
      list<Option>(out, "answerOptions", question.options, [&](const Option& option) {
        out.begin_object().member("id", option.id).member("text", option.text);
        out.member("value", option.value).end_object();
      });
      out.end_object();
    });
    out.end_object();
  });
  out.end_object();
  return out.str();
}

std::string Survey::json() const {
  Writer out;
  out.begin_object().member("id", id);
  reference(out, "conversation", conversation);
  text(out, "status", status);
  text(out, "surveyType", type);
  if (form) out.key("surveyForm").raw(form->json());
  reference(out, "agent", agent);
  reference(out, "agentTeam", team);
  reference(out, "queue", queue);
  text(out, "completedDate", completed);
  maybe(out, "missingRequiredAnswer", is_partial);
  if (!error_reason.empty())
    out.key("surveyErrorDetails")
        .begin_object()
        .member("surveyErrorReason", error_reason)
        .end_object();
  if (total || nps || !groups.empty()) {
    out.key("answers").begin_object();
    maybe(out, "totalScore", total);
    maybe(out, "npsScore", nps);
    list<GroupScore>(out, "questionGroupScores", groups, [&](const GroupScore& group) {
      out.begin_object().member("questionGroupId", group.group);
      maybe(out, "totalScore", group.total);
      maybe(out, "maxTotalScore", group.max);
      out.member("markedNA", group.is_marked_na);
      list<Reply>(out, "questionScores", group.replies, [&](const Reply& r) { reply(out, r); });
      out.end_object();
    });
    out.end_object();
  }
  out.end_object();
  return out.str();
}

ContractWorld::ContractWorld(const std::string& zone)
    : zone_(zone), db_(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
  for (const char* file : {"schema/tables.sql", "schema/ledger.sql", "schema/views.sql"})
    db_.exec(embed::find(file)->text);
}

void ContractWorld::deliver(std::string_view resource, const std::string& json) {
  json::Document document;
  model::Batch batch;
  const auto* what = resources::find(resource);
  what->rows(document.parse(json), {&zone_, {}, false}, {std::hash<std::string>{}(json), 0}, batch);
  warehouse::Privacy privacy;
  warehouse::Writer writer(db_, privacy);
  for (const auto& root : batch.roots) writer.write(batch, root, 1);
  db_.exec(
      "INSERT OR IGNORE INTO utc_days (utc_day) SELECT utc_day FROM interactions WHERE utc_day IS "
      "NOT NULL");
  SQLite::Statement touched(
      db_, resource == "surveys"
               ? "SELECT conversation_key FROM surveys WHERE survey_id = ?"
               : "SELECT conversation_key FROM conversations WHERE conversation_id = ?");
  touched.bind(1, std::string(batch.roots.front().id));
  if (resource != "surveys" && resource != "conversations") return;
  while (touched.executeStep()) {
    if (!touched.getColumn(0).isNull())
      warehouse::SurveyDerivation(db_, zone_).run(touched.getColumn(0).getInt64());
  }
}

std::int64_t ContractWorld::key(std::string_view table, const std::string& id) {
  const auto& root = *resources::find(table)->table;
  SQLite::Statement find(
      db_, fmt::format("SELECT {} FROM {} WHERE {} = ?", root.key, root.name, root.id));
  find.bind(1, id);
  find.executeStep();
  return find.getColumn(0).getInt64();
}

void ContractWorld::run_surveys(const std::string& conversation_id) {
  warehouse::SurveyDerivation(db_, zone_).run(key("conversations", conversation_id));
}

ViewRows ContractWorld::view(const std::string& name) {
  ViewRows rows;
  SQLite::Statement query(db_, fmt::format("SELECT * FROM {} ORDER BY 1, 2, 3", name));
  while (query.executeStep()) {
    Cells& cells = rows.emplace_back();
    for (int i = 0; i < query.getColumnCount(); ++i)
      cells[query.getColumnName(i)] = cell_text(query.getColumn(i));
  }
  return rows;
}

Facts ContractWorld::facts() {
  Facts all;
  for (const char* name : {"fact_interactions", "fact_surveys", "fact_survey_answers",
                           "fact_agent_legs", "fact_queue_visits"})
    all[name] = view(name);
  return all;
}

std::vector<std::string> differences(const Facts& before, const Facts& after) {
  std::vector<std::string> found;
  for (const auto& [view, rows] : before) {
    const ViewRows& now = after.at(view);
    if (rows.size() != now.size()) {
      found.push_back(fmt::format("{}: {} rows -> {} rows", view, rows.size(), now.size()));
    }
    for (std::size_t i = 0; i < std::min(rows.size(), now.size()); ++i) {
      for (const auto& [column, value] : rows[i]) {
        if (now[i].at(column) != value)
          found.push_back(
              fmt::format("{}[{}].{}: {} -> {}", view, i, column, value, now[i].at(column)));
      }
    }
  }
  return found;
}

}  // namespace csatdb::tests
