#include "cli/extract_records.hpp"

#include <fmt/format.h>

#include "base/time.hpp"
#include "json/reader.hpp"

namespace csatdb::cli {
namespace {

using warehouse::Column;
using warehouse::Value;

/// The columns that a conversation fills; those of a survey follow.
constexpr std::size_t kOfConversation = 9;
constexpr std::size_t kOfSurvey = 7;  // the note comes last

constexpr auto kInteraction = R"(
  SELECT channel, agent_id, agent_name, queue_name, duration_s, handle_s, has_response
  FROM fact_interactions WHERE conversation_id = :id)";

// In the order of the conversation's record; those that only the quality API names follow.
constexpr auto kSurveys = R"(
  SELECT f.survey_id, f.status, f.total_score, f.nps_score, f.comments, f.completed_ms, f.error_reason,
    s.payload_hash IS NOT NULL AND s.status = f.status
  FROM fact_surveys f JOIN surveys s USING (survey_id)
  WHERE f.conversation_id = :id AND NOT f.is_gone
  ORDER BY (SELECT r.survey_no FROM conversation_surveys r JOIN conversations c USING (conversation_key)
            WHERE r.survey_key = s.survey_key AND c.conversation_id = :id) IS NULL,
    (SELECT r.survey_no FROM conversation_surveys r JOIN conversations c USING (conversation_key)
     WHERE r.survey_key = s.survey_key AND c.conversation_id = :id), f.survey_id)";

std::string text_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

/// One line of JSON, as an NDJSON line and a CSV cell can hold it.
std::string compact(const std::string& body) {
  json::Document document;
  return document.parse(body).dump();
}

}  // namespace

std::vector<Column> record_columns(const ExtractNotes& notes) {
  std::vector<Column> columns{{"conversation_id", "", "", ""},   {"found", "BOOLEAN", "", ""},
                              {"channel", "", "", ""},           {"agent_id", "", "", ""},
                              {"agent_name", "", "", ""},        {"queue_name", "", "", ""},
                              {"duration_sec", "", "", ""},      {"handle_sec", "", "", ""},
                              {"has_survey", "BOOLEAN", "", ""}, {"survey_id", "", "", ""},
                              {"survey_status", "", "", ""},     {"score", "", "", ""},
                              {"nps_score", "", "", ""},         {"comments", "", "", ""},
                              {"timestamp", "", "", ""},         {"note", "", "", ""}};
  if (notes.body) columns.push_back({"survey", "JSON", "", ""});
  return columns;
}

std::vector<ExtractRecords::Row> ExtractRecords::of(const AskedId& asked) const {
  Row head = conversation(asked);
  const bool is_found = std::get<std::int64_t>(head[1]) != 0;
  const std::size_t width = record_columns(notes_).size();
  std::vector<Row> records;
  if (is_found && asked.note().empty()) {
    reader_.each(kSurveys, {{"id", asked.text}}, [&](const Row& stored) {
      records.push_back(survey(head, asked.text, stored));
      return true;
    });
  }
  if (records.empty()) {
    head.resize(width);
    head[kOfConversation + kOfSurvey - 1] = text_or_null(note_without_survey(asked, is_found));
    records.push_back(std::move(head));
  }
  return records;
}

ExtractRecords::Row ExtractRecords::conversation(const AskedId& asked) const {
  Row row{asked.text, std::int64_t{0}};
  reader_.each(kInteraction, {{"id", asked.text}}, [&](const Row& stored) {
    row[1] = std::int64_t{1};
    row.insert(row.end(), stored.begin(), stored.end());
    return false;
  });
  row.resize(kOfConversation);
  if (std::holds_alternative<std::monostate>(row.back())) row.back() = std::int64_t{0};
  return row;
}

ExtractRecords::Row ExtractRecords::survey(const Row& conversation, const std::string& id,
                                           const Row& stored) const {
  Row row = conversation;
  row.insert(row.end(), stored.begin(), stored.begin() + 5);
  const auto* completed = std::get_if<std::int64_t>(&stored[5]);
  row.push_back(completed == nullptr ? Value() : Value(base::to_iso(base::from_ms(*completed))));
  const bool is_delivered = std::get<std::int64_t>(stored[7]) != 0;
  std::string note = note_of(text_of(stored[1]), is_delivered, stored[6]);
  if (const auto failure = notes_.failure(id); !failure.empty() && !notes_.is_denied_surveys)
    note += fmt::format("{}not refreshed: {}", note.empty() ? "" : "; ", failure);
  row.push_back(text_or_null(note));
  if (notes_.body) {
    const auto body = notes_.body(text_of(stored[0]));
    row.push_back(body.empty() ? Value() : Value(compact(body)));
  }
  return row;
}

std::string ExtractRecords::note_of(const std::string& status, bool is_delivered,
                                    const Value& reason) const {
  if (status == "Finished") {
    if (is_delivered) return "";
    return notes_.is_denied_surveys ? "no permission (quality:survey:view)"
                                    : "finished, its answers are not yet visible";
  }
  if (status == "Sent") return "sent and unanswered";
  if (status == "InProgress") return "sent and unanswered (opened, not finished)";
  if (status == "Expired") return "sent and unanswered (expired)";
  if (status == "Pending") return "not sent yet";
  if (status == "OptOut") return "the customer opted out";
  if (status == "Error") {
    if (!text_of(reason).empty()) return fmt::format("error: {}", text_of(reason));
    return notes_.is_denied_surveys ? "error; no permission to see its reason (quality:survey:view)"
                                    : "error without a stated reason";
  }
  return status.empty() ? "without a status"
                        : fmt::format("in a status csatdb does not know: {}", status);
}

std::string ExtractRecords::note_without_survey(const AskedId& asked, bool is_found) const {
  if (!asked.note().empty()) return asked.note();
  if (!is_found && notes_.is_denied_records)
    return "no permission (analytics:conversationDetail:view)";
  const auto failure = notes_.failure(asked.text);
  if (!is_found) return failure.empty() ? "not found" : fmt::format("not read: {}", failure);
  return failure.empty() ? "no survey" : fmt::format("no survey; not refreshed: {}", failure);
}

}  // namespace csatdb::cli
