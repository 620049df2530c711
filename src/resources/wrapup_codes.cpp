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

constexpr Column kWrapupCodesColumns[] = {
    {"name", "name"},
    {"division.id", "division_key", Type::text, &kDivisions},
    {"description", "description"},
    {"dateCreated", "created_ms", Type::instant},
    {"dateModified", "modified_ms", Type::instant},
    {"createdBy", "created_by_key", Type::text, &kUsers},
    {"modifiedBy", "modified_by_key", Type::text, &kUsers},
};
constexpr Ignored kWrapupCodesIgnored[] = {
    {"division.name", "stands in divisions"},
    {"division.selfUri", "the object's own address, made from its id"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kWrapupCodes{
    "wrapup_codes",     "wrapup_code_key", "wrapup_code_id", {}, kWrapupCodesColumns, {},
    kWrapupCodesIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/routing/wrapupcodes", kEntityPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kWrapupCodesResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kWrapupCodes, context, digest, batch);
}

}  // namespace

constinit const Resource kWrapupCodesResource{.name = "wrapup_codes",
                                              .cadence = model::Cadence::snapshot,
                                              .permission = "routing:wrapupCode:view",
                                              .table = &kWrapupCodes,
                                              .array = "entities",
                                              .first = first,
                                              .step = step,
                                              .rows = rows};

}  // namespace csatdb::resources
