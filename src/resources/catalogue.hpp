#pragma once

#include <span>
#include <string_view>

#include "resources/resource.hpp"

namespace csatdb::resources {

extern const Resource kDivisionsResource, kUsersResource, kTeamsResource, kQueuesResource,
    kWrapupCodesResource, kSkillsResource, kLanguagesResource, kSurveyFormsResource,
    kConversationsResource, kConversationJobsResource, kSurveyEventsResource,
    kEvaluationEventsResource, kResolutionEventsResource, kSurveySearchResource, kFollowUpsResource,
    kSurveysResource;

/// Every resource, in the order in which a first sync fetches them: names before the facts that use
/// them.
std::span<const Resource* const> catalogue();
/// The resource that reads the same scopes as `resource` by the other kind of call; itself if it has but one.
const Resource& by_way(const Resource& resource, model::Via via);
/// The resource of this name; null if there is none.
const Resource* find(std::string_view name);

/// Whether the warehouse is complete without it: it is optional, or another resource stands in for
/// it.
bool is_dispensable(const Resource& resource);

}  // namespace csatdb::resources
