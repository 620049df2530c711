#include "sync/intake.hpp"

#include "base/error.hpp"

namespace csatdb::sync {
namespace {

constexpr std::size_t kElementsPerBatch = 100;  // bounds memory: a job page has 1000

std::uint64_t salt_of(const warehouse::Warehouse& warehouse) {
  // Raised when the mapping fills new columns, so that unchanged payloads are mapped again.
  constexpr std::string_view kMapping = "1";
  std::string text(kMapping);
  for (const char* part : {"privacy", "attributes", "keep_raw"})
    text += "|" + warehouse.meta(part).value_or("");
  return std::hash<std::string>{}(text);
}

}  // namespace

Intake::Intake(warehouse::Warehouse& warehouse, std::vector<std::string> attributes)
    : warehouse_(warehouse), attributes_(std::move(attributes)), salt_(salt_of(warehouse)) {}

void Intake::add(const resources::Resource& resource, const Element& element, base::Instant now) {
  // Attributes that nobody keeps tell nothing.
  const bool has_attributes = element.has_attributes && !attributes_.empty();
  warehouse::Fingerprint print;
  if (resource.table != nullptr) {
    ++seen_;
    print = warehouse::fingerprint({element.text, element.size}, salt_);
    if (!element.id.empty() && warehouse_.unchanged(*resource.table, element.id, print.content,
                                                    has_attributes ? &print.attributes : nullptr))
      return;
  }
  const auto mark = batch_.mark();
  try {
    const auto value = document_.parse_in_place(element.text, element.path, element.offset);
    resource.rows(value, {&warehouse_.zone(), attributes_, has_attributes}, print.content, batch_);
    if (has_attributes) batch_.roots[mark.roots].attributes = print.attributes;
  } catch (const base::Error&) {
    batch_.rewind(mark);
    throw;
  }
  // The document's memory is used again for the next element; texts point into the element.
  if (++waiting_ == kElementsPerBatch) store(now);
}

Taken Intake::flush(base::Instant now) {
  store(now);
  return std::exchange(taken_, {});
}

void Intake::store(base::Instant now) {
  const auto changed = warehouse_.store(batch_, now).changed;
  changed_ += changed;
  taken_.changed += changed;
  taken_.is_news = taken_.is_news || changed > 0 || !batch_.hints.empty();
  batch_.clear();
  waiting_ = 0;
}

}  // namespace csatdb::sync
