#pragma once

#include <optional>
#include <string>

#include "report/run.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {

/// A contact with one survey, as derived rows: the rest is as if nothing were known.
struct CraftedSurvey {
  std::string queue = "Q", agent = "A", date = "2026-05-10", status = "Finished";
  std::optional<bool> positive = {};
  std::optional<int> nps = {};
  double delay_days = 0;
  int transfers = 0;
};

/// A warehouse whose rows a test chooses, so that a report's figures can be held against published
/// ones.
class Crafted {
 public:
  Crafted();
  Crafted& add(const CraftedSurvey& survey, int times = 1);
  Crafted& add_visit(const std::string& outcome, std::optional<bool> over, int times);
  SQLite::Database& db() { return warehouse_->database(); }
  const std::string& path() const { return path_; }

  report::Outcome run(std::string_view name, warehouse::Parameters parameters = {}) const;

 private:
  std::int64_t key_of(const std::string& table, const std::string& key, const std::string& id,
                      const std::string& name);

  support::TempFolder folder_;
  std::string path_;
  std::optional<warehouse::Warehouse> warehouse_;
  std::int64_t last_ = 0;
};

}  // namespace csatdb::tests
