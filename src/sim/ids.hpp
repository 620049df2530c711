#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace csatdb::sim {

/// What an id names.
enum class Kind : std::uint8_t {
  organisation,
  division,
  team,
  user,
  queue,
  wrapup_code,
  skill,
  language,
  flow,
  flow_outcome,
  form,
  form_context,
  form_part,
  evaluation_form,
  conversation,
  participant,
  session,
  survey,
  evaluation,
  contact,
  edge,
  campaign,
  job,
  correlation,
  other,
};

/// Where in the world a thing stands; its id is a keyed permutation of this, so that nothing has
/// to be remembered to find the thing again.
struct Place {
  Kind kind = Kind::other;
  std::uint32_t day = 0;    ///< days since 1970 of the conversation's start; below 2^16
  std::uint32_t index = 0;  ///< below 2^28
  std::uint32_t sub = 0;    ///< below 2^12
  friend bool operator==(const Place&, const Place&) = default;
};

/// Ids as the service has them: lower-case UUIDs of version 4 without visible order.
class Ids {
 public:
  explicit Ids(std::uint64_t seed);

  void append(std::string& out, const Place& place) const;
  std::string text(const Place& place) const;
  /// Nothing if this organisation has no such id.
  std::optional<Place> place(std::string_view uuid) const;

 private:
  std::array<std::uint64_t, 4> keys_{};
};

}  // namespace csatdb::sim
