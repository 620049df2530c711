#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/batch.hpp"
#include "warehouse/privacy.hpp"

namespace SQLite {
class Database;
}

namespace csatdb::warehouse {

class Chase;
class Erased;
class Ledger;
struct Measure;

/// How to open a warehouse for writing.
struct Opening {
  std::string path;
  base::Millis wait_for_lock{0};   ///< how long to wait for another run to end
  std::string command = "csatdb";  ///< told to whoever finds the lock held
};

/// What a warehouse makes of personal data.
struct PrivacyChoice {
  std::optional<Profile> profile;  ///< nothing: the file's own, `standard` in a new one
  std::string key;                 ///< kKeyBytes secret bytes, kept outside the file
  /// Participant attributes that are kept; nothing: the file's own, none in a new one.
  std::optional<std::vector<std::string>> attributes;
};

/// Where sync_meta keeps the participant attributes that are stored, one a line.
inline constexpr std::string_view kAttributes = "attributes";
std::vector<std::string> lines_of(const std::string& text);

/// What a store did.
struct Stored {
  std::int64_t seen = 0;     ///< roots delivered
  std::int64_t changed = 0;  ///< roots that were new or different
};

/// The one writer of a warehouse file. Holds its lock from construction to destruction; everything
/// between `begin` and `commit` is stored together or not at all. Throws Fault::busy naming the
/// holder, Fault::storage for a file that is damaged, foreign, written by a newer csatdb, read-only
/// or on a network drive: such a file is left untouched.
class Warehouse {
 public:
  explicit Warehouse(const Opening& opening);
  ~Warehouse();
  Warehouse(const Warehouse&) = delete;
  Warehouse& operator=(const Warehouse&) = delete;

  /// Puts profile, key and attributes in force and records them; call it before storing. Throws
  /// Fault::usage if the file was written under another profile or key.
  void use(const PrivacyChoice& choice);
  /// The participant attributes that are kept.
  std::vector<std::string> attributes() const;

  /// Begins a transaction unless one is open.
  void begin();
  /// Makes everything since `begin` durable; nothing to do if no transaction is open.
  void commit();
  void rollback() noexcept;
  bool in_transaction() const;
  /// Called within each transaction before it is committed; nothing: no longer.
  void before_commit(std::function<void()> work);
  /// The version of the open transaction, else of the last one: what its commit gives to the rows
  /// that it changes.
  std::int64_t version() const;
  /// Makes the open transaction's version higher than this one, which may come from elsewhere.
  void raise_version(std::int64_t above);
  /// Called before each commit, so that tests can stop there.
  void on_commit(std::function<void()> hook);

  /// Whether a root with this id was delivered with these very bytes before (and is not gone);
  /// `attributes` only from a source that can carry participant attributes.
  bool unchanged(const model::Table& table, std::string_view id, model::Digest digest,
                 const model::Digest* attributes = nullptr);
  /// Stores the batch: roots that differ are replaced with all they own, unknown ids they name
  /// become inferred rows, surveys are resolved, follow-up is noted in the ledger. What was erased,
  /// or lies below the retention floor, is left out.
  Stored store(const model::Batch& batch, base::Instant now);

  /// A complete listing of `table` begins: notes the ids seen from here on.
  void begin_listing(const model::Table& table);
  /// The listing's ids of one page, unchanged ones too.
  void list(const model::Table& table, std::string_view id);
  /// It is complete: rows it did not name are gone as of `now`.
  void end_listing(const model::Table& table, base::Instant now);

  /// The service no longer has this conversation, or this survey: its row stays, marked, and a
  /// survey's leaves the reports. False if that was known, or the conversation never delivered.
  bool conversation_gone(std::string_view id, base::Instant now);
  bool survey_gone(std::string_view id, base::Instant now);
  /// The quality API has these surveys of a conversation and no others: what it delivered before
  /// is gone.
  void surveys_are(std::string_view conversation_id,
                   const std::vector<std::string_view>& survey_ids, base::Instant now);
  /// Payloads of the table will be mapped in another way from now on: none counts as stored until
  /// it is delivered again.
  void forget_payloads(const model::Table& table);
  /// The same of one root.
  void forget_payload(const model::Table& table, std::string_view id);

  /// Whether a UTC day's conversations are settled: they will not be read again.
  void settle_day(base::Day day, bool is_settled);

  /// A fact about the warehouse; nothing if never set.
  std::optional<std::string> meta(std::string_view name) const;
  void set_meta(std::string_view name, std::string_view value);

  /// The zone local dates are stored in.
  const base::Zone& zone() const;
  /// Keeps local dates in this zone from now on and rewrites those stored, in one transaction with
  /// an audit row. False if it is the warehouse's already. Throws Fault::usage for no zone.
  bool set_zone(const std::string& name, base::Instant now);
  /// Replaces the measures and derives every stored survey again, in one transaction. False if they
  /// are the warehouse's already.
  bool set_measures(const std::vector<Measure>& measures);

  Ledger& ledger();
  Chase& chase();
  /// What must not be stored again.
  Erased& erased();
  Privacy& privacy();
  SQLite::Database& database();
  /// Bytes of the pages in use: the file's size once its write-ahead log is folded in.
  std::int64_t file_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The fingerprint of an element's bytes under the mapping, privacy profile and settings `salt`
/// stands for. Participant attributes are left out where `without_attributes` (only job results
/// carry them), and returned as a digest of their own.
struct Fingerprint {
  model::Digest content;
  model::Digest attributes;
};
Fingerprint fingerprint(std::string_view element, std::uint64_t salt);

}  // namespace csatdb::warehouse
