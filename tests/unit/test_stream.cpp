#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "http/gunzip.hpp"
#include "http/message.hpp"
#include "json/stream.hpp"

namespace csatdb {
namespace {

constexpr std::array<std::string_view, 2> kArrays{"conversations", "entities"};

/// A text that comes in pieces of so many bytes.
json::Source pieces(const std::string& text, std::size_t size) {
  return [&text, size, at = std::size_t{0}](char* to, std::size_t room) mutable {
    const std::size_t some = std::min({size, room, text.size() - at});
    std::copy_n(text.data() + at, some, to);
    at += some;
    return some;
  };
}

/// "path text" of every element.
std::vector<std::string> elements(const std::string& text, std::size_t size = 7,
                                  std::size_t most = 1 << 20) {
  json::Stream stream(pieces(text, size), kArrays, most);
  std::vector<std::string> found;
  while (const auto element = stream.next()) {
    found.push_back(element->path + " " + element->text);
    CHECK(text.substr(element->offset, element->text.size()) == element->text);
    CHECK(
        element->line ==
        1 + static_cast<std::size_t>(std::count(
                text.begin(), text.begin() + static_cast<std::ptrdiff_t>(element->offset), '\n')));
  }
  return found;
}

std::string refusal(const std::string& text, std::size_t most = 1 << 20) {
  try {
    elements(text, 5, most);
  } catch (const base::Error& error) {
    CHECK(error.fault() == base::Fault::undecodable);
    return error.what();
  }
  return "accepted";
}

TEST_SUITE("unit") {
  TEST_CASE("a stream finds the objects of pages, arrays and lines, whatever pieces it comes in") {
    using Found = std::vector<std::string>;
    const std::string page =
        "{\"totalHits\": 2,\n \"conversations\" : [ {\"a\":\"]}\\\"\"} ,\n{\"b\":[{}]}], "
        "\"cursor\":\"x\"}";
    const std::string a = "{\"a\":\"]}\\\"\"}";
    for (const std::size_t size : {1U, 2U, 3U, 5U, 11U, 1000U}) {
      CHECK(elements(page, size) ==
            Found{"$.conversations[0] " + a, "$.conversations[1] {\"b\":[{}]}"});
      CHECK(elements("[" + a + ", {}]\n", size) == Found{"$[0] " + a, "$[1] {}"});
      CHECK(elements(a + "\n" + a + "\n\n" + a, size) == Found{"$ " + a, "$ " + a, "$ " + a});
      CHECK(elements("[" + page + "]" + page, size) ==
            Found{"$[0].conversations[0] " + a, "$[0].conversations[1] {\"b\":[{}]}",
                  "$.conversations[0] " + a, "$.conversations[1] {\"b\":[{}]}"});
      CHECK(elements("\xEF\xBB\xBF {\"entities\":[]} null []", size).empty());
    }
  }

  TEST_CASE("a stream names the members of an object, and the texts that are no escapes") {
    const std::string text = R"({"id":"x","n":1,"e":"a\"b","o":{"id":"inner"}})";
    json::Stream stream(pieces(text, 3), kArrays, 1 << 20);
    const auto element = stream.next();
    REQUIRE(element);
    REQUIRE(element->find("id") != nullptr);
    CHECK(element->find("id")->text == "x");
    CHECK(element->find("n")->text.empty());
    CHECK(element->find("e")->text.empty());
    CHECK(element->find("inner") == nullptr);
    CHECK(element->members.size() == 4);
  }

  TEST_CASE("a broken stream is refused with line and byte") {
    CHECK(refusal("") == "line 1, byte 0: malformed JSON: it holds no JSON");
    CHECK(refusal(" \n ") == "line 2, byte 3: malformed JSON: it holds no JSON");
    CHECK(refusal("{\"a\":1}\n\n  7").starts_with("line 3, byte 11: malformed JSON: $: an object"));
    CHECK(refusal("[{} {}]").starts_with("line 1, byte 4: malformed JSON: ','"));
    CHECK(refusal("[{},]").find("$[1]: an object or a list of objects") != std::string::npos);
    CHECK(refusal("[[{}]]").find("$[0]: a list where an object is expected") != std::string::npos);
    CHECK(refusal("[null]").find("an object or a list of objects is expected") !=
          std::string::npos);
    CHECK(refusal("{\"a\":").find("it ends where a value is expected") != std::string::npos);
    CHECK(refusal("{\"a\":\"b").find("a text without end") != std::string::npos);
    CHECK(refusal("{\"a\":[}").find("brackets that do not match") != std::string::npos);
    CHECK(refusal("{\"conversations\":[{}").find("it ends where") != std::string::npos);
    CHECK(refusal("{\"conversations\":[],\"entities\":[]}").find("two lists") != std::string::npos);
  }

  TEST_CASE("a stream bounds depth and the size of one object") {
    CHECK(refusal("{\"a\":" + std::string(100'000, '[')).find("nested deeper") !=
          std::string::npos);
    CHECK(refusal("{\"a\":\"" + std::string(3 << 20, 'x') + "\"}", 1 << 20)
              .find("an object of more than 1 MB") != std::string::npos);
    // Of a page only one element stands in memory: the page may be as large as it likes.
    std::string page = "{\"conversations\":[{}";
    for (int i = 0; i < 3000; ++i) page += ",{\"a\":\"" + std::string(1000, 'x') + "\"}";
    CHECK(elements(page + "]}", 100'000, 1 << 20).size() == 3001);
  }

  TEST_CASE("gzip is unpacked piece by piece, its members one after the other") {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919);
    const std::string packed = http::gzip(text) + http::gzip("and more");
    for (const std::size_t size : {1U, 13U, 100'000U}) {
      http::Gunzip gunzip(pieces(packed, size));
      std::string plain;
      std::array<char, 1000> some{};
      while (const std::size_t got = gunzip.read(some.data(), some.size())) {
        CHECK(got <= some.size());
        plain.append(some.data(), got);
      }
      CHECK(plain == text + "and more");
    }
  }

  TEST_CASE("gzip that is cut or damaged is refused, a bomb only costs time") {
    const auto drain = [](const std::string& packed) {
      http::Gunzip gunzip(pieces(packed, 1000));
      std::array<char, 4096> some{};
      std::size_t all = 0;
      while (const std::size_t got = gunzip.read(some.data(), some.size())) all += got;
      return all;
    };
    const std::string packed = http::gzip(std::string(20 << 20, '\0'));
    CHECK(packed.size() < 100'000);
    CHECK(drain(packed) == 20U << 20U);
    CHECK_THROWS_WITH_AS(drain(packed.substr(0, packed.size() - 1)),
                         doctest::Contains("ends too early"), base::Error);
    std::string damaged = packed;
    damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
    CHECK_THROWS_WITH_AS(drain(damaged), doctest::Contains("damaged"), base::Error);
  }
}

}  // namespace
}  // namespace csatdb
