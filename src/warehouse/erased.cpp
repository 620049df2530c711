#include "warehouse/erased.hpp"

#include <algorithm>

#include "warehouse/address.hpp"

namespace csatdb::warehouse {
namespace {

using base::Instant;
using model::Cell;

constexpr std::array<std::string_view, 4> kKinds{"conversation", "survey", "contact", "address"};
constexpr std::string_view kFloor =
    "before";  // the floor is a tombstone over all that began before

/// The value of a root's own column; an empty cell where it has none.
Cell own(const model::Batch& batch, const model::Root& root, std::string_view column) {
  return batch.cell(batch.rows(root).front(), model::position(root.table->columns, column));
}

std::optional<Instant> instant(const Cell& cell) {
  if (cell.kind != Cell::Kind::integer) return std::nullopt;
  return base::from_ms(cell.integer);
}

}  // namespace

std::string_view Erased::name(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Erased::Erased(SQLite::Database& database) : database_(database) {
  Statement row(database_, "SELECT at_ms FROM sync_tombstones WHERE kind = ?");
  row.with(kFloor);
  if (row.step()) floor_ = base::from_ms(row.integer(0));
}

void Erased::use(const KeyedHash& hash) {
  hash_ = &hash;
  for (auto& known : known_) known.clear();
  Statement rows(database_, "SELECT kind, hash, at_ms FROM sync_tombstones");
  while (rows.step()) {
    const auto* kind = std::ranges::find(kKinds, rows.text(0));
    if (kind == kKinds.end()) continue;
    known_[static_cast<std::size_t>(kind - kKinds.begin())].emplace(rows.text(1),
                                                                    base::from_ms(rows.integer(2)));
  }
}

void Erased::raise_floor(Instant floor) {
  if (floor_ && *floor_ >= floor) return;
  Statement(database_,
            "INSERT INTO sync_tombstones VALUES (?, '', ?) ON CONFLICT DO UPDATE SET "
            "at_ms = excluded.at_ms")
      .with(kFloor, base::to_ms(floor))
      .run();
  floor_ = floor;
}

void Erased::add(Kind kind, std::string_view id, Instant at) {
  const std::string hashed = hash(kind, id);
  Statement(database_,
            "INSERT INTO sync_tombstones VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at_ms = "
            "excluded.at_ms")
      .with(name(kind), hashed, base::to_ms(at))
      .run();
  known_[static_cast<std::size_t>(kind)].insert_or_assign(hashed, at);
}

std::string Erased::hash(Kind kind, std::string_view id) const {
  return kind == Kind::address ? hash_->of(name(kind), normal_address(id))
                               : hash_->of(name(kind), id);
}

bool Erased::covers(Kind kind, std::string_view id) const {
  return !of(kind).empty() && of(kind).contains(hash(kind, id));
}

Erased::Refusal Erased::refusal(const model::Batch& batch, const model::Root& root,
                                Privacy& privacy) const {
  if (root.table->name == "conversations") return of_conversation(batch, root, privacy);
  return root.table->name == "surveys" ? of_survey(batch, root) : Refusal::none;
}

Erased::Refusal Erased::of_conversation(const model::Batch& batch, const model::Root& root,
                                        Privacy& privacy) const {
  const auto began = instant(own(batch, root, "started_ms"));
  if (floor_ && began && *began < *floor_) return Refusal::old;
  if (covers(Kind::conversation, root.id)) return Refusal::erased;
  const bool has_persons = !of(Kind::contact).empty() || !of(Kind::address).empty();
  return has_persons && names_erased_person(batch, root, began, privacy) ? Refusal::person
                                                                         : Refusal::none;
}

Erased::Refusal Erased::of_survey(const model::Batch& batch, const model::Root& root) const {
  const auto completed = instant(own(batch, root, "completed_ms"));
  if (floor_ && completed && *completed < *floor_) return Refusal::old;
  const Cell conversation = own(batch, root, "conversation_key");
  const bool is_erased =
      covers(Kind::survey, root.id) ||
      (conversation.kind == Cell::Kind::text && covers(Kind::conversation, conversation.text()));
  return is_erased ? Refusal::erased : Refusal::none;
}

bool Erased::names_erased_person(const model::Batch& batch, const model::Root& root,
                                 std::optional<Instant> began, Privacy& privacy) const {
  for (const auto& row : batch.rows(root)) {
    for (const Cell& cell : batch.cells(row)) {
      if (cell.kind != Cell::Kind::text) continue;
      const auto& column = row.table->columns[cell.column];
      if (column.name == "external_contact_id" && !of(Kind::contact).empty() &&
          covers_before(Kind::contact, hash(Kind::contact, cell.text()), began))
        return true;
      if (column.personal == model::Personal::address && !of(Kind::address).empty() &&
          covers_before(Kind::address, std::string(privacy.address(cell.text())), began))
        return true;
    }
  }
  return false;
}

bool Erased::covers_before(Kind kind, const std::string& hash, std::optional<Instant> began) const {
  const auto found = of(kind).find(hash);
  return found != of(kind).end() && (!began || *began < found->second);
}

}  // namespace csatdb::warehouse
