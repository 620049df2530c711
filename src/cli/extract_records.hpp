#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/extract_ids.hpp"
#include "warehouse/query.hpp"

namespace csatdb::cli {

/// What a run could not do, for the notes.
struct ExtractNotes {
  bool is_denied_records = false, is_denied_surveys = false;  ///< the permission is missing
  std::function<std::string(const std::string& id)> failure;  ///< why it was not read; "" it was
  std::function<std::string(const std::string& survey_id)>
      body;  ///< as delivered; empty: no column
};

/// The columns of a record, in order.
std::vector<warehouse::Column> record_columns(const ExtractNotes& notes);

/// The records of one conversation as they are stored: one a survey, one where there is none, each
/// with a note where it has no answer. Of an id that repeats, one that points to its first.
class ExtractRecords {
 public:
  ExtractRecords(const warehouse::Reader& reader, const ExtractNotes& notes)
      : reader_(reader), notes_(notes) {}

  using Row = std::vector<warehouse::Value>;
  std::vector<Row> of(const AskedId& asked) const;

 private:
  Row conversation(const AskedId& asked) const;
  Row survey(const Row& conversation, const std::string& id, const Row& stored) const;
  std::string note_of(const std::string& status, bool has_answers,
                      const warehouse::Value& reason) const;
  std::string note_without_survey(const AskedId& asked, bool is_found) const;

  const warehouse::Reader& reader_;
  const ExtractNotes& notes_;
};

}  // namespace csatdb::cli
