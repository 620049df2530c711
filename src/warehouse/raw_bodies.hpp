#pragma once

#include <string_view>

#include "base/time.hpp"
#include "model/table.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::warehouse {

/// Payloads of conversations and surveys as last delivered, kept beside their rows where the
/// warehouse was told to; they go when their rows go.
class RawBodies {
 public:
  /// Where sync_meta says whether they are kept, and what.
  static constexpr std::string_view kMeta = "keep_raw";
  static std::string_view said(bool wanted) { return wanted ? "1" : ""; }

  explicit RawBodies(Warehouse& warehouse) : warehouse_(warehouse) {}

  bool are_kept() const;
  /// Keeps them from now on, or no more: those kept are then removed.
  void keep(bool wanted);
  /// Whether rows of this table have one.
  static bool are_of(const model::Table& table);
  /// Puts the packed payload of a root in the place of the one before; nothing to do where its row
  /// was not stored.
  void put(const model::Table& table, std::string_view id, std::string_view packed,
           base::Instant now);

 private:
  Warehouse& warehouse_;
};

}  // namespace csatdb::warehouse
