#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/batch.hpp"
#include "warehouse/privacy.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

/// Writes roots and what they own. Knows tables only by their declarations.
class Writer {
 public:
  /// `privacy` decides what is written of personal texts.
  Writer(SQLite::Database& database, Privacy& privacy);

  /// What is stored of a root.
  struct Known {
    std::int64_t key = 0;
    bool is_inferred = false;
    std::optional<base::Instant> gone;
    bool has_payload = false;
    model::Digest digest;
    model::Digest attributes;  ///< of the participant attributes last delivered
    base::Instant as_of{};     ///< what the payload is true to; the epoch: unknown
  };
  std::optional<Known> known(const model::Table& table, std::string_view id);

  /// Stores the root unless it is there with the same digest, or was read at a later instant than
  /// it is true to; its key, and whether anything was written.
  struct Written {
    std::int64_t key;
    bool is_changed;
    bool is_new;
  };
  Written write(const model::Batch& batch, const model::Root& root, std::int64_t version);

  /// The key of the row with this id, inserted as inferred if it is unknown.
  std::int64_t key_of(const model::Table& table, std::string_view id, std::int64_t version);
  /// Forgets keys that a rollback may have taken back.
  void forget_keys();

 private:
  struct Owned {
    const model::Table* table;
    Statement erase;
    std::array<std::optional<Statement>, 3> inserts;  ///< of fewer and fewer rows at once
    std::vector<const model::Row*> rows;              ///< of the root that is written
  };
  struct Text : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Prepared {
    Statement find, infer, insert, update;
    bool is_cached;  ///< few rows: keys are kept in memory
    std::unordered_map<std::string, std::int64_t, Text, std::equal_to<>> keys;
    std::vector<Owned> owned;  ///< a table after the one it belongs to
  };

  Prepared& root_of(const model::Table& table);
  void insert(const model::Table& root, Owned& owned, std::int64_t key, const model::Batch& batch,
              std::int64_t version);
  void bind_cells(Statement& statement, const model::Batch& batch, const model::Row& row,
                  int first_column, std::int64_t version);

  SQLite::Database& database_;
  Privacy& privacy_;
  std::unordered_map<const model::Table*, std::unique_ptr<Prepared>> roots_;
};

}  // namespace csatdb::warehouse
