#include "resources/catalogue.hpp"

#include <algorithm>
#include <array>

namespace csatdb::resources {

std::span<const Resource* const> catalogue() {
  static constexpr std::array kAll{
      &kDivisionsResource,    &kTeamsResource,            &kUsersResource,
      &kQueuesResource,       &kWrapupCodesResource,      &kSkillsResource,
      &kLanguagesResource,    &kSurveyFormsResource,      &kConversationsResource,
      &kSurveyEventsResource, &kEvaluationEventsResource, &kResolutionEventsResource,
      &kSurveySearchResource, &kFollowUpsResource,        &kSurveysResource};
  return kAll;
}

const Resource& by_way(const Resource& resource, model::Via via) {
  const bool has_jobs = &resource == &kConversationsResource;
  return has_jobs && via == model::Via::job ? kConversationJobsResource : resource;
}

const Resource* find(std::string_view name) {
  for (const Resource* resource : catalogue()) {
    if (resource->name == name) return resource;
  }
  return nullptr;
}

bool is_dispensable(const Resource& resource) {
  const auto all = catalogue();
  return resource.is_optional || std::any_of(all.begin(), all.end(), [&](const Resource* other) {
           return other->stands_in_for == resource.name;
         });
}

}  // namespace csatdb::resources
