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

constexpr Column kDivisionsColumns[] = {
    {"name", "name"},
    {"description", "description"},
    {"homeDivision", "is_home", Type::boolean},
};
constexpr Ignored kDivisionsIgnored[] = {
    {"objectCounts", "counts of configured objects: no interaction or survey depends on them"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kDivisions{
    "divisions", "division_key", "division_id", {}, kDivisionsColumns, {}, kDivisionsIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/authorization/divisions", kEntityPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kDivisionsResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kDivisions, context, digest, batch);
}

}  // namespace

constinit const Resource kDivisionsResource{.name = "divisions",
                                            .cadence = model::Cadence::snapshot,
                                            .permission = "",
                                            .table = &kDivisions,
                                            .array = "entities",
                                            .first = first,
                                            .step = step,
                                            .rows = rows};

}  // namespace csatdb::resources
