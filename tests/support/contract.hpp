#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace csatdb::tests {

// A conversation's payload as tests speak of it. Times are seconds after the conversation's start.

struct Segment {
  std::string type;
  std::optional<double> start, end;
  std::string queue = {}, wrapup = {}, disconnect = {};
};
struct Metric {
  std::string name;
  std::int64_t value;
  std::optional<double> emitted = {};
};
struct Session {
  std::string media = "voice", direction = "inbound", peer = {};
  std::vector<Segment> segments = {};
  std::vector<Metric> metrics = {};
};
struct Party {
  std::string purpose, user = {}, team = {};
  std::vector<Session> sessions = {};
};
/// A survey as the conversation's record tells of it.
struct Mention {
  std::string id, status = {}, type = {}, form = {}, context = {}, form_name = {};
  std::optional<int> nps = {};
  std::optional<int> total = {};
  std::optional<bool> is_partial = {};
  std::string completed = {}, queue = {}, user = {};
};
struct Talk {
  std::string id = "c1";
  std::string start = "2024-03-30T23:30:00.000Z";
  std::optional<double> end = 600;
  std::string direction = "inbound";
  std::vector<std::string> divisions = {"d1"};
  std::vector<Party> parties = {};
  std::vector<Mention> surveys = {};

  std::string json() const;
};

// A survey's payload of the quality API.

struct Option {
  std::string id, text;
  int value;
};
struct Question {
  std::string id, context, text, type;
  std::vector<Option> options = {};
};
struct Group {
  std::string id, name;
  std::vector<Question> questions = {};
};
struct Form {
  std::string id, context, name;
  std::vector<Group> groups = {};

  std::string json() const;
};
struct Reply {
  std::string question, option = {};
  std::optional<int> score = {}, nps = {};
  std::string nps_text = {}, free_text = {};
  bool is_marked_na = false;
};
struct GroupScore {
  std::string group;
  std::optional<double> total = {}, max = {};
  bool is_marked_na = false;
  std::vector<Reply> replies = {};
};
struct Survey {
  std::string id = "s1", conversation = "c1", status = "Finished", type = "Web";
  std::optional<Form> form = {};
  std::string agent = {}, team = {}, queue = {}, completed = {}, error_reason = {};
  std::optional<double> total = {};
  std::optional<int> nps = {};
  std::optional<bool> is_partial = {};
  std::vector<GroupScore> groups = {};

  std::string json() const;
};

/// A row of a view: column to value as text, "NULL" where there is none.
using Cells = std::map<std::string, std::string>;
using ViewRows = std::vector<Cells>;
/// Every fact view.
using Facts = std::map<std::string, ViewRows>;

/// A warehouse in memory, filled by payloads.
class ContractWorld {
 public:
  explicit ContractWorld(const std::string& zone = "Europe/Berlin");
  /// Stores one element as `sync` would and derives what depends on it.
  void deliver(std::string_view resource, const std::string& json);
  void run_surveys(const std::string& conversation_id);
  /// The key of a root by its id.
  std::int64_t key(std::string_view table, const std::string& id);
  /// All rows of a view, in the order of its first columns.
  ViewRows view(const std::string& name);
  Facts facts();
  SQLite::Database& db() { return db_; }

 private:
  base::Zone zone_;
  SQLite::Database db_;
};

/// The lines in which two sets of facts differ, e.g. "fact_interactions[0].agent_id: a1 -> a2";
/// sorted.
std::vector<std::string> differences(const Facts& before, const Facts& after);

}  // namespace csatdb::tests
