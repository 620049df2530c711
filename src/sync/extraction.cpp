#include "sync/extraction.hpp"

#include <algorithm>

#include "resources/catalogue.hpp"
#include "warehouse/chase.hpp"

namespace csatdb::sync {

using base::Instant;
using warehouse::kFollowUps;
using warehouse::kSurveys;

namespace {

// A survey whose answers or whose reason the quality API has not delivered; or any.
constexpr auto kWanting = R"(
  SELECT 1 FROM conversations c JOIN survey_facts f USING (conversation_key) JOIN surveys s USING (survey_key)
  WHERE c.conversation_id = ?1 AND NOT f.is_gone AND (?2 OR
    (f.status IN ('Finished', 'Error') AND f.error_reason IS NULL AND (s.payload_hash IS NULL OR s.status IS NOT f.status)))
  LIMIT 1)";

constexpr auto kStored =
    "SELECT conversation_key FROM conversations WHERE conversation_id = ? AND payload_hash IS NOT "
    "NULL";

}  // namespace

Extraction::Extraction(warehouse::Warehouse& warehouse, std::vector<std::string> ids,
                       bool wants_bodies)
    : warehouse_(warehouse),
      ids_(std::move(ids)),
      wants_bodies_(wants_bodies),
      unread_(ids_),
      wanting_(warehouse.database(), kWanting),
      stored_(warehouse.database(), kStored) {}

Settings Extraction::over(Settings settings) {
  settings.only = {std::string(kFollowUps), std::string(kSurveys)};
  for (const auto listing : {resources::kUsersResource.name, resources::kQueuesResource.name}) {
    const auto read = warehouse_.ledger().find(listing, "all");
    if (!read || !read->through) settings.only.emplace_back(listing);
  }
  settings.keys = ids_;
  settings.before_plan = [this](Instant now) { plan(now); };
  if (wants_bodies_) {
    settings.watch = [this](const resources::Resource& resource, const Element& element) {
      if (resource.name == kSurveys)
        bodies_.insert_or_assign(std::string(element.id), std::string(element.text, element.size));
    };
  }
  return settings;
}

void Extraction::plan(Instant now) {
  auto& ledger = warehouse_.ledger();
  if (!is_begun_) {
    is_begun_ = true;
    for (const auto& id : ids_) {
      if (ledger.add(kFollowUps, id, now, now, now)) added_.insert(id);
      ledger.set_due(kFollowUps, id, now);
    }
    return;
  }
  std::erase_if(unread_, [&](const std::string& id) {
    if (is_due(kFollowUps, id, now)) return false;
    ask_for_surveys(id, now);
    return true;
  });
}

bool Extraction::is_due(std::string_view resource, const std::string& id, Instant now) const {
  const auto scope = warehouse_.ledger().find(resource, id);
  return scope && scope->due && *scope->due <= now;
}

void Extraction::ask_for_surveys(const std::string& id, Instant now) {
  const bool is_wanting = wanting_.with(id, wants_bodies_).step();
  wanting_.reset();
  if (!is_wanting) return;
  warehouse_.ledger().add(kSurveys, id, now, now, now);
  warehouse_.ledger().set_due(kSurveys, id, now);
}

void Extraction::finish(Instant now) {
  warehouse_.begin();
  for (const auto& id : ids_) {
    if (is_due(kFollowUps, id, now)) continue;  // it failed
    auto& row = stored_.with(id);
    const auto key = row.step() ? std::optional(row.integer(0)) : std::nullopt;
    row.reset();
    if (key) {
      warehouse_.chase().touch(*key, warehouse::Chase::Stored::record_with_surveys, now);
    } else if (added_.contains(id)) {
      warehouse_.ledger().remove(kFollowUps, id);
    }
  }
  warehouse_.commit();
}

std::string Extraction::failure(const std::string& id) const {
  for (const auto resource : {kFollowUps, kSurveys}) {
    const auto scope = warehouse_.ledger().find(resource, id);
    if (scope && !scope->message.empty() && scope->outcome != "given up") return scope->message;
  }
  return {};
}

std::string Extraction::body(const std::string& survey_id) const {
  const auto found = bodies_.find(survey_id);
  return found == bodies_.end() ? "" : found->second;
}

}  // namespace csatdb::sync
