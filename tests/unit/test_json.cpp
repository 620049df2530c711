#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

using namespace csatdb;
using json::Document;

namespace {

std::string error_of(const std::string& text, auto&& use) {
  Document document;
  try {
    use(document.parse(text));
  } catch (const base::Error& e) {
    CHECK(e.fault() == base::Fault::undecodable);
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_SUITE("unit") {
  TEST_CASE("an error names the JSON path") {
    const std::string text = R"({"a":[{"b":1},{"b":"x"}]})";
    CHECK(error_of(text, [](auto v) { v["a"].elements()[1]["b"].integer(); }) ==
          "$.a[1].b: text where a number is expected");
    CHECK(error_of(text, [](auto v) { v["a"].elements()[0]["c"].text(); }) == "$.a[0].c: missing");
    CHECK(error_of(text, [](auto v) { v["a"].elements()[1]["b"].instant(); }) ==
          "$.a[1].b: 'x' is no ISO-8601 instant");
  }
  TEST_CASE("malformed, deeply nested and badly encoded texts are refused") {
    for (const std::string& bad :
         {std::string("{"), std::string("{} x"), std::string("\"\xff\""), std::string("1e999"),
          std::string(100, '[') + std::string(100, ']'), std::string(200000, '[')}) {
      Document document;
      CHECK_THROWS_AS(document.parse(bad), base::Error);
    }
  }
  TEST_CASE("a character that is none is refused, wherever the text ends") {
    Document document;
    for (const std::string lead : {"\xC3", "\xE2", "\xE2\x82", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                   "\xF3", "\xF4\x90\x80\x80", "\xC0\xAF", "\xFF"}) {
      for (const std::string after : {"", "\"", "x\"", "\"}"}) {
        CHECK_THROWS_AS(document.parse("\"" + lead + after), base::Error);
        std::string text = "\"" + lead + after;
        CHECK_THROWS_AS(document.parse_in_place(text.data(), text.size()), base::Error);
      }
    }
    for (const char* whole : {"\"\xC2\x80\"", "\"\xE0\xA0\x80\"", "\"\xED\x9F\xBF\"",
                              "\"\xEF\xBF\xBF\"", "\"\xF0\x90\x80\x80\"", "\"\xF4\x8F\xBF\xBF\""})
      CHECK(document.parse(whole).dump() == whole);
  }
  TEST_CASE("half a surrogate pair, of a text that was cut, reads as the replacement character") {
    const std::string replaced = "\xEF\xBF\xBD", smile = "\xF0\x9F\x98\x80";
    const std::vector<std::pair<const char*, std::string>> texts{
        {R"("\ud83d")", replaced},
        {R"("cut \uD83D")", "cut " + replaced},
        {R"("\ude00")", replaced},
        {R"("\ud83dx")", replaced + "x"},
        {R"("\ude00\ud83d")", replaced + replaced},
        {R"("\ud83d\ud83d\ude00\ude00")", replaced + smile + replaced},
        {R"("\ud83d\n\ude00")", replaced + "\n" + replaced},
        {R"("\uD83D\uDE00")", smile},
        {R"("\ud7ff\ue000")", "\xED\x9F\xBF\xEE\x80\x80"},
        {R"("\\ud83d")", "\\ud83d"},
        {R"("\\\ud83d")", "\\" + replaced}};
    Document document;
    for (const auto& [text, read] : texts) {
      CAPTURE(text);
      CHECK(document.parse(text).text() == read);
    }
    for (const char* broken : {R"("\ud83")", R"("\ud8zz")", R"("\ud83d)", R"("\ud83d\)", R"("\u)"})
      CHECK_THROWS_AS(document.parse(broken), base::Error);
  }
  TEST_CASE("zero is zero, whatever its exponent") {
    Document document;
    for (const char* zero : {"0e111", "-0e-400", "0.000e99", "0E-8"})
      CHECK(document.parse(zero).real() == 0);
  }
  TEST_CASE("a number too large for any type is refused with its place, a tiny one is zero") {
    Document document;
    for (const char* number : {"1e400", "-1e400", "123456789e999", "1E309"})
      CHECK_THROWS_WITH_AS(document.parse("{\"a\":[0," + std::string(number) + "]}"),
                           doctest::Contains("too big"), base::Error);
    CHECK(document.parse("1e-400").real() == 0);
    CHECK(document.parse("1e308").real() == 1e308);
  }
  TEST_CASE("control characters are escaped wherever they stand in a text") {
    for (char c = 1; c < 0x20; ++c) {
      // Long texts are scanned in blocks of 16 bytes.
      for (const std::size_t before : {0U, 7U, 16U, 40U}) {
        const std::string text = std::string(before, 'x') + c + std::string(20, 'y');
        const std::string written = json::Writer().text(text).str();
        CHECK(written.find(c) == std::string::npos);
        Document document;
        CHECK(document.parse(written).text() == text);
        CHECK(document.parse("[" + written + "]").dump() == "[" + written + "]");
      }
    }
  }
  TEST_CASE("a page is cut at its elements") {
    const std::string body =
        R"( {"totalHits":2, "list":[ {"x":{"id":"no"},"id":"a","t":"]}\""} , {"id":"b"}], "cursor":"c"} )";
    const auto page = json::split(body, "list", "id");
    REQUIRE(page.elements.size() == 2);
    CHECK(page.elements[0].id == "a");
    CHECK(page.elements[1].id == "b");
    CHECK(body.substr(page.elements[1].begin, page.elements[1].end - page.elements[1].begin) ==
          R"({"id":"b"})");
    CHECK(page.envelope == R"({"totalHits":2,"cursor":"c"})");
    CHECK(json::split("[]", "", "id").elements.empty());
    CHECK(json::split("null", "", "id").elements.empty());
    CHECK(json::split(R"({"list":null})", "list", "id").elements.empty());
    CHECK(json::split("{}", "list", "id").elements.empty());
  }
  TEST_CASE("a page with broken structure is refused wherever it is cut") {
    const std::string body = R"({"a":1,"list":[{"id":"a","t":[1,2]},{"id":"b"}]})";
    for (std::size_t n = 0; n < body.size(); ++n)
      CHECK_THROWS_AS(json::split(body.substr(0, n), "list", "id"), base::Error);
    CHECK_THROWS_AS(json::split(body + "x", "list", "id"), base::Error);
    CHECK_THROWS_AS(json::split(R"({"list":[{"id":]}]})", "list", "id"), base::Error);
  }
  TEST_CASE("elements parse in place, one after the other") {
    std::string body = R"([{"t":"a\nb"},{"t":"c"}])";
    const auto page = json::split(body, "", "id");
    Document document;
    std::vector<std::string> texts;
    for (const auto& e : page.elements)
      texts.emplace_back(
          document.parse_in_place(body.data() + e.begin, e.end - e.begin)["t"].text());
    CHECK(texts == std::vector<std::string>{"a\nb", "c"});
  }
  TEST_CASE("bytes that no JSON text holds are refused wherever they stand") {
    Document document;
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string start = "[\"" + std::string(before, 'x');
      for (const std::string foreign :
           {"\xC3", "\xE2\x82", "\xED\xA0\x80", "\xFF", "\x1A", "\x1F", "\n"}) {
        for (const char* rest : {"\"]", "and more than a word of it\"]"})
          CHECK_THROWS_AS(document.parse(start + foreign + rest), base::Error);
      }
      CHECK_THROWS_AS(document.parse(start + std::string(1, '\0') + "\"]"), base::Error);
      for (const std::string fine : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\x7F"})
        CHECK(document.parse(start + fine + "\"]").elements()[0].text() == start.substr(2) + fine);
    }
  }
  TEST_CASE("what is written is valid JSON, whatever the text") {
    json::Writer w;
    w.begin_object()
        .member("a\xff", "b\xff\"")
        .member("n", 1)
        .key("x")
        .real(0.0 / 0.0)
        .end_object();
    Document document;
    const auto v = document.parse(w.str());
    CHECK(v["n"].integer() == 1);
    CHECK(v["a\xEF\xBF\xBD"].text() == "b\xEF\xBF\xBD\"");
    CHECK(v["x"].kind() == json::Kind::null);
  }
  TEST_CASE("the writer keeps what the reader takes for a character, and replaces the rest") {
    Document document;
    const std::string seconds("\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xFF", 9),
        others("\x7F\x80\xBF\xC0", 4);
    for (int lead = 0x80; lead <= 0xFF; ++lead)
      for (const char second : seconds)
        for (const char third : others)
          for (const char fourth : others) {
            const std::string text = {'x', static_cast<char>(lead), second, third, fourth, 'y'};
            const auto written = json::Writer().text(text).str();
            const std::string read(document.parse(written).text());
            bool is_fine = true;
            try {
              document.parse('"' + text + '"');
            } catch (const base::Error&) {
              is_fine = false;
            }
            REQUIRE((read == text) == is_fine);
            REQUIRE(read.starts_with('x'));
            REQUIRE(read.ends_with('y'));
          }
  }
}
