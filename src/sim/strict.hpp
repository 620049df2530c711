#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "json/reader.hpp"

namespace csatdb::sim {

extern const char* const kRequestModels;

/// Holds a request's body against a model of the service: unknown members, wrong types, values
/// outside a closed list and missing required members are refused with 400, as the service does.
void check_body(const json::Value& body, const std::string& model);

/// "start/end" as analytics queries want it; 400 if it is none or not in order.
base::Interval interval_of(std::string_view text);

}  // namespace csatdb::sim
