#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.hpp"
#include "model/batch.hpp"
#include "warehouse/privacy.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

/// What must not be stored again: the tombstones of `sync_tombstones`.
class Erased {
 public:
  enum class Kind { conversation, survey, contact, address };
  static std::string_view name(Kind kind);

  /// Reads the retention floor; the tombstones need `use`.
  explicit Erased(SQLite::Database& database);
  /// Reads the tombstones, which are hashes under this key. It must outlive the object.
  void use(const KeyedHash& hash);

  /// Conversations that began before this instant are not stored; nothing: none was ever pruned.
  std::optional<base::Instant> floor() const { return floor_; }
  /// Raises the floor; it never sinks.
  void raise_floor(base::Instant floor);

  /// A root, contact or address is erased as of `at`.
  void add(Kind kind, std::string_view id, base::Instant at);
  /// The keyed hash that stands for it here and in `sync_audit`.
  std::string hash(Kind kind, std::string_view id) const;

  bool covers(Kind kind, std::string_view id) const;
  /// Whether a conversation may be kept out by what its record says: who took part, when it began.
  bool looks_into_records() const {
    return floor_ || !of(Kind::contact).empty() || !of(Kind::address).empty();
  }

  /// Why a root is kept out.
  enum class Refusal {
    none,    ///< it is not
    erased,  ///< it, or its conversation, has a tombstone
    old,     ///< it lies below the floor
    person,  ///< it began before the contact or address of someone in it was erased
  };
  /// Of conversations and surveys; every other root is welcome.
  Refusal refusal(const model::Batch& batch, const model::Root& root, Privacy& privacy) const;

 private:
  using Instants = std::unordered_map<std::string, base::Instant>;

  const Instants& of(Kind kind) const { return known_[static_cast<std::size_t>(kind)]; }
  Refusal of_conversation(const model::Batch& batch, const model::Root& root,
                          Privacy& privacy) const;
  Refusal of_survey(const model::Batch& batch, const model::Root& root) const;
  bool names_erased_person(const model::Batch& batch, const model::Root& root,
                           std::optional<base::Instant> began, Privacy& privacy) const;
  bool covers_before(Kind kind, const std::string& hash, std::optional<base::Instant> began) const;

  SQLite::Database& database_;
  const KeyedHash* hash_ = nullptr;
  std::optional<base::Instant> floor_;
  std::array<Instants, 4> known_;  // by kind: hash, and when it was erased
};

}  // namespace csatdb::warehouse
