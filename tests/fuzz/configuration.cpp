#include <sstream>
#include <string>

#include "cli/identity.hpp"
#include "cli/options.hpp"
#include "fuzz/target.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;

/// Where the file of that name lies under a user's home.
std::string place_of(std::string_view name) {
  if (name == ".env") return ".env";
  if (name == "gc") return ".gc/config.toml";
  return ".config/csatdb/config.toml";
}

void check(const cli::Options& options) {
  require(options.parallel.value >= 1 && options.parallel.value <= 64, "parallel is in its bounds");
  require(options.budget.value > 0 && options.budget.value <= 1, "a budget is a share");
  require(options.rate.value >= 0, "a rate is not negative");
  require(options.horizon.value > base::Millis{0}, "a horizon lies ahead");
  require(options.since.value.ago || base::parse_day(options.since.value.date),
          "a first day is an age or a date");
  for (const auto& measure : options.measures)
    require(!measure.name.empty() && !measure.origin.empty(), "a measure has a name and a place");
}

}  // namespace

void configuration(std::string_view input) {
  const support::TempFolder home;
  home.write(place_of(take_until(input, '\n')), std::string(input));
  std::istringstream in;
  std::ostringstream out;
  const support::FakeClock clock;
  const cli::Process process{
      {{"HOME", home.path().string()}}, home.path(), in, out, out, clock, {}};
  for (const auto& profile : {std::optional<std::string>(), std::optional<std::string>("emea")}) {
    is_taken({Fault::usage}, [&] {
      const auto options = read_options(process, {profile, {}}, {cli::Source::flag, "none", {}});
      check(options);
      // Where the secret comes from is told, the secret itself not fetched: it may be a command.
      (void)hosts(identity(process, options.layers));
    });
  }
  is_taken({Fault::usage}, [&] { (void)profile_names(process, {}); });
}

}  // namespace csatdb::fuzz
