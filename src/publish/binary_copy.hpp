#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "warehouse/query.hpp"

namespace csatdb::publish {

/// The types of the target.
enum class Type { text, bigint, real, boolean, date, instant };

/// The target's type for a column declared so in the warehouse; "TIMESTAMP" is UTC there.
Type type_of(std::string_view declared);
/// As the target spells it.
std::string_view spelled(Type type);

/// What begins and ends a COPY in PostgreSQL's binary format.
std::string_view copy_header();
std::string_view copy_trailer();

/// Appends a row in that format. A text's NUL bytes, which PostgreSQL has no place for, become
/// U+FFFD.
void append_row(std::string& out, const std::vector<Type>& types,
                const std::vector<warehouse::Value>& values);

}  // namespace csatdb::publish
