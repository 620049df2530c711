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

constexpr Column kSkillsColumns[] = {
    {"name", "name"},
    {"state", "state", Type::text, nullptr, Personal::none, kStates},
    {"dateModified", "modified_ms", Type::instant},
    {"version", "api_version"},
    {"division.id", "division_key", Type::text, &kDivisions},
};
constexpr Ignored kSkillsIgnored[] = {
    {"division.*", "stands in divisions"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kSkills{"skills",       "skill_key", "skill_id",    {},
                                     kSkillsColumns, {},          kSkillsIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/routing/skills", kEntityPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kSkillsResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kSkills, context, digest, batch);
}

}  // namespace

constinit const Resource kSkillsResource{.name = "skills",
                                         .cadence = model::Cadence::snapshot,
                                         .permission = "routing:skill:view",
                                         .table = &kSkills,
                                         .array = "entities",
                                         .first = first,
                                         .step = step,
                                         .rows = rows};

}  // namespace csatdb::resources
