#include "support/small_warehouse.hpp"

#include "resources/catalogue.hpp"
#include "support/contract.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {

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

void deliver(const std::string& path, const std::vector<Delivery>& all) {
  warehouse::Warehouse store({path});
  const auto now = *base::parse_instant("2024-06-01T00:00:00Z");
  warehouse::RunRecord record(store, "sync", now);
  for (const auto& [resource, text] : all) {
    json::Document document;
    model::Batch batch;
    resources::find(resource)->rows(document.parse(text), {&store.zone(), {}, false},
                                    warehouse::fingerprint(text, 1).content, batch);
    store.store(batch, now);
    store.commit();
  }
}

}  // namespace csatdb::tests
