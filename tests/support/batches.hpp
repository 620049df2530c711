#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/reader.hpp"
#include "model/batch.hpp"
#include "resources/resource.hpp"

namespace csatdb::tests {

/// Rows of payloads, without a warehouse: what a resource makes of a JSON text.
struct Reading {
  base::Zone zone{"UTC"};
  std::vector<std::string> allow_list;
  bool from_job = false;
  model::Batch batch;

  /// Reads one element of a resource; may be called again for a further element.
  void read(const resources::Resource& resource, std::string_view text);

  /// The rows of a table, in order.
  std::vector<model::Row> rows(std::string_view table) const;
  std::size_t count(std::string_view table) const { return rows(table).size(); }
  /// A row's value of a column as text: NULL is "NULL", numbers in decimal.
  std::string value(const model::Row& row, std::string_view column) const;
  /// The same of the n-th row of a table.
  std::string value(std::string_view table, std::size_t n, std::string_view column) const;

 private:
  std::vector<json::Document> documents_;
};

/// A file as text; nothing if it is not there.
std::string file_text(const std::string& path);

}  // namespace csatdb::tests
