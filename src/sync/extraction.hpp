#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sync/engine.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::sync {

/// Has an engine read the named conversations now, whatever the ledger says of them, and then what
/// there is to fetch of their surveys: answers of finished ones and reasons of failed ones. The
/// listings that name their agents and queues are read if they never were. The keys it adds are the
/// ledger's, so that a killed run is gone on with by the next sync.
class Extraction {
 public:
  /// `ids` without doubles. `wants_bodies`: fetch every survey, also those stored, and keep their
  /// bodies.
  Extraction(warehouse::Warehouse& warehouse, std::vector<std::string> ids, bool wants_bodies);
  Extraction(const Extraction&) = delete;
  Extraction& operator=(const Extraction&) = delete;

  /// The same settings for this work alone; the extraction must outlive the engine.
  Settings over(Settings settings);
  /// After a run that was not cut short: what was asked for but will not change is due no more.
  void finish(base::Instant now);

  /// Why a conversation could not be read in this run; "" if it was.
  std::string failure(const std::string& id) const;
  /// A survey as delivered in this run, JSON; "" if it was not.
  std::string body(const std::string& survey_id) const;

 private:
  void plan(base::Instant now);
  void ask_for_surveys(const std::string& id, base::Instant now);
  bool is_due(std::string_view resource, const std::string& id, base::Instant now) const;

  warehouse::Warehouse& warehouse_;
  std::vector<std::string> ids_;
  bool wants_bodies_;
  bool is_begun_ = false;
  std::vector<std::string> unread_;                      // their records were not read yet
  std::unordered_set<std::string> added_;                // that the ledger did not have
  std::unordered_map<std::string, std::string> bodies_;  // by survey
  mutable warehouse::Statement wanting_, stored_;
};

}  // namespace csatdb::sync
