#include <doctest/doctest.h>

#include <map>

#include "base/error.hpp"
#include "resources/catalogue.hpp"
#include "resources/tables.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"

namespace csatdb::tests {
namespace {

std::string sample(const std::string& name) {
  const std::string text = file_text(support::in_source("../shared/samples/" + name));
  if (text.empty()) MESSAGE("skipped: no sample " << name << " beside this tree");
  return text;
}

Reading page(const std::string& body) {
  Reading reading;
  for (const auto& element : json::split(body, "conversations", "conversationId").elements)
    reading.read(resources::kConversationsResource,
                 body.substr(element.begin, element.end - element.begin));
  return reading;
}

TEST_SUITE("resources") {
  TEST_CASE("a real page of job results is read whole, without an unknown member") {
    const std::string body = sample("job-results-page.json");
    if (body.empty()) return;
    const Reading reading = page(body);
    CHECK(reading.count("conversations") == 10);
    CHECK(reading.count("participants") == 53);
    CHECK(reading.count("sessions") == 55);
    CHECK(reading.count("segments") == 135);
    CHECK(reading.count("session_metrics") == 208);
    CHECK(reading.count("interactions") == 10);
    CHECK(reading.count("agent_legs") == 9);
    CHECK(reading.count("queue_visits") == 10);
    for (const auto& problem : reading.batch.problems) CHECK(problem.place == "");
  }

  TEST_CASE(
      "handle time is talk, hold, after-call work, contacting and dialing on every session that "
      "has it") {
    const std::string body = sample("job-results-page.json");
    if (body.empty()) return;
    const Reading reading = page(body);
    std::map<std::string, std::int64_t> sums;
    int sessions = 0;
    const auto judge = [&] {
      if (sums.contains("tHandle")) {
        ++sessions;
        CHECK(sums["tHandle"] == sums["tTalkComplete"] + sums["tHeldComplete"] + sums["tAcw"] +
                                     sums["tContacting"] + sums["tDialing"]);
        CHECK(sums["tTalk"] == sums["tTalkComplete"]);
        CHECK(sums["tHeld"] == sums["tHeldComplete"]);
      }
      sums.clear();
    };
    for (const auto& row : reading.batch.all_rows) {
      if (row.table == &resources::kSessions) judge();
      if (row.table->name == "session_metrics")
        sums[reading.value(row, "name")] += std::stoll(reading.value(row, "value"));
    }
    judge();
    CHECK(sessions == 9);
  }

  TEST_CASE(
      "a finished chat is read; a broken instant is refused with its place, and mended is read") {
    const std::string finished = sample("conversation-detail-chat-1.json");
    std::string open = sample("conversation-detail-chat-2.json");
    if (finished.empty() || open.empty()) return;
    Reading reading;
    reading.read(resources::kConversationsResource, finished);
    CHECK(reading.value("interactions", 0, "channel") == "chat");
    CHECK_THROWS_WITH_AS(
        reading.read(resources::kConversationsResource, open),
        doctest::Contains("$.participants[0].sessions[0].segments[0].segmentStart"), base::Error);
    for (std::size_t at = 0; (at = open.find("2021-04-2T", at)) != std::string::npos;)
      open.replace(at, 10, "2021-04-02T");
    Reading mended;
    mended.read(resources::kConversationsResource, open);
    CHECK(mended.value("interactions", 0, "ended_ms") == "NULL");
    CHECK(mended.value("interactions", 0, "direction") == "inbound");
  }
}

}  // namespace
}  // namespace csatdb::tests
