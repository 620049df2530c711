#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/table.hpp"

namespace csatdb::model {

/// The fingerprint of a payload's bytes: equal bytes, equal digest.
struct Digest {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const Digest&, const Digest&) = default;
};

/// A value for one column. Text is a view: of the page, or of text the batch keeps.
struct Cell {
  enum class Kind : std::uint8_t { null, integer, real, text };
  std::uint16_t column = 0;
  Kind kind = Kind::null;
  struct Chars {
    const char* data;
    std::size_t size;
  };
  union {
    std::int64_t integer;
    double real;
    Chars chars;
  };
  Cell() : integer(0) {}
  std::string_view text() const { return {chars.data, chars.size}; }
};

inline constexpr std::size_t kMaxOrdinals = 3;
using Ordinals = std::array<std::int32_t, kMaxOrdinals>;

/// A row of a table: only the columns that have a value.
struct Row {
  const Table* table;
  Ordinals ordinals;
  std::uint32_t begin, end;  ///< its cells in the batch
};

/// A member the mapping does not know, or a value that needs a human's eye; counted in `sync_problems`.
struct Problem {
  std::string kind;     ///< "unknown member", "unknown value"
  std::string place;    ///< e.g. "participants.sessions.newField": without index, so that equal ones count together
  std::string example;  ///< a conversation or survey id, never content
};

/// Something heard of a survey, evaluation or resolution elsewhere, for the warehouse to compare with what is stored.
struct Hint {
  enum class Kind { survey, evaluation, resolution } kind = Kind::survey;
  std::string conversation_id;
  std::string id;      ///< of the survey or evaluation; "" if the service names none
  std::string status;  ///< of the survey, as delivered; "" if unknown
  bool is_scored = false, is_rescored = false, is_deletion = false;  ///< what else it tells of
  std::uint64_t fingerprint = 0;  ///< of all that was heard: the same again is no news
};

/// One root and everything it owns, as delivered at once: replaced as a set.
struct Root {
  const Table* table;
  std::string_view id;
  Digest digest;
  bool is_embedded = false;     ///< came inside another payload: fills an unknown row, never replaces a listed one
  bool has_attributes = false;  ///< this source can carry participant attributes
  Digest attributes{};          ///< of those, where it can
  std::uint32_t first_row, last_row;  ///< its rows in the batch, the root's own row first
};

/// The only thing that passes from resources to the warehouse: rows grouped by root.
class Batch {
 public:
  /// Begins a root; the rows that follow are its own. `id` must outlive the batch.
  Root& begin_root(const Table& table, std::string_view id, Digest digest);
  /// Begins a row of the current root (the root's own row first).
  void begin_row(const Table& table, Ordinals ordinals = {});

  // A value of the current row. The column is its position in the table.
  void integer(std::uint16_t column, std::int64_t value);
  void real(std::uint16_t column, double value);
  void text(std::uint16_t column, std::string_view value);   ///< the text must outlive the batch

  // The same by column name, for rows that code computes. Nothing, and an empty text, is NULL.
  void set(std::string_view column, std::optional<std::int64_t> value);
  void set_text(std::string_view column, std::string_view value);

  /// A text that lives as long as the batch.
  std::string_view keep(std::string text);
  void clear();
  /// Where the batch stands, so that a root that proves broken can be taken back.
  struct Mark {
    std::size_t roots, rows, cells, hints, problems;
  };
  Mark mark() const {
    return {roots.size(), all_rows.size(), all_cells.size(), hints.size(), problems.size()};
  }
  void rewind(const Mark& mark);
  bool empty() const { return roots.empty() && hints.empty() && problems.empty(); }

  std::span<const Cell> cells(const Row& row) const {
    return {all_cells.data() + row.begin, row.end - row.begin};
  }
  std::span<const Row> rows(const Root& root) const {
    return {all_rows.data() + root.first_row, root.last_row - root.first_row};
  }
  /// The row's value of a column, or a null cell.
  Cell cell(const Row& row, std::uint16_t column) const;

  std::optional<base::Instant> as_of;  ///< the instant the answer is true to; nothing: unknown
  bool is_delayed = false;             ///< it comes from a lake, hours behind what may have been read since
  std::vector<Root> roots;
  std::vector<Row> all_rows;
  std::vector<Cell> all_cells;
  std::vector<Hint> hints;
  std::vector<Problem> problems;

 private:
  Cell& add(std::uint16_t column, Cell::Kind kind);
  std::deque<std::string> texts_;
};

}  // namespace csatdb::model
