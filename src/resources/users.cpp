#include "resources/catalogue.hpp"
#include "resources/enumerations.hpp"
#include "resources/extract.hpp"
#include "resources/paging.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Column;
using model::Ignored;
using model::Personal;
using model::Table;
using model::Type;

constexpr Column kUsersColumns[] = {
    {"name", "name", Type::text, nullptr, Personal::staff_name},
    {"email", "email", Type::text, nullptr, Personal::staff_name},
    {"username", "username", Type::text, nullptr, Personal::staff_name},
    {"preferredName", "preferred_name", Type::text, nullptr, Personal::staff_name},
    {"title", "title"},
    {"department", "department"},
    {"state", "state", Type::text, nullptr, Personal::none, kStates},
    {"division.id", "division_key", Type::text, &kDivisions},
    {"manager.id", "manager_key", Type::text, &kUsers},
    {"team.id", "team_key", Type::text, &kTeams},
    {"acdAutoAnswer", "is_acd_auto_answer", Type::boolean},
    {"languagePreference", "language_preference"},
    {"dateLastLogin", "last_login_ms", Type::instant},
    {"dateWelcomeSent", "welcome_sent_ms", Type::instant},
    {"version", "api_version", Type::integer},
};
constexpr Ignored kUsersIgnored[] = {
    {"division.name", "stands in divisions"},
    {"division.selfUri", "the object's own address, made from its id"},
    {"division.homeDivision", "stands in divisions"},
    {"manager.*", "stands in the manager's own row"},
    {"team.*", "stands in teams"},
    {"chat", "chat address: no report needs a second address of an employee"},
    {"primaryContactInfo", "contact data of an employee that no report needs"},
    {"addresses", "contact data of an employee that no report needs"},
    {"images", "pictures"},
    {"certifications", "free text about a person that no report needs"},
    {"biography", "free text about a person that no report needs"},
    {"employerInfo", "employment data that no report needs"},
    {"routingStatus", "the state of the moment, not a fact about an interaction"},
    {"presence", "the state of the moment"},
    {"integrationPresence", "the state of the moment"},
    {"conversationSummary", "the state of the moment"},
    {"outOfOffice", "the state of the moment"},
    {"geolocation", "whereabouts of an employee"},
    {"station", "the state of the moment"},
    {"authorization", "permissions"},
    {"profileSkills", "skills the person names in the profile: not used for routing"},
    {"locations", "whereabouts of an employee"},
    {"groups", "directory groups: no report groups by them"},
    {"workPlanBidRanks", "workforce planning"},
    {"skills",
     "routing configuration of the moment; what a contact required stands on its segments"},
    {"languages", "routing configuration of the moment"},
    {"lastTokenIssued", "security data"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kUsers{"users",       "user_key", "user_id",    {},
                                    kUsersColumns, {},         kUsersIgnored};

namespace {

/// Past agents resolve with state=any; the team is delivered on request only (genesys-api.md 5.1).
http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/users", kEntityPageSize, "state=any&expand=team");
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kUsersResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kUsers, context, digest, batch);
  // Teams have a permission of their own: without it this is where their names are heard.
  extract_reference(element["team"], kTeams, context, batch);
}

}  // namespace

constinit const Resource kUsersResource{.name = "users",
                                        .cadence = model::Cadence::snapshot,
                                        .permission = "",
                                        .table = &kUsers,
                                        .array = "entities",
                                        .first = first,
                                        .step = step,
                                        .rows = rows};

}  // namespace csatdb::resources
