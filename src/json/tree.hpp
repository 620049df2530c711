#pragma once

#include <span>

#include "json/rapid.hpp"

namespace csatdb::json {

/// How much of a text must be one value.
enum class Extent { first_value, whole_text };

/// Builds RapidJSON's tree of a text, writing unescaped strings over it. The byte after the text
/// must be readable. Stricter and safer than RapidJSON 1.1 by itself: refuses invalid UTF-8 and
/// control characters, reads the escape of half a surrogate pair as U+FFFD and numbers by the
/// standard library, and stops at kMaxDepth with kParseErrorTermination.
rapidjson::ParseResult build_tree(std::span<char> text, Extent extent, rapidjson::Document& tree);

}  // namespace csatdb::json
