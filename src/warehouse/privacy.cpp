#include "warehouse/privacy.hpp"

#include <algorithm>
#include <array>

#include "warehouse/address.hpp"

namespace csatdb::warehouse {
namespace {

using model::Personal;

constexpr std::array<std::pair<Profile, std::string_view>, 3> kProfiles{
    {{Profile::standard, "standard"}, {Profile::strict, "strict"}, {Profile::none, "none"}}};

constexpr std::size_t kKnownAtMost = 1 << 14;  // some 2 MiB

/// Participants that are machines: their names are those of queues and flows.
constexpr std::array<std::string_view, 5> kMachines{"acd", "ivr", "workflow", "botflow",
                                                    "voicesurveyflow"};

/// Who bears the name in a row.
enum class Bearer { outsider, employee, machine };

Bearer bearer(const model::Batch& batch, const model::Row& row) {
  // Only a participant's name is the participant's own; a session names the far end.
  if (row.table->name != "participants") return Bearer::outsider;
  static const auto user = model::position(row.table->columns, "user_key");
  static const auto purpose = model::position(row.table->columns, "purpose");
  if (batch.cell(row, user).kind == model::Cell::Kind::text) return Bearer::employee;
  const auto role = batch.cell(row, purpose);
  if (role.kind != model::Cell::Kind::text) return Bearer::outsider;
  if (role.text() == "agent" || role.text() == "user") return Bearer::employee;
  const bool is_machine = std::ranges::find(kMachines, role.text()) != kMachines.end();
  return is_machine ? Bearer::machine : Bearer::outsider;
}

}  // namespace

std::string_view name(Profile profile) {
  return std::ranges::find(kProfiles, profile, &decltype(kProfiles)::value_type::first)->second;
}

std::optional<Profile> profile_named(std::string_view name) {
  const auto* at = std::ranges::find(kProfiles, name, &decltype(kProfiles)::value_type::second);
  return at == kProfiles.end() ? std::nullopt : std::optional(at->first);
}

Treatment treatment(Profile profile, Personal personal) {
  if (profile == Profile::none) return Treatment::kept;
  const bool is_strict = profile == Profile::strict;
  switch (personal) {
    case Personal::none:
    case Personal::attribute:  // only those on the allow-list come here
      return Treatment::kept;
    case Personal::party_name:
    case Personal::address:
      return Treatment::pseudonym;
    case Personal::staff_name:
      return is_strict ? Treatment::pseudonym : Treatment::kept;
    case Personal::survey_text:
      return is_strict ? Treatment::dropped : Treatment::kept;
    case Personal::addresses:
    case Personal::subject:
    case Personal::note:
      return Treatment::dropped;
  }
  return Treatment::dropped;
}

std::optional<std::string_view> Privacy::kept(const model::Batch& batch, const model::Row& row,
                                              const model::Column& column, std::string_view text) {
  Personal personal = column.personal;
  if (personal == Personal::party_name && profile_ != Profile::none) {
    const Bearer who = bearer(batch, row);
    if (who == Bearer::machine) return text;
    if (who == Bearer::employee) personal = Personal::staff_name;
  }
  switch (treatment(profile_, personal)) {
    case Treatment::kept:
      return text;
    case Treatment::pseudonym:
      if (text.empty()) return text;
      if (hash_ == nullptr) return std::nullopt;
      return personal == Personal::address ? address(text) : name(text);
    case Treatment::dropped:
      break;
  }
  return std::nullopt;
}

std::string_view Privacy::address(std::string_view text) {
  if (const auto known = addresses_.find(text); known != addresses_.end()) return known->second;
  return addresses_.emplace(text, hash_->of("address", normal_address(text))).first->second;
}

std::string_view Privacy::name(std::string_view text) {
  if (const auto known = names_.find(text); known != names_.end()) return known->second;
  return names_.emplace(text, hash_->of("name", text)).first->second;
}

void Privacy::make_room() {
  if (addresses_.size() > kKnownAtMost) addresses_.clear();
  if (names_.size() > kKnownAtMost) names_.clear();
}

}  // namespace csatdb::warehouse
