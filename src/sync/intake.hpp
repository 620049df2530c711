#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/reader.hpp"
#include "model/batch.hpp"
#include "resources/resource.hpp"
#include "warehouse/raw_bodies.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::sync {

/// One element of an answer or a file.
struct Element {
  char* text;  ///< its JSON, parsed in place: must live until the next `flush`, and the byte after
               ///< it must be readable
  std::size_t size;
  std::string_view id;                      ///< as `json::split` found it; "" if it did not
  std::string path;                         ///< where it stands, e.g. "$.conversations[3]"
  std::size_t offset = 0;                   ///< of its first byte in the whole text, for errors
  bool has_attributes = false;              ///< the source can carry participant attributes
  std::optional<base::Instant> as_of = {};  ///< the instant its text is true to, where known
  bool is_delayed = false;                  ///< it comes from a lake that is behind
};

/// A fact of sync_meta; nothing if never set.
using Meta = std::function<std::optional<std::string>(std::string_view)>;

/// What decides, beside its bytes, which rows a payload of the table becomes: the mapping, the
/// privacy profile, the participant attributes kept and whether raw bodies are. `meta` reads
/// sync_meta.
std::string way_of_storing(const model::Table& table, const Meta& meta,
                           const std::vector<std::string>& attributes);
/// Where sync_meta keeps the way that the table's rows were stored in.
std::string place_of_way(const model::Table& table);

/// What one flush wrote.
struct Taken {
  std::int64_t changed = 0;  ///< roots that were new or different
  bool is_news = false;      ///< something changed or was heard of: there may be more to fetch
};

/// Turns delivered elements into stored rows: passes over those stored from the same bytes, maps
/// the others, hands them to the warehouse a hundred at a time. Sync and import share it.
class Intake {
 public:
  using Watch = std::function<void(const resources::Resource&, const Element&)>;
  /// `watch` sees every element before it is mapped; it may be empty.
  Intake(warehouse::Warehouse& warehouse, std::vector<std::string> attributes, Watch watch = {});

  /// Maps one element. Throws Fault::undecodable, with its path, and leaves nothing of it behind.
  void add(const resources::Resource& resource, const Element& element, base::Instant now);
  /// Stores what was added since the last flush. Elements added must be flushed before their texts
  /// go.
  Taken flush(base::Instant now);

  std::int64_t seen() const { return seen_; }        ///< elements added
  std::int64_t changed() const { return changed_; }  ///< roots that were new or different

 private:
  warehouse::Warehouse& warehouse_;
  std::vector<std::string> attributes_;
  Watch watch_;
  std::unordered_map<const model::Table*, std::uint64_t> salts_;
  model::Batch batch_;
  json::Document document_;
  std::size_t waiting_ = 0;
  struct Raw {
    const model::Table* table;
    std::string id, packed;
  };
  warehouse::RawBodies raw_bodies_;
  bool keeps_raw_;
  std::vector<Raw> raw_;  // of what waits to be stored
  Taken taken_;
  std::int64_t seen_ = 0, changed_ = 0;

  std::uint64_t salt(const model::Table& table);
  void keep_raw(const json::Value& element, const model::Root& root);
  void store(base::Instant now);
};

}  // namespace csatdb::sync
