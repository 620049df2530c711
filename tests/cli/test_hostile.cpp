#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>

#include "support/desk.hpp"

namespace csatdb::tests {
namespace {

using support::Desk;

/// Texts that do something where they are not treated as texts, as JSON writes them.
const std::vector<std::string> kTexts{
    "'; DROP TABLE surveys; --",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\\u001b[31mred\\u001b]0;title\\u0007",
    "\\u202egnitirw\\u2066\\u200f",
    "a\\u0008b\\u0000c\\u009bd",
    "=HYPERLINK(\\\"https://evil.example\\\",\\\"x\\\")",
    "+SUM(A1)",
    "-2+3",
    "@cmd|calc",
    "\\t=1+1",
    "[x](javascript:alert(1)) | `x` **b**\\n# head",
    "a,b\\\"c\\r\\nd",
    "\\ud800 alone",
};

/// Puts one text before each value of these members, in turn.
void poison(const http::Request&, std::string& body) {
  std::size_t next = 0;
  for (const std::string member : {"\"name\":\"", "\"freeTextAnswer\":\"", "\"npsTextAnswer\":\"",
                                   "\"participantName\":\"", "\"surveyFormName\":\""}) {
    for (auto at = body.find(member); at != std::string::npos; at = body.find(member, at + 1)) {
      const auto& text = kTexts[next++ % kTexts.size()];
      body.insert(at + member.size(), text);
    }
  }
}

/// What in a text acts on a terminal or turns its direction; empty if nothing does.
std::string acting(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r') || byte == 0x7F) return fmt::format("{:02x}", byte);
  }
  for (const char* bytes : {"\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8F", "\xC2\x9B"}) {
    if (text.find(bytes) != std::string::npos) return "a mark";
  }
  return "";
}

/// The fields of a CSV text that a spreadsheet would calculate.
std::vector<std::string> formulas(const std::string& csv) {
  std::vector<std::string> found;
  std::string field;
  bool is_quoted = false;
  bool is_inside = false;
  const auto end = [&] {
    const auto first = field.find_first_not_of(" \t\r\n");
    const bool is_number =
        !field.empty() && field.find_first_not_of("-.0123456789e") == std::string::npos;
    if (first != std::string::npos && !is_number &&
        std::string("=+-@").find(field[first]) != std::string::npos)
      found.push_back(field);
    field.clear();
    is_quoted = false;
  };
  for (const char c : csv) {
    if (c == '"') {
      is_inside = !is_inside;
      if (is_inside && is_quoted) field += c;
      is_quoted = true;
    } else if (!is_inside && (c == ',' || c == '\n')) {
      end();
    } else if (is_inside || c != '\r') {
      field += c;
    }
  }
  end();
  return found;
}

Desk& hostile() {
  static Desk desk(Desk::organisation(4, 400));
  static const bool is_filled = [] {
    desk.alter = poison;
    desk.run_well({"-q", "sync", "--since", "10d"});
    return true;
  }();
  static_cast<void>(is_filled);
  return desk;
}

std::string output(std::vector<std::string> arguments) { return hostile().run_well(arguments).out; }

const std::vector<std::vector<std::string>> kReports{
    {"report", "verbatims", "--from", "2025-05-01", "--to", "2025-06-01"},
    {"report", "csat-by", "--from", "2025-05-01", "--to", "2025-06-01"},
    {"report", "agent-scorecard", "--from", "2025-05-01", "--to", "2025-06-01"},
    {"report", "queue-performance", "--from", "2025-05-01", "--to", "2025-06-01"}};

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("hostile names and comments are stored as the texts they are") {
    auto& desk = hostile();
    CHECK(desk.value("SELECT count(*) > 50 FROM surveys") == "1");
    CHECK(desk.value("SELECT count(*) > 0 FROM queues WHERE name LIKE '''; DROP TABLE%'") == "1");
    CHECK(desk.value("SELECT count(*) > 0 FROM fact_surveys WHERE comments LIKE '%<script>%' OR "
                     "comments LIKE '%DROP TABLE%' OR comments LIKE '%HYPERLINK%'") == "1");
    CHECK(desk.value("PRAGMA integrity_check") == "ok");
  }

  TEST_CASE("no format of a report lets them act") {
    for (const auto& report : kReports) {
      CAPTURE(report[1]);
      for (const std::string format : {"table", "csv", "json", "markdown"}) {
        CAPTURE(format);
        auto arguments = report;
        arguments.insert(arguments.end(), {"--format", format});
        const auto text = output(arguments);
        CHECK(text.size() > 100);
        CHECK(acting(text) == "");
        if (format == "markdown") {
          CHECK(text.find("<script") == std::string::npos);
          for (auto at = text.find("](java"); at != std::string::npos;
               at = text.find("](java", at + 1))
            CHECK(text[at - 1] == '\\');
        }
      }
      auto safe = report;
      safe.insert(safe.end(), {"--format", "csv", "--csv-safe"});
      CHECK(formulas(output(safe)).empty());
    }
  }

  TEST_CASE("nor does the dashboard") {
    auto& desk = hostile();
    desk.run_well({"dashboard", "-o", "page.html", "--agents", "--verbatims", "--from",
                   "2025-05-01", "--to", "2025-06-01"});
    std::ifstream file(desk.folder / "page.html");
    std::ostringstream page;
    page << file.rdbuf();
    const std::string text = page.str();
    CHECK(text.find("DROP TABLE") != std::string::npos);
    CHECK(text.find("<script>alert") == std::string::npos);
    CHECK(text.find("<img src=x") == std::string::npos);
    CHECK(acting(text) == "");
  }

  TEST_CASE("nor does a search") {
    for (const std::string format : {"table", "csv", "json", "markdown"}) {
      CAPTURE(format);
      CHECK(acting(output({"search", "alert", "--format", format})) == "");
    }
    CHECK(formulas(output({"search", "HYPERLINK", "--format", "csv", "--csv-safe"})).empty());
    // The words sought are no query language of the database.
    for (const char* words : {"\"", "a OR", "NEAR(", "'; DROP TABLE surveys; --", "comments:x*"}) {
      CAPTURE(words);
      const auto code = hostile().run({"search", "--", words}).code;
      CHECK((code == 0 || code == 2));
    }
  }

  TEST_CASE("nor does an export that is asked to be safe, and NDJSON never does") {
    for (const std::string view :
         {"fact_surveys", "dim_queues", "dim_agents", "fact_survey_answers"}) {
      CAPTURE(view);
      const auto csv = output({"export", view, "--format", "csv", "--csv-safe"});
      CHECK(acting(csv) == "");
      CHECK(formulas(csv).empty());
      CHECK(acting(output({"export", view, "--format", "ndjson"})) == "");
    }
  }

  TEST_CASE("nor does what sync, status and forget say") {
    auto& desk = hostile();
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"status"}, {"status", "--json"}, {"forget", "--address", "\x1b[31m=1+1"}}) {
      const auto result = desk.run(arguments);
      CHECK(acting(result.out + result.err) == "");
    }
  }
}

}  // namespace csatdb::tests
