#include "json/library.hpp"

#include "json/rapid.hpp"

namespace csatdb::json {

std::vector<base::Library> libraries() { return {{"RapidJSON", RAPIDJSON_VERSION_STRING}}; }

}  // namespace csatdb::json
