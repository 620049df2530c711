#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "resources/catalogue.hpp"
#include "support/batches.hpp"
#include "support/temp_folder.hpp"
#include "warehouse/address.hpp"
#include "warehouse/privacy.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {
namespace {

using model::Personal;
using warehouse::Profile;
using warehouse::Treatment;

const std::string kKey(warehouse::kKeyBytes, 'k');
const std::string kOtherKey(warehouse::kKeyBytes, 'o');

// Every text of it that could tell who someone is carries a number of its own.
constexpr auto kConversation = R"({
  "conversationId": "c1", "conversationStart": "2025-05-01T10:00:00.000Z",
  "participants": [
    {"purpose": "customer", "participantName": "Cleo 01", "sessions": [{
      "mediaType": "voice", "ani": "tel:+49301234501", "dnis": "tel:+49301234502",
      "remoteNameDisplayable": "Cleo 02", "callbackUserName": "Cleo 03",
      "callbackNumbers": ["+49301234503"], "cc": ["cc04@example.invalid"],
      "addressFrom": "From05@example.invalid", "journeyCustomerId": "cookie06",
      "flow": {"entryReason": "tel:+49301234507", "transferTargetName": "Cleo 08"},
      "segments": [{"segmentType": "interact", "subject": "Invoice 09", "wrapUpNote": "Note 10",
                    "properties": [{"property": "p", "value": "Cleo 11"}]}]}]},
    {"purpose": "agent", "userId": "u1", "participantName": "Anna Agent 12"},
    {"purpose": "external", "participantName": "Eve 13"},
    {"purpose": "acd", "participantName": "Billing queue"},
    {"purpose": "outbound", "participantName": "Cleo 14"}]})";

struct Stored {
  support::TempFolder folder;
  std::vector<std::string> texts;  // of all columns of all rows

  explicit Stored(Profile profile) {
    const auto path = (folder / "w.db").string();
    {
      warehouse::Warehouse store({path});
      store.use({profile, kKey, {}});
      Reading reading;
      reading.read(resources::kConversationsResource, kConversation);
      reading.read(resources::kUsersResource,
                   R"({"id": "u1", "name": "Anna Agent 12", "email": "anna15@example.invalid",
                       "username": "anna16"})");
      store.store(reading.batch, base::kEpoch);
      store.commit();
    }
    SQLite::Database database(path);
    for (const char* table : {"participants", "sessions", "segments", "users"}) {
      SQLite::Statement rows(database, fmt::format("SELECT * FROM {}", table));
      while (rows.executeStep()) {
        for (int i = 0; i < rows.getColumnCount(); ++i)
          texts.push_back(rows.getColumn(i).getString());
      }
    }
  }
  bool holds(const std::string& part) const {
    for (const auto& text : texts) {
      if (text.find(part) != std::string::npos) return true;
    }
    return false;
  }
};

/// The numbers of the texts that can be read.
std::set<int> readable(const Stored& stored) {
  std::set<int> found;
  for (int i = 1; i <= 16; ++i) {
    // Two digits alone may be a pseudonym's.
    for (const char* before : {"Cleo ", "493012345", "cc", "rom", "cookie", "Invoice ", "Note ",
                               "Agent ", "Eve ", "anna"}) {
      if (stored.holds(fmt::format("{}{:02}", before, i))) found.insert(i);
    }
  }
  return found;
}

}  // namespace

TEST_SUITE("warehouse") {
  TEST_CASE("a pseudonym is the first half of HMAC-SHA-256 over kind, NUL and text") {
    // printf 'address\0+49301234501' | openssl dgst -sha256 -mac HMAC -macopt key:kkkk...
    CHECK(warehouse::KeyedHash(kKey).of("address", "+49301234501") ==
          "1681c59045a0b280e502e621801badbf");
    CHECK(warehouse::KeyedHash(kKey).of("name", "+49301234501") !=
          warehouse::KeyedHash(kKey).of("address", "+49301234501"));
    CHECK(warehouse::KeyedHash(kKey).key_id() != warehouse::KeyedHash(kOtherKey).key_id());
  }

  TEST_CASE("an address is the same however the service or a user writes it") {
    using warehouse::normal_address;
    for (const char* text :
         {"+49 (30) 1234-501", "tel:+49301234501", "TEL:+49301234501", "sip:+49301234501@10.0.0.1",
          "sips:+49301234501@edge.example;user=phone", " +49/30/1234501 "})
      CHECK(normal_address(text) == "+49301234501");
    for (const char* text : {"Cleo@Example.invalid", "mailto:cleo@example.invalid",
                             "mailto:cleo@example.invalid?subject=x"})
      CHECK(normal_address(text) == "cleo@example.invalid");
    CHECK(normal_address("sip:agent7@org.example") == "agent7@org.example");
    CHECK(normal_address("49301234501@g.us") == "49301234501@g.us");
    CHECK(normal_address("1-2") == "1-2");  // no telephone number
    CHECK(normal_address("").empty());
  }

  TEST_CASE("standard: customers become pseudonyms, employees keep their names") {
    const Stored stored(Profile::standard);
    CHECK(readable(stored) == std::set<int>{12, 15, 16});
    CHECK(stored.holds("Billing queue"));
    const warehouse::KeyedHash hash(kKey);
    CHECK(stored.holds(hash.of("address", "+49301234501")));
    CHECK(stored.holds(hash.of("name", "Cleo 01")));
    CHECK(stored.holds(hash.of("name", "Eve 13")));
  }

  TEST_CASE("strict: employees become pseudonyms too, the same as user and as participant") {
    const Stored stored(Profile::strict);
    CHECK(readable(stored).empty());
    CHECK(stored.holds("Billing queue"));
    const auto anna = warehouse::KeyedHash(kKey).of("name", "Anna Agent 12");
    CHECK(std::count(stored.texts.begin(), stored.texts.end(), anna) == 2);
  }

  TEST_CASE("none: everything is kept as delivered") {
    CHECK(readable(Stored(Profile::none)).size() == 16);
  }

  TEST_CASE("a warehouse that was not told its key stores no pseudonym and no original") {
    support::TempFolder folder;
    const auto path = (folder / "w.db").string();
    warehouse::Warehouse store({path});
    Reading reading;
    reading.read(resources::kConversationsResource, kConversation);
    store.store(reading.batch, base::kEpoch);
    store.commit();
    SQLite::Statement row(store.database(),
                          "SELECT count(ani) + count(remote_name) + count(cc) FROM sessions");
    REQUIRE(row.executeStep());
    CHECK(row.getColumn(0).getInt() == 0);
  }

  TEST_CASE("one file has one profile and one key, and is not written without them") {
    support::TempFolder folder;
    const auto path = (folder / "w.db").string();
    const auto refusal = [&](const warehouse::PrivacyChoice& choice) -> std::string {
      warehouse::Warehouse store({path});
      try {
        store.use(choice);
      } catch (const base::Error& error) {
        CHECK(error.fault() == base::Fault::usage);
        return error.what();
      }
      return "";
    };
    CHECK(refusal({Profile::strict, kKey, {}}).empty());
    CHECK(refusal({std::nullopt, kKey, {}}).empty());
    CHECK(refusal({Profile::standard, kKey, {}}).find("Set privacy = \"strict\"") !=
          std::string::npos);
    CHECK(refusal({Profile::strict, kOtherKey, {}}).find("privacy_key_file") != std::string::npos);
    warehouse::Warehouse store({path});
    CHECK_THROWS_AS(store.store({}, base::kEpoch), base::Error);
  }

  TEST_CASE("the warehouse remembers which participant attributes are kept") {
    support::TempFolder folder;
    const auto path = (folder / "w.db").string();
    using Names = std::vector<std::string>;
    const auto names = [&](std::optional<Names> asked) {
      warehouse::Warehouse store({path});
      store.use({std::nullopt, kKey, std::move(asked)});
      return store.attributes();
    };
    CHECK(names(std::nullopt).empty());
    CHECK(names(Names{"tier", "a, b"}) == Names{"a, b", "tier"});
    CHECK(names(std::nullopt) == Names{"a, b", "tier"});
    CHECK(names(Names{}).empty());
  }
}

}  // namespace csatdb::tests
