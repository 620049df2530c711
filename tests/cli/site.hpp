#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "json/reader.hpp"
#include "sim/truth.hpp"
#include "support/desk.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::support {

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A desk whose organisation has a few days more, with what most commands are tried by.
class Site : public Desk {
 public:
  static constexpr int kDays = 8;

  explicit Site(sim::Options options = {}, const sim::Organisation& o = organisation())
      : Desk(o, std::move(options)) {}

  static sim::Organisation organisation() { return Desk::organisation(kDays, 400); }

  /// A first sync of the organisation's days, which must end with `code`.
  void sync(int code = 0) {
    const auto result = run({"-q", "sync", "--since", std::to_string(kDays) + "d"});
    REQUIRE_MESSAGE(result.code == code, result.err);
  }
  std::string path() const { return (folder / "csat.db").string(); }
  /// The warehouse, to look into or to bring into a state that takes long to reach.
  std::unique_ptr<warehouse::Warehouse> open() const {
    return std::make_unique<warehouse::Warehouse>(warehouse::Opening{path()});
  }
  /// What a command prints as JSON.
  json::Value json(const std::vector<std::string>& words, int code = 0) {
    const auto result = run(words);
    REQUIRE_MESSAGE(result.code == code, result.err);
    return document_.parse(result.out);
  }

 private:
  json::Document document_;
};

}  // namespace csatdb::support
