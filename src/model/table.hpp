#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace csatdb::model {

struct Table;

enum class Type {
  text,
  integer,
  real,
  boolean,  ///< stored 0 or 1
  instant,  ///< ISO-8601 in the payload, epoch milliseconds in the column
  list,     ///< an array or object in the payload, compact JSON in the column
};

/// What personal data a column holds; the privacy profile decides what becomes of it (README, "Privacy").
enum class Personal {
  none,
  party_name,   ///< the name of a customer or external; kept where the participant is staff
  staff_name,   ///< the name, mail or login of an employee
  address,      ///< a phone number, mail address or the like of a customer
  addresses,    ///< a list of them
  subject,      ///< an e-mail's subject
  note,         ///< free text written by staff about a contact
  survey_text,  ///< free text written by a customer in a survey
  attribute,    ///< the value of a participant attribute
};

/// One column and where its value stands in the payload.
struct Column {
  std::string_view json;          ///< path below the row's object ("division.id"); "." the element itself; "" set by code
  std::string_view name;          ///< as in schema/tables.sql
  Type type = Type::text;
  const Table* refers = nullptr;  ///< the payload names a row of that table by id; the column holds its key
  Personal personal = Personal::none;
  std::span<const std::string_view> known = {};  ///< of an enumeration: its documented values; others are kept and counted
};

/// Rows owned by a row: the elements of an array below it, numbered from 0 as delivered.
struct Child {
  std::string_view json;  ///< path of the array, or of the object for `members`
  const Table* table;
  enum class Shape { elements, members } shape = Shape::elements;  ///< members: a row per name and value of an object
};

/// A member of the payload that is deliberately not stored.
struct Ignored {
  std::string_view json;
  std::string_view reason;
};

/// A SQL table as the payload fills it. A root table has a Genesys id and a surrogate key; every other table is owned by a
/// root and keyed by the root's key and its ordinals.
struct Table {
  std::string_view name;
  std::string_view key;                        ///< a root's surrogate key column; "" for an owned table
  std::string_view id;                         ///< a root's natural id column; "" for an owned table
  std::span<const std::string_view> ordinals;  ///< an owned table's key columns after the root's key
  std::span<const Column> columns;             ///< without key, id and ordinals
  std::span<const Child> children = {};
  std::span<const Ignored> ignored = {};
  std::string_view json_id = "id";             ///< a root's id in the payload
  int mapping = 1;                             ///< of a root: raised when it or what it owns is filled in another way, so that
                                               ///< what is stored is asked for and mapped again
  bool is_root() const { return !key.empty(); }
};

/// The position of a column by name; throws if there is none (at compile time where the name is constant).
constexpr std::uint16_t position(std::span<const Column> columns, std::string_view name) {
  for (std::uint16_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  throw "no such column";
}

}  // namespace csatdb::model
