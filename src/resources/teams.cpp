#include "resources/catalogue.hpp"
#include "resources/extract.hpp"
#include "resources/paging.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Column;
using model::Ignored;
using model::Table;
using model::Type;

constexpr Column kTeamsColumns[] = {
    {"name", "name"},
    {"division.id", "division_key", Type::text, &kDivisions},
    {"description", "description"},
    {"memberCount", "member_count", Type::integer},
    {"dateCreated", "created_ms", Type::instant},
    {"dateModified", "modified_ms", Type::instant},
};
constexpr Ignored kTeamsIgnored[] = {
    {"division.name", "stands in divisions"},
    {"division.selfUri", "the object's own address, made from its id"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kTeams{"teams",       "team_key", "team_id",    {},
                                    kTeamsColumns, {},         kTeamsIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_cursor_page("/api/v2/teams", kTeamPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_cursor_page(kTeamsResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kTeams, context, digest, batch);
}

}  // namespace

constinit const Resource kTeamsResource{.name = "teams",
                                        .cadence = model::Cadence::snapshot,
                                        .permission = "groups:team:view",
                                        .table = &kTeams,
                                        .array = "entities",
                                        .first = first,
                                        .step = step,
                                        .rows = rows};

}  // namespace csatdb::resources
