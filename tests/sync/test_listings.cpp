#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/sync_rig.hpp"

using namespace csatdb;
using http::Request;
using http::Response;
using std::chrono::hours;
using support::answer_json;
using support::SyncRig;

namespace {

std::string queue(const char* id) {
  return fmt::format(R"({{"id":"{0}","name":"Queue {0}"}})", id);
}

/// A listing of queues whose pages a test writes.
struct Queues {
  explicit Queues(SyncRig& r) : rig(r) {
    rig.settings.only = {"queues"};
    rig.before = [this](const Request& request) -> std::optional<Response> {
      const auto at = request.target.find("pageNumber=");
      if (request.target.find("/routing/queues") == std::string::npos || at == std::string::npos)
        return std::nullopt;
      const auto number = std::stoul(request.target.substr(at + 11));
      if (number > pages.size())
        return answer_json(400, R"({"code":"bad.request","message":"no such page"})");
      return answer_json(200, fmt::format(R"({{"entities":[{}],"pageNumber":{},"pageCount":{}}})",
                                          pages[number - 1], number, page_count));
    };
  }
  std::string present() const {
    return rig.value(
        "SELECT group_concat(queue_id, ' ') FROM (SELECT queue_id FROM queues WHERE "
        "gone_ms IS NULL AND NOT is_inferred ORDER BY queue_id)");
  }
  std::string all() const { return rig.value("SELECT count(*) FROM queues WHERE NOT is_inferred"); }

  SyncRig& rig;
  std::vector<std::string> pages;
  std::size_t page_count = 1;
};

}  // namespace

TEST_SUITE("sync") {
  TEST_CASE(
      "a row that a complete listing no longer names is gone, and back when it is named again") {
    SyncRig rig(SyncRig::quiet(1, 10));
    Queues queues(rig);
    queues.pages = {queue("a") + "," + queue("b"), queue("c")};
    queues.page_count = 2;
    rig.sync_well();
    CHECK(queues.present() == "a b c");
    queues.pages = {queue("a") + "," + queue("c")};
    queues.page_count = 1;
    rig.clock.advance(hours(24));
    rig.sync_well();
    CHECK(queues.present() == "a c");
    CHECK(queues.all() == "3");
    queues.pages = {queue("a") + "," + queue("b") + "," + queue("c")};
    rig.clock.advance(hours(24));
    rig.sync_well();
    CHECK(queues.present() == "a b c");
  }

  TEST_CASE("a listing without its last page marks nothing gone") {
    SyncRig rig(SyncRig::quiet(1, 10));
    Queues queues(rig);
    queues.pages = {queue("a") + "," + queue("b"), queue("c")};
    queues.page_count = 2;
    rig.sync_well();
    queues.pages = {queue("a")};  // the second page is refused
    rig.clock.advance(hours(24));
    const auto report = rig.sync();
    CHECK(report.exit_code() != 0);
    CHECK(queues.present() == "a b c");
    // The next run begins at the first page again.
    queues.pages = {queue("a"), queue("b")};
    rig.clock.advance(hours(1));
    rig.sync_well();
    CHECK(queues.present() == "a b");
  }

  TEST_CASE("a listing with a row that cannot be read stores the rest and marks nothing gone") {
    SyncRig rig(SyncRig::quiet(1, 10));
    Queues queues(rig);
    queues.pages = {queue("a") + "," + queue("b")};
    rig.sync_well();
    queues.pages = {queue("d") + R"(,{"id":"b","name":7})"};
    rig.clock.advance(hours(24));
    const auto report = rig.sync();
    CHECK(report.gaps.size() == 1);
    CHECK(queues.present() == "a b d");
  }
}
