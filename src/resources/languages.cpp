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

constexpr Column kLanguagesColumns[] = {
    {"name", "name"},
    {"state", "state", Type::text, nullptr, Personal::none, kStates},
    {"dateModified", "modified_ms", Type::instant},
    {"version", "api_version"},
    {"division.id", "division_key", Type::text, &kDivisions},
};
constexpr Ignored kLanguagesIgnored[] = {
    {"division.*", "stands in divisions"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kLanguages{
    "languages", "language_key", "language_id", {}, kLanguagesColumns, {}, kLanguagesIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/routing/languages", kEntityPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kLanguagesResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kLanguages, context, digest, batch);
}

}  // namespace

constinit const Resource kLanguagesResource{.name = "languages",
                                            .cadence = model::Cadence::snapshot,
                                            .permission = "",
                                            .table = &kLanguages,
                                            .array = "entities",
                                            .first = first,
                                            .step = step,
                                            .rows = rows};

}  // namespace csatdb::resources
