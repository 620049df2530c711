#pragma once

#include <span>
#include <string_view>

namespace csatdb::publish {

/// Statements that give a target's schema what the reports of queries/ call and PostgreSQL lacks:
/// functions and aggregates of SQLite's names and meanings. They may be run again.
std::span<const std::string_view> functions();

/// The same for the collation NOCASE: of the server's ICU, which folds the letters of all scripts.
std::string_view folding_collation();
/// Where the server has no ICU: names are then told apart by case.
std::string_view exact_collation();

}  // namespace csatdb::publish
