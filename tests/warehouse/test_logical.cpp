#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "resources/catalogue.hpp"
#include "support/contract.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/logical.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {
namespace {

/// An element of a page, as a resource delivers it.
struct Delivery {
  const char* resource;
  std::string json;
};

/// Bodies of every kind that name each other, some of them before they are delivered themselves.
std::vector<Delivery> deliveries() {
  std::vector<Delivery> all{
      {"divisions", R"({"id": "d1", "name": "Home", "homeDivision": true})"},
      {"users",
       R"({"id": "a1", "name": "Ada", "division": {"id": "d1"}, "manager": {"id": "a2"}})"},
      {"queues", R"({"id": "q1", "name": "Sales", "division": {"id": "d2"}})"}};
  const Form form{.id = "f1",
                  .context = "fc1",
                  .name = "After call",
                  .groups = {{"g1", "All", {{"n1", "nc1", "Recommend?", "npsQuestion"}}}}};
  all.push_back({"survey_forms", form.json()});
  for (const std::string n : {"1", "2", "3"}) {
    Talk talk;
    talk.id = "c" + n;
    talk.start = "2024-0" + n + "-10T08:00:00.000Z";
    talk.parties = {{"customer", "", "", {{.segments = {{"interact", 0, 20}}}}},
                    {"acd",
                     "",
                     "",
                     {{.segments = {{"interact", 0, 10, "q" + n}}, .metrics = {{"tAcd", 9000}}}}},
                    {"agent",
                     "a" + n,
                     "t1",
                     {{.segments = {{"interact", 10, 20, "q1"}, {"wrapup", 20, 30, "q1", "w" + n}},
                       .metrics = {{"tHandle", 20000}}}}}};
    talk.surveys = {{.id = "s" + n, .status = "Sent", .form = "f1"}};
    all.push_back({"conversations", talk.json()});
    const Survey survey{.id = "s" + n,
                        .conversation = "c" + n,
                        .form = form,
                        .agent = "a1",
                        .completed = "2024-05-07T01:30:00Z",
                        .groups = {{"g1", 9, 10, false, {{.question = "n1", .nps = 9}}}}};
    all.push_back({"surveys", survey.json()});
  }
  return all;
}

void store(const std::string& path, const std::vector<Delivery>& all) {
  warehouse::Warehouse store({path});
  for (const auto& [resource, text] : all) {
    json::Document document;
    model::Batch batch;
    resources::find(resource)->rows(document.parse(text), {&store.zone(), {}, false},
                                    warehouse::fingerprint(text, 1).content, batch);
    store.store(batch, *base::parse_instant("2024-06-01T00:00:00Z"));
    store.commit();
  }
}

std::string logical(const std::string& path) {
  std::ostringstream out;
  warehouse::write_logical(warehouse::Reader(path), out);
  return out.str();
}

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  std::size_t found = 0;
  for (std::string line; std::getline(lines, line);) found += line.find(part) != line.npos ? 1 : 0;
  return found;
}

}  // namespace

TEST_SUITE("warehouse") {
  TEST_CASE("equal content gives equal bytes, in whatever order it came") {
    const support::TempFolder folder;
    auto all = deliveries();
    store((folder / "a.db").string(), all);
    const auto text = logical((folder / "a.db").string());
    CHECK(lines_with(text, "fact_surveys ") == 3);
    CHECK(lines_with(text, "participants conversation_id=\"c2\" participant_no=2") == 1);
    CHECK(lines_with(text, "user_id=\"a2\" team_id=\"t1\"") == 1);
    CHECK(lines_with(text, "_key=") == 0);
    CHECK(lines_with(text, "sync_") == 0);
    CHECK(lines_with(text, "dangling ") == 0);
    for (int round = 0; round < 3; ++round) {
      if (round == 0) std::ranges::reverse(all);
      std::ranges::rotate(all, all.begin() + 4);
      const auto other = (folder / ("b" + std::to_string(round))).string();
      store(other, all);
      CHECK(logical(other) == text);
    }
  }

  TEST_CASE("one cell that differs gives other bytes, whichever table it is of") {
    const support::TempFolder folder;
    const auto path = (folder / "a.db").string();
    store(path, deliveries());
    auto before = logical(path);
    for (const char* change :
         {"UPDATE divisions SET description = '' WHERE division_id = 'd1'",
          "UPDATE divisions SET gone_ms = 1 WHERE division_id = 'd1'",
          "UPDATE segments SET ended_ms = ended_ms + 1 WHERE segment_no = 1",
          "UPDATE surveys SET agent_key = NULL WHERE survey_id = 's1'",
          "UPDATE survey_answers SET nps_score = 8 WHERE survey_key = 1",
          "UPDATE dates SET hours = 23 WHERE local_date = '2024-03-31'",
          "UPDATE interactions SET agent_key = 99 WHERE conversation_key = 1"}) {
      CAPTURE(change);
      SQLite::Database(path, SQLite::OPEN_READWRITE).exec(change);
      const auto after = logical(path);
      CHECK(after != before);
      before = after;
    }
    CHECK(lines_with(before, "dangling table=interactions parent=users rows=1") == 1);
  }

  TEST_CASE("what only says how the content came changes no byte") {
    const support::TempFolder folder;
    const auto path = (folder / "a.db").string();
    store(path, deliveries());
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("UPDATE divisions SET gone_ms = 1");
    const auto before = logical(path);
    SQLite::Database(path, SQLite::OPEN_READWRITE)
        .exec(
            "UPDATE surveys SET version = 99, payload_hash = x'00';"
            "UPDATE divisions SET gone_ms = gone_ms + 1;"
            "INSERT INTO sync_meta VALUES ('a', 'b')");
    CHECK(logical(path) == before);
  }
}

}  // namespace csatdb::tests
