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
