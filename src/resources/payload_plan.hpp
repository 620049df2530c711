#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/table.hpp"

namespace csatdb::resources {

struct Level;

/// What a member of an object means.
struct Meaning {
  enum class Kind : std::uint8_t { unknown, column, child, id, ignored, nested };
  Kind kind = Kind::unknown;
  std::uint16_t index = 0;  // of a column or child
  const Level* nested = nullptr;
};

/// The members of one object of the payload, found by hash.
struct Level {
  struct Slot {
    std::string name;
    Meaning meaning;
  };
  std::vector<Slot> slots;  // open addressing; a power of two
  std::size_t used = 0;
  bool ignores_rest = false;
  std::vector<std::unique_ptr<Level>> inner;

  /// Null for a member that means nothing.
  const Meaning* find(std::string_view name) const;
  /// The member's meaning, to be set.
  Meaning& at(std::string_view name);

 private:
  void grow();
};

/// A table's declaration, arranged for reading.
struct Plan {
  const model::Table* table;
  std::string place;  // of the rows in the payload: "participants.sessions."
  Level members;
  std::vector<std::unique_ptr<Plan>> children;
};

/// The table's plan, made once.
const Plan& plan_of(const model::Table& table);

}  // namespace csatdb::resources
