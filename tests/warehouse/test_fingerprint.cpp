#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "warehouse/warehouse.hpp"

namespace csatdb::tests {
namespace {

using warehouse::fingerprint;

/// An element with the attributes at a place of its participant.
std::string with(const std::string& member, int place) {
  const std::vector<std::string> others{R"("purpose":"customer")",
                                        R"("name":"a \"{attributes}\" b")"};
  std::string all;
  for (int i = 0; i <= 2; ++i) {
    if (i == place && !member.empty()) all += (all.empty() ? "" : ",") + member;
    if (i < 2) all += (all.empty() ? "" : ",") + others[static_cast<std::size_t>(i)];
  }
  return R"({"id":"1","participants":[{)" + all + "}]}";
}

}  // namespace

TEST_SUITE("warehouse") {
  TEST_CASE("participant attributes change no fingerprint but their own, wherever they stand") {
    const auto bare = fingerprint(with("", 0), 7);
    CHECK((bare.attributes == model::Digest{}));
    for (const char* member :
         {R"("attributes":{})", R"("attributes":{"Priority":"high"})", "\"attributes\" : \n{ }",
          R"("attributes":{"a":"}","b":"\"}{","c":{"d":"x\\"}})"}) {
      for (const int place : {0, 1, 2}) {
        const auto text = with(member, place);
        CAPTURE(text);
        const auto print = fingerprint(text, 7);
        CHECK((print.content == bare.content));
        CHECK(!(print.attributes == model::Digest{}));
        CHECK((print.attributes == fingerprint(with(member, 2 - place), 7).attributes));
      }
    }
    CHECK(!(fingerprint(with(R"("attributes":{"a":"1"})", 0), 7).attributes ==
            fingerprint(with(R"("attributes":{"a":"2"})", 0), 7).attributes));
    CHECK(!(fingerprint(with("", 0), 8).content == bare.content));
  }

  TEST_CASE("what only looks like participant attributes counts as content") {
    const std::vector<std::string> texts{
        R"({"a":"attributes"})",      R"({"a":"\"attributes\":{}"})",
        R"({"a":["attributes",{}]})", R"({"attributes":null})",
        R"({"attributes":"x"})",      R"({"attributes":{"a":)",
        R"({"attributes":{"a":"\)",   R"({"attributes")",
        R"({"attributes":)"};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CAPTURE(texts[i]);
      CHECK((fingerprint(texts[i], 1).attributes == model::Digest{}));
      for (std::size_t j = 0; j < i; ++j)
        CHECK(!(fingerprint(texts[i], 1).content == fingerprint(texts[j], 1).content));
    }
  }
}

}  // namespace csatdb::tests
