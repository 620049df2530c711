#include <algorithm>
#include <string>

#include "api/hosts.hpp"
#include "cli/extract_ids.hpp"
#include "fuzz/target.hpp"
#include "report/search.hpp"
#include "support/small_warehouse.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;

void check(const api::Hosts& hosts) {
  for (const auto& url : {hosts.api, hosts.token_url}) {
    require(url.starts_with("https://") || url.starts_with("http://"), "a host is a URL");
    require(std::ranges::all_of(url, [](unsigned char c) { return c > ' ' && c < 0x7F; }),
            "a URL is plain text");
  }
}

void ids(std::string_view input) {
  for (const auto& id : cli::checked_ids(cli::ids_of_text(input))) {
    require(id.place >= 1 && id.first >= 1 && id.first <= id.place, "an id has its place");
    require(id.is_asked_for() == id.note().empty(), "what is not asked for has a reason");
  }
}

}  // namespace

void typed(std::string_view input) {
  is_taken({Fault::usage}, [&] { check(api::hosts_of_url(input)); });
  is_taken({Fault::usage}, [&] { check(api::hosts_of_region(input)); });
  ids(input);

  static const support::TempFolder folder;
  static const warehouse::Reader reader = [] {
    const auto path = (folder / "csat.db").string();
    tests::deliver(path, tests::deliveries());
    return warehouse::Reader(path);
  }();
  for (const bool is_excerpt : {false, true})
    is_taken({Fault::usage}, [&] {
      report::search(reader, {{"words", std::string(input)}}, is_excerpt);
    });
}

}  // namespace csatdb::fuzz
