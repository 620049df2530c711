#include "sync/intake.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "http/message.hpp"
#include "resources/copy.hpp"
#include "warehouse/privacy.hpp"

namespace csatdb::sync {
namespace {

constexpr std::size_t kElementsPerBatch = 100;  // bounds memory: a job page has 1000

}  // namespace

std::string way_of_storing(const model::Table& table, const Meta& meta,
                           const std::vector<std::string>& attributes) {
  std::string way = std::to_string(table.mapping);
  for (const char* part : {"privacy", "keep_raw"}) way += "|" + meta(part).value_or("");
  const auto owns = [](const model::Child& child) { return child.table->name == "participants"; };
  if (std::none_of(table.children.begin(), table.children.end(), owns)) return way;
  auto sorted = attributes;
  std::sort(sorted.begin(), sorted.end());
  for (const auto& name : sorted) way += "|" + name;
  return way;
}

std::string place_of_way(const model::Table& table) {
  return "stored_as_" + std::string(table.name);
}

Intake::Intake(warehouse::Warehouse& warehouse, std::vector<std::string> attributes, Watch watch)
    : warehouse_(warehouse),
      attributes_(std::move(attributes)),
      watch_(std::move(watch)),
      raw_bodies_(warehouse),
      keeps_raw_(raw_bodies_.are_kept()) {}

std::uint64_t Intake::salt(const model::Table& table) {
  const auto [place, is_new] = salts_.try_emplace(&table);
  if (is_new) {
    const auto meta = [&](std::string_view name) { return warehouse_.meta(name); };
    place->second = warehouse::fingerprint(way_of_storing(table, meta, attributes_), 0).content.low;
  }
  return place->second;
}

void Intake::add(const resources::Resource& resource, const Element& element, base::Instant now) {
  if (watch_) watch_(resource, element);
  // Attributes that nobody keeps tell nothing.
  const bool has_attributes = element.has_attributes && !attributes_.empty();
  warehouse::Fingerprint print;
  if (resource.table != nullptr) {
    ++seen_;
    print = warehouse::fingerprint({element.text, element.size}, salt(*resource.table));
    if (!element.id.empty() && warehouse_.unchanged(*resource.table, element.id, print.content,
                                                    has_attributes ? &print.attributes : nullptr))
      return;
  }
  batch_.as_of = element.as_of;
  batch_.is_delayed = element.is_delayed;
  const auto mark = batch_.mark();
  try {
    const auto value =
        document_.parse_in_place(element.text, element.size, element.path, element.offset);
    resource.rows(value, {&warehouse_.zone(), attributes_, has_attributes}, print.content, batch_);
    if (has_attributes) batch_.roots[mark.roots].attributes = print.attributes;
    if (keeps_raw_ && resource.table != nullptr) keep_raw(value, batch_.roots[mark.roots]);
  } catch (const base::Error&) {
    batch_.rewind(mark);
    throw;
  }
  // The document's memory is used again for the next element; texts point into the element.
  if (++waiting_ == kElementsPerBatch) store(now);
}

/// Packs the payload of a conversation or survey, as far as the privacy profile allows to keep it.
void Intake::keep_raw(const json::Value& element, const model::Root& root) {
  if (!warehouse::RawBodies::are_of(*root.table)) return;
  const auto profile = warehouse_.privacy().profile();
  const bool keeps_all = profile == warehouse::Profile::none;
  const auto keeps = [&](const model::Column& column) {
    // Who bears a party's name is not looked into.
    if (column.personal == model::Personal::party_name) return keeps_all;
    return warehouse::treatment(profile, column.personal) == warehouse::Treatment::kept;
  };
  const auto copy = resources::copy_of(element, *root.table, {keeps, keeps_all, attributes_});
  raw_.push_back({root.table, std::string(root.id), http::gzip(copy)});
}

Taken Intake::flush(base::Instant now) {
  store(now);
  return std::exchange(taken_, {});
}

void Intake::store(base::Instant now) {
  const auto changed = warehouse_.store(batch_, now).changed;
  for (const auto& raw : raw_) raw_bodies_.put(*raw.table, raw.id, raw.packed, now);
  raw_.clear();
  changed_ += changed;
  taken_.changed += changed;
  taken_.is_news = taken_.is_news || changed > 0 || !batch_.hints.empty();
  batch_.clear();
  waiting_ = 0;
}

}  // namespace csatdb::sync
