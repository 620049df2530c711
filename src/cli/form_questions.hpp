#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/proposal.hpp"
#include "warehouse/query.hpp"

namespace csatdb::cli {

/// A question of a stored form, and what became of it.
struct AskedQuestion {
  Question question;
  std::string group;
  std::int64_t answers = 0;           ///< stored, to any version of the form
  std::vector<std::string> measures;  ///< csat, ces, fcr: what it is mapped to
};

/// A form in its newest version.
struct FormQuestions {
  std::string name, context_id, language;
  int versions = 0;  ///< stored
  bool is_published = false;
  std::vector<AskedQuestion> questions;  ///< all but mere texts, in the order of the form
};

/// The forms of a warehouse by name, with their questions as `measures` map them.
std::vector<FormQuestions> stored_forms(const warehouse::Reader& reader,
                                        const std::vector<Measure>& measures);

/// The measures a warehouse holds.
std::vector<Measure> held_measures(const warehouse::Reader& reader);

/// What the questions of a form seem to measure that no question of it is mapped to yet: the first
/// of each measure.
std::vector<std::pair<const AskedQuestion*, Measure>> proposals(const FormQuestions& form);

/// What of the measures finds nothing in the forms, in words: a question that no form asks, or an
/// option that the newest version of the question has not, so that it is never positive.
std::vector<std::string> misfits(const std::vector<FormQuestions>& forms,
                                 const std::vector<Measure>& measures);

}  // namespace csatdb::cli
