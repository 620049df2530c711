#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/batch.hpp"
#include "warehouse/keyed_hash.hpp"

namespace csatdb::warehouse {

/// How much personal data a warehouse keeps; one file has one profile.
enum class Profile { standard, strict, none };
std::string_view name(Profile profile);
std::optional<Profile> profile_named(std::string_view name);

/// What becomes of a text.
enum class Treatment { kept, pseudonym, dropped };

/// The profile's treatment of what a column holds; of a participant's name where a customer or
/// external bears it (an employee's is treated as staff_name, a queue's or flow's is kept).
Treatment treatment(Profile profile, model::Personal personal);

/// Applies a profile to rows as they are written.
class Privacy {
 public:
  /// Without a key: `standard`, but what would become a pseudonym is dropped.
  Privacy() = default;
  /// `hash` must outlive it.
  Privacy(Profile profile, const KeyedHash& hash) : profile_(profile), hash_(&hash) {}

  /// The text to store in a column of the row; nothing: none. Valid until `make_room`.
  std::optional<std::string_view> kept(const model::Batch& batch, const model::Row& row,
                                       const model::Column& column, std::string_view text);
  /// The pseudonym of an address, however it is written.
  std::string_view address(std::string_view text);
  /// Call where no text returned before is in use any more: bounds memory.
  void make_room();

  Profile profile() const { return profile_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Known = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

  std::string_view name(std::string_view text);

  Profile profile_ = Profile::standard;
  const KeyedHash* hash_ = nullptr;
  Known addresses_, names_;  // pseudonyms of texts seen: most come again
};

}  // namespace csatdb::warehouse
