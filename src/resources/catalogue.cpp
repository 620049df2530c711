#include "resources/catalogue.hpp"

#include <array>

namespace csatdb::resources {

std::span<const Resource* const> catalogue() {
  static constexpr std::array kAll{
      &kDivisionsResource,     &kTeamsResource,  &kUsersResource,     &kQueuesResource,
      &kWrapupCodesResource,   &kSkillsResource, &kLanguagesResource, &kSurveyFormsResource,
      &kConversationsResource, &kSurveysResource};
  return kAll;
}

const Resource* find(std::string_view name) {
  for (const Resource* resource : catalogue()) {
    if (resource->name == name) return resource;
  }
  return nullptr;
}

}  // namespace csatdb::resources
