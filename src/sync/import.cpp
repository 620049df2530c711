#include "sync/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "resources/catalogue.hpp"
#include "sync/intake.hpp"
#include "warehouse/stored_state.hpp"
#include "warehouse/survey_status.hpp"

namespace csatdb::sync {
namespace {

using base::Error;
using base::Fault;
using json::StreamElement;
using resources::Resource;

constexpr std::array<std::string_view, 2> kArrays{"conversations", "entities"};
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;  // of one element: a thousand usual ones
constexpr std::size_t kBatchBytes = std::size_t{8} << 20U;  // of elements waiting to be stored
constexpr std::size_t kBatchElements = 100;

/// What a page may say beside its elements; where it has none it says this alone.
constexpr std::array<std::string_view, 14> kEnvelope{
    "aggregations", "cursor",       "dataAvailabilityDate",
    "firstUri",     "lastUri",      "nextUri",
    "pageCount",    "pageNumber",   "pageSize",
    "previousUri",  "selfUri",      "total",
    "totalHits",    "conversations"};

std::string_view text_of(const StreamElement& element, std::string_view member) {
  const auto* found = element.find(member);
  return found == nullptr ? std::string_view() : found->text;
}

bool is_empty_page(const StreamElement& element) {
  return std::all_of(element.members.begin(), element.members.end(), [](const auto& member) {
    return std::find(kEnvelope.begin(), kEnvelope.end(), member.name) != kEnvelope.end();
  });
}

/// The listing whose entities have such an address; null if none has.
const Resource* listing_of(std::string_view address) {
  for (const Resource* resource : resources::catalogue()) {
    if (resource->cadence != model::Cadence::snapshot) continue;
    const auto target = resource->first({{"all"}, {}, model::Via::query, 1}).target;
    const auto path = target.substr(0, target.find('?')) + "/";
    if (address.find(path) != std::string_view::npos) return resource;
  }
  return nullptr;
}

const Resource& resource_of(const StreamElement& element) {
  const auto has = [&](std::string_view name) { return element.find(name) != nullptr; };
  if (has("conversationId") && has("conversationStart")) return resources::kConversationsResource;
  if (has("surveyForm") || (has("conversation") && has("status")))
    return resources::kSurveysResource;
  if (has("questionGroups") && has("contextId")) return resources::kSurveyFormsResource;
  if (const auto* listing = listing_of(text_of(element, "selfUri"))) return *listing;
  const std::string& path = element.path;
  if (has("code") && has("message"))
    throw Error(Fault::undecodable, fmt::format("{}: an error that the service answered ({:.60})",
                                                path, text_of(element, "code")));
  throw Error(Fault::undecodable,
              path +
                  ": neither a conversation of the analytics details, nor a survey, nor an entity "
                  "of a listing");
}

/// Whether what is stored came later than this payload, as far as the payload shows.
bool is_older(const StreamElement& element, const Resource& resource,
              warehouse::StoredState& stored) {
  if (&resource == &resources::kConversationsResource)
    return element.find("conversationEnd") == nullptr &&
           stored.has_ended(text_of(element, "conversationId"));
  if (&resource != &resources::kSurveysResource) return false;
  const auto before = stored.survey_status(text_of(element, "id"));
  const auto now = warehouse::canonical_status(text_of(element, "status"));
  return !before.empty() && before != now && warehouse::merged_status(before, now) == before;
}

/// Loads the elements of one text.
class Import {
 public:
  Import(warehouse::Warehouse& warehouse, const Importing& how)
      : how_(how), intake_(warehouse, how.attributes), stored_(warehouse.database()) {}

  Imported run(json::Source text) {
    json::Stream stream(std::move(text), kArrays, kMostBytes);
    while (auto element = stream.next()) {
      if (base::stop::requested()) throw Error(Fault::interrupted, "interrupted");
      if (is_empty_page(*element)) continue;
      waiting_.push_back(std::move(*element));
      take(waiting_.back());
      if (waiting_.size() == kBatchElements || bytes_ > kBatchBytes) store();
    }
    store();
    return imported_;
  }

 private:
  void take(StreamElement& element) {
    try {
      const Resource& resource = resource_of(element);
      auto& count = &resource == &resources::kConversationsResource ? imported_.conversations
                    : &resource == &resources::kSurveysResource     ? imported_.surveys
                                                                    : imported_.others;
      ++count;
      if (is_older(element, resource, stored_)) {
        ++imported_.older;
        return;
      }
      bytes_ += element.text.size();
      const std::string id(text_of(element, resource.table->json_id));
      // A page that carries attributes at all can carry them.
      const bool has_attributes = element.text.find("\"attributes\"") != std::string::npos;
      intake_.add(resource,
                  {element.text.data(), element.text.size(), id, element.path, element.offset,
                   has_attributes},
                  how_.now);
    } catch (const json::Refusal& refusal) {
      refuse(element, refusal, refusal.at());
    } catch (const Error& error) {
      refuse(element, error, element.offset);
    }
  }

  [[noreturn]] static void refuse(const StreamElement& element, const Error& error,
                                  std::size_t at) {
    const auto begin = element.text.begin();
    const auto lines =
        std::count(begin, begin + static_cast<std::ptrdiff_t>(at - element.offset), '\n');
    throw Error(error.fault(),
                fmt::format("line {}, byte {}: {}", element.line + static_cast<std::size_t>(lines),
                            at, error.what()));
  }

  void store() {
    imported_.changed += intake_.flush(how_.now).changed;
    waiting_.clear();
    bytes_ = 0;
    how_.progress(imported_);
  }

  const Importing& how_;
  Intake intake_;
  warehouse::StoredState stored_;
  std::deque<StreamElement> waiting_;  // rows not yet stored point into their texts
  std::size_t bytes_ = 0;
  Imported imported_;
};

}  // namespace

Imported import_text(warehouse::Warehouse& warehouse, json::Source text, const Importing& how) {
  warehouse.begin();
  try {
    const auto imported = Import(warehouse, how).run(std::move(text));
    warehouse.commit();
    return imported;
  } catch (...) {
    warehouse.rollback();
    throw;
  }
}

}  // namespace csatdb::sync
