#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "resources/tables.hpp"
#include "support/desk.hpp"
#include "warehouse/erasure.hpp"

namespace csatdb::tests {
namespace {

using support::Desk;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kContact = "00000000-0000-4000-8000-00000000c1e0";

/// Some customers are one.
void share_contact(const http::Request&, std::string& body) {
  const std::string member = "\"externalContactId\":\"";
  for (const char digit : {'0', '1'}) {
    const auto some = member + digit;
    for (auto at = body.find(some); at != std::string::npos; at = body.find(some, at + 1))
      body.replace(at + member.size(), kContact.size(), kContact);
  }
}

std::string without_dashes(std::string id) {
  std::erase(id, '-');
  return id;
}

/// Every free text that a customer wrote begins with a word that only this conversation has.
void mark_texts(const http::Request& request, std::string& body) {
  constexpr std::string_view kBefore = "/quality/conversations/";
  const auto at = request.target.find(kBefore);
  if (at == std::string::npos) return;
  const auto begin = at + kBefore.size();
  const auto id = request.target.substr(begin, request.target.find('/', begin) - begin);
  for (const std::string member : {"\"freeTextAnswer\":\"", "\"npsTextAnswer\":\""}) {
    for (auto text = body.find(member); text != std::string::npos;
         text = body.find(member, text + 1))
      body.insert(text + member.size(), "said" + without_dashes(id) + " ");
  }
}

/// Ids of conversations with a comment.
std::vector<std::string> commented(const Desk& desk) {
  return desk.rows(
      "SELECT conversation_id FROM fact_surveys WHERE comments LIKE 'said%' GROUP BY 1 ORDER BY 1");
}

std::set<std::string> stored(const Desk& desk, const std::string& file = "csat.db") {
  const auto rows = desk.rows("SELECT conversation_id FROM conversations", file);
  return {rows.begin(), rows.end()};
}

/// The next days pass, with a sync each.
void let_days_pass(Desk& desk, int days) {
  for (int i = 0; i < days; ++i) {
    desk.now.advance(std::chrono::hours(24));
    desk.run_well({"-q", "sync"});
  }
}

}  // namespace

TEST_SUITE("warehouse") {
  TEST_CASE("of a forgotten conversation no byte is left, and none comes back") {
    Desk desk;
    desk.alter = mark_texts;
    desk.run_well({"sync", "--since", "30d"});
    const auto with_comment = commented(desk);
    REQUIRE(with_comment.size() > 3);
    const std::string id = with_comment[0];
    const std::string neighbour = with_comment[1];
    const auto where = fmt::format("WHERE conversation_id = '{}'", id);
    const auto survey = desk.value("SELECT survey_id FROM fact_surveys " + where);
    const auto conversations = stored(desk).size();
    const auto surveys = std::stoi(desk.value("SELECT count(*) FROM surveys"));
    const std::string word = "said" + without_dashes(id);
    for (const auto& trace : {id, survey, word}) REQUIRE(contains(desk.bytes(), trace));

    SUBCASE("not before it is confirmed") {
      const auto result = desk.run({"forget", "--conversation", id});
      CHECK(result.code == 0);
      CHECK(contains(result.out, "1 conversation ("));
      CHECK(contains(result.out, "Nothing was erased"));
      CHECK(stored(desk).size() == conversations);
    }
    SUBCASE("once it is") {
      const auto result = desk.run_well({"forget", "--conversation", id, "--yes"});
      CHECK(contains(result.out, "1 conversation ("));
      const auto check = [&] {
        for (const auto& trace : {id, survey, word}) CHECK(!contains(desk.bytes(), trace));
        CHECK(contains(desk.bytes(), "said" + without_dashes(neighbour)));
        CHECK(desk.value("PRAGMA integrity_check") == "ok");
        CHECK(desk.rows("PRAGMA foreign_key_check").empty());
        CHECK(desk.rows("SELECT rowid FROM survey_comments WHERE survey_comments MATCH '" + word +
                        "'")
                  .empty());
      };
      check();
      CHECK(stored(desk).size() == conversations - 1);
      // Everything is read again, and events go on telling of it.
      desk.run_well({"sync", "--since", "40d"});
      let_days_pass(desk, 6);
      check();
      CHECK(!stored(desk).contains(id));
      CHECK(std::stoi(desk.value("SELECT count(*) FROM surveys")) >= surveys - 2);
      CHECK(desk.rows("SELECT act FROM sync_audit WHERE act = 'forget'").size() == 2);
    }
  }

  TEST_CASE("a survey of what was forgotten or pruned is refused, whoever delivers it") {
    Desk desk;
    std::map<std::string, std::string> said;  // the surveys of a conversation, as delivered
    desk.alter = [&](const http::Request& request, std::string& body) {
      constexpr std::string_view kBefore = "/quality/conversations/";
      const auto at = request.target.find(kBefore);
      if (at == std::string::npos) return;
      const auto begin = at + kBefore.size();
      said[request.target.substr(begin, request.target.find('/', begin) - begin)] = body;
    };
    desk.run_well({"sync", "--since", "30d"});
    const auto finished = desk.rows(
        "SELECT conversation_id FROM fact_surveys WHERE status = 'Finished' GROUP BY 1 ORDER BY "
        "min(completed_at)");
    REQUIRE(finished.size() > 3);
    const auto deliver = [&](const std::string& id) {
      REQUIRE(said.contains(id));
      desk.folder.write("surveys.json", said[id]);
      desk.run_well({"import", "surveys.json"});
      CHECK(desk.rows("SELECT 1 FROM fact_surveys WHERE conversation_id = '" + id + "'").empty());
      CHECK(desk.rows("PRAGMA foreign_key_check").empty());
    };
    desk.run_well({"forget", "--conversation", finished.back(), "--yes"});
    deliver(finished.back());
    CHECK(!contains(desk.bytes(), finished.back()));
    // A survey answered before the floor, of which nothing is known any more.
    desk.run_well({"prune", "--older-than", "1d", "--yes"});
    const auto left = stored(desk);
    REQUIRE(!left.contains(finished.front()));
    deliver(finished.front());
    CHECK(stored(desk) == left);
  }

  TEST_CASE("forgetting a contact or an address erases what they took part in, and only that") {
    Desk desk;
    desk.run_well({"--db", "clear.db", "sync", "--since", "30d"});
    Desk other;
    other.variables["CSATDB_PRIVACY"] = "none";
    CHECK(other.run({"sync", "--since", "30d"}).code == 2);
    other.run_well({"sync", "--since", "30d", "--yes"});
    struct Row {
      const char* flag;
      std::string value, condition;
    };
    const auto contact = other.value(
        "SELECT external_contact_id FROM participants WHERE external_contact_id IS NOT NULL GROUP "
        "BY 1 ORDER BY count(DISTINCT conversation_key) DESC");
    const auto ani = other.value(
        "SELECT ani FROM sessions JOIN participants USING (conversation_key, participant_no) WHERE "
        "ani LIKE 'tel:%' AND purpose = 'customer' ORDER BY 1");
    REQUIRE(!contact.empty());
    REQUIRE(!ani.empty());
    for (const auto& row :
         {Row{"--contact", contact,
              fmt::format("SELECT conversation_key FROM participants WHERE external_contact_id = "
                          "'{}'",
                          contact)},
          Row{"--address", ani.substr(4, 3) + " " + ani.substr(7),
              fmt::format("SELECT conversation_key FROM sessions WHERE '{0}' IN (ani, dnis, "
                          "session_dnis, remote, address_from, address_to, address_self, "
                          "address_other)",
                          ani)}}) {
      CAPTURE(row.flag);
      const auto theirs = other.rows(
          fmt::format("SELECT conversation_id FROM conversations WHERE conversation_key IN ({})",
                      row.condition));
      REQUIRE(!theirs.empty());
      for (Desk* each : {&desk, &other}) {
        const std::string file = each == &desk ? "clear.db" : "csat.db";
        auto expected = stored(*each, file);
        for (const auto& id : theirs) expected.erase(id);
        each->run_well({"--db", file, "forget", row.flag, row.value, "--yes"});
        CHECK(stored(*each, file) == expected);
        CHECK(!contains(each->bytes(file), row.value));
      }
    }
    CHECK(!contains(other.bytes(), ani));
    // The pseudonym that stood for the address in the other file has gone with it.
    CHECK(desk.value("SELECT count(*) FROM sync_tombstones WHERE kind = 'address'", "clear.db") ==
          "1");
  }

  TEST_CASE("a forgotten contact keeps its earlier conversations out, and lets later ones in") {
    // The same days with and without the erasure, synced from the newest day only at first.
    Desk desk(Desk::organisation(6, 240));
    desk.alter = share_contact;
    desk.variables["CSATDB_PRIVACY"] = "none";
    desk.now.set(Desk::kNow - std::chrono::days(3));
    desk.run_well({"sync", "--since", "1d", "--yes"});
    Desk all(Desk::organisation(6, 240));
    all.alter = share_contact;
    all.variables["CSATDB_PRIVACY"] = "none";
    all.now.set(Desk::kNow);
    all.run_well({"sync", "--since", "30d", "--yes"});
    // Who called both before that and after it.
    const auto split = base::to_ms(Desk::kNow - std::chrono::days(3));
    const auto contact = all.value(
        fmt::format("SELECT p.external_contact_id FROM participants p JOIN conversations c USING "
                    "(conversation_key) WHERE p.external_contact_id IS NOT NULL GROUP BY 1 HAVING "
                    "min(c.started_ms) < {0} - 1.3 * 86400000 AND max(c.started_ms) > {0} LIMIT 1",
                    split));
    REQUIRE(!contact.empty());
    const auto of_contact = [&](const Desk& where, const std::string& test) {
      return where.rows(fmt::format(
          "SELECT DISTINCT conversation_id FROM conversations JOIN participants USING "
          "(conversation_key) WHERE external_contact_id = '{}' AND started_ms {} {} ORDER BY 1",
          kContact, test, split));
    };
    desk.run_well({"forget", "--contact", kContact, "--yes"});
    desk.now.set(Desk::kNow);
    desk.run_well({"sync", "--since", "30d"});
    CHECK(!of_contact(all, "<").empty());
    CHECK(of_contact(desk, "<").empty());
    CHECK(!of_contact(desk, ">").empty());
    CHECK(of_contact(desk, ">") == of_contact(all, ">"));
    for (const auto& id : of_contact(all, "<")) {
      CHECK(desk.rows(fmt::format("SELECT scope FROM sync_scopes WHERE scope = '{0}' UNION ALL "
                                  "SELECT key FROM sync_heard WHERE key LIKE '{0}%' UNION ALL "
                                  "SELECT conversation_id FROM conversations WHERE conversation_id "
                                  "= '{0}'",
                                  id))
                .empty());
    }
  }

  TEST_CASE("what is pruned does not come back, and its days are not asked for again") {
    Desk desk(Desk::organisation(8, 400));
    desk.alter = mark_texts;
    desk.run_well({"sync", "--since", "30d"});
    const auto floor = Desk::kNow - std::chrono::days(3) - std::chrono::hours(6);
    const auto where = fmt::format("WHERE started_ms < {}", base::to_ms(floor));
    const auto old = desk.rows("SELECT conversation_id FROM conversations " + where);
    const auto old_with_comment = desk.rows(fmt::format(
        "SELECT conversation_id FROM fact_surveys {} AND comments LIKE 'said%'", where));
    REQUIRE(old.size() > 50);
    REQUIRE(!old_with_comment.empty());
    const auto kept = stored(desk).size() - old.size();

    const auto counted = desk.run_well({"prune", "--older-than", "3d"});
    CHECK(contains(counted.out, fmt::format("{} conversations", old.size())));
    CHECK(stored(desk).size() == kept + old.size());
    desk.run_well({"prune", "--older-than", "3d", "--yes"});
    CHECK(stored(desk).size() == kept);
    for (const auto& id : old) CHECK(!contains(desk.bytes(), id));
    for (const auto& id : old_with_comment)
      CHECK(!contains(desk.bytes(), "said" + without_dashes(id)));

    desk.service.forget_seen();
    desk.run_well({"sync", "--since", "60d"});
    let_days_pass(desk, 2);
    CHECK(desk.rows("SELECT 1 FROM conversations " + where).empty());
    CHECK(desk.rows("SELECT 1 FROM surveys s LEFT JOIN conversations c USING (conversation_key) "
                    "WHERE c.conversation_key IS NULL OR c.payload_hash IS NULL")
              .empty());
    CHECK(desk.value("SELECT min(scope) FROM sync_scopes WHERE resource = 'conversations'") ==
          base::to_date(base::day_of(floor)));
    CHECK(desk.value("SELECT act || ' ' || detail || ' ' || (rows_removed > 50) FROM sync_audit") ==
          fmt::format("prune before {} 1", base::to_date(base::day_of(floor))));
  }

  TEST_CASE("retention prunes at the end of each sync, and fetches nothing below its floor") {
    Desk desk(Desk::organisation(8, 400));
    desk.run_well({"sync", "--since", "30d"});
    const auto before = stored(desk);
    desk.variables["CSATDB_RETENTION"] = "4d";
    desk.run_well({"sync"});
    const auto oldest = [&] { return desk.value("SELECT min(started_at) FROM conversations"); };
    CHECK(oldest().substr(0, 10) == base::to_date(base::day_of(Desk::kNow) - std::chrono::days(4)));
    const auto after = stored(desk);
    for (const auto& id : before) {
      if (!after.contains(id)) CHECK(!contains(desk.bytes(), id));
    }
    let_days_pass(desk, 2);
    CHECK(oldest().substr(0, 10) == base::to_date(base::day_of(Desk::kNow) - std::chrono::days(2)));
    CHECK(desk.value("SELECT count(*) FROM sync_audit WHERE act = 'prune'") == "3");
    // Without it the floor stays where it was.
    desk.variables.erase("CSATDB_RETENTION");
    desk.run_well({"sync", "--since", "30d"});
    CHECK(oldest().substr(0, 10) == base::to_date(base::day_of(Desk::kNow) - std::chrono::days(2)));
  }

  TEST_CASE(
      "an erasure that was cut short before the file was rewritten is finished by the next run") {
    Desk desk(Desk::organisation(2, 60));
    desk.run_well({"sync", "--since", "30d"});
    const auto id = desk.value("SELECT conversation_id FROM conversations");
    {
      warehouse::Warehouse store({(desk.folder / "csat.db").string()});
      std::ifstream file(desk.home / ".config/csatdb/privacy.key");
      std::string digits;
      file >> digits;
      std::string key;
      for (std::size_t i = 0; i < digits.size(); i += 2)
        key += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
      store.use({std::nullopt, key, std::nullopt});
      const std::vector<warehouse::Person> whose{{warehouse::Erased::Kind::conversation, id}};
      auto selection = warehouse::select(store, whose, resources::kConversations);
      warehouse::forget(store, selection, whose, desk.now.now());
      CHECK(warehouse::compaction_due(store).has_value());
    }
    desk.run_well({"sync"});
    CHECK(desk.value("SELECT value FROM sync_meta WHERE key = 'compaction_due'").empty());
    CHECK(!contains(desk.bytes(), id));
  }

  TEST_CASE("an erasure raises the version, so that publishing sees a change") {
    Desk desk(Desk::organisation(2, 60));
    desk.run_well({"sync", "--since", "30d"});
    const auto version =
        std::stoll(desk.value("SELECT value FROM sync_meta WHERE key = 'version'"));
    const auto id = desk.value("SELECT conversation_id FROM conversations");
    desk.run_well({"forget", "--conversation", id, "--yes"});
    CHECK(std::stoll(desk.value("SELECT value FROM sync_meta WHERE key = 'version'")) > version);
  }

  TEST_CASE("a person's data are written to files of their own, and nobody else's") {
    Desk desk(Desk::organisation(3, 120));
    desk.alter = mark_texts;
    desk.run_well({"sync", "--since", "30d"});
    const auto ids = commented(desk);
    REQUIRE(ids.size() > 1);
    CHECK(contains(desk.run_well({"subject", "--conversation", ids[0]}).out, "1 conversation ("));
    const auto told = desk.run_well({"subject", "--conversation", ids[0], "-o", "theirs"});
    CHECK(contains(told.out, "Wrote "));
    std::string all;
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(desk.folder / "theirs")) {
      std::ifstream in(entry.path());
      std::ostringstream text;
      text << in.rdbuf();
      all += text.str();
      names.insert(entry.path().filename().string());
      CHECK((std::filesystem::status(entry.path()).permissions() &
             std::filesystem::perms::others_all) == std::filesystem::perms::none);
      std::istringstream lines(text.str());
      for (std::string line; std::getline(lines, line);)
        CHECK((contains(line, ids[0]) || contains(line, "\"survey_id\"")));
    }
    for (const char* name : {"conversations.ndjson", "participants.ndjson", "sessions.ndjson",
                             "surveys.ndjson", "survey_answers.ndjson", "survey_facts.ndjson"})
      CHECK(names.contains(name));
    CHECK(contains(all, "said" + without_dashes(ids[0])));
    CHECK(!contains(all, "said" + without_dashes(ids[1])));
    CHECK(!contains(all, ids[1]));
    CHECK(desk.rows("SELECT 1 FROM sync_audit WHERE act = 'subject'").size() == 1);
    CHECK(desk.run({"subject", "--conversation", ids[0], "-o", "theirs"}).code == 2);
  }

  TEST_CASE("ids come from a file or standard input; nobody named is a mistake") {
    Desk desk(Desk::organisation(2, 60));
    desk.run_well({"sync", "--since", "30d"});
    const auto ids = desk.rows("SELECT conversation_id FROM conversations LIMIT 3");
    desk.folder.write("ids.txt", ids[0] + "\r\n\n  " + ids[1] + "\n");
    desk.run_well({"forget", "--ids", "ids.txt", "--yes"});
    desk.typed = ids[2];
    desk.run_well({"forget", "--ids", "-", "--yes"});
    for (const auto& id : ids) CHECK(!stored(desk).contains(id));
    CHECK(desk.run({"forget", "--yes"}).code == 2);
    CHECK(desk.run({"forget", "--address", " ", "--yes"}).code == 2);
    CHECK(desk.run({"forget", "--ids", "absent.txt", "--yes"}).code == 2);
    CHECK(desk.run({"--db", "absent.db", "forget", "--conversation", "x", "--yes"}).code == 2);
    CHECK(!std::filesystem::exists(desk.folder / "absent.db"));
    CHECK(desk.run({"prune", "--older-than", "soon", "--yes"}).code == 2);
  }

  TEST_CASE("the key is made once, must be private, and must be the warehouse's own") {
    Desk desk(Desk::organisation(2, 60));
    desk.run_well({"sync", "--since", "30d"});
    const auto key = desk.home / ".config/csatdb/privacy.key";
    struct stat facts {};
    REQUIRE(stat(key.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0600U);
    std::ifstream file(key);
    std::string digits;
    file >> digits;
    CHECK(digits.size() == 64);
    CHECK(!contains(desk.bytes(), digits));

    chmod(key.c_str(), 0644);
    CHECK(contains(desk.run({"sync"}).err, "others can read it"));
    desk.home.write(".config/csatdb/privacy.key", "short\n");
    CHECK(contains(desk.run({"sync"}).err, "is no privacy key"));
    desk.home.write(".config/csatdb/privacy.key", std::string(64, 'a') + "\n");
    CHECK(contains(desk.run({"sync"}).err, "not the one this warehouse was written with"));
    std::filesystem::remove(key);
    CHECK(contains(desk.run({"sync"}).err, "restore it from a backup"));
    CHECK(desk.run({"forget", "--conversation", "x", "--yes"}).code == 2);
    desk.home.write("elsewhere/key", digits + "\n");
    desk.variables["CSATDB_PRIVACY_KEY_FILE"] = "~/elsewhere/key";
    desk.run_well({"sync"});
    CHECK(!std::filesystem::exists(key));
  }
}

}  // namespace csatdb::tests
