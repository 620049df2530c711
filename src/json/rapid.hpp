#pragma once

// The one place that includes RapidJSON (reader and writer share it): its flags must agree everywhere.
#ifdef __SSE4_2__
#define RAPIDJSON_SSE42
#endif
#define RAPIDJSON_HAS_STDSTRING 0
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace csatdb::json {

/// What texts are written into. RapidJSON 1.1 leaves the characters 0x1A to 0x1F as they are where it
/// scans with SSE, which it does for its own buffer alone.
struct Buffer : rapidjson::StringBuffer {};

}  // namespace csatdb::json
