#include "resources/catalogue.hpp"

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

}  // namespace csatdb::resources
