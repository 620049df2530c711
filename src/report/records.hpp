#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "warehouse/query.hpp"

namespace csatdb::report {

/// A result's rows by the names of its columns. Throws Fault::internal for a column it lacks. Does
/// not own the result.
class Records {
 public:
  explicit Records(const warehouse::Result& result) : result_(result) {}

  std::size_t size() const { return result_.rows.size(); }
  /// Nothing for NULL and for text.
  std::optional<double> number(std::size_t row, std::string_view column) const;
  /// The same, 0 for nothing: counts.
  double count(std::size_t row, std::string_view column) const;
  /// Texts as they are, numbers as SQLite prints them, "" for NULL.
  std::string text(std::size_t row, std::string_view column) const;

 private:
  const warehouse::Value& at(std::size_t row, std::string_view column) const;

  const warehouse::Result& result_;
};

}  // namespace csatdb::report
