#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/log.hpp"
#include "fuzz/target.hpp"

// libFuzzer's entry: CSATDB_FUZZ_TARGET=step csatdb_fuzz CORPUS… looks for bytes that break it.

namespace {

const csatdb::fuzz::Target& chosen() {
  const char* name = std::getenv("CSATDB_FUZZ_TARGET");
  for (const auto& target : csatdb::fuzz::targets())
    if (name != nullptr && target.name == name) return target;
  std::fputs("CSATDB_FUZZ_TARGET must be one of", stderr);
  for (const auto& target : csatdb::fuzz::targets())
    std::fprintf(stderr, " %.*s", static_cast<int>(target.name.size()), target.name.data());
  std::fputs("\n", stderr);
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto& target = []() -> const csatdb::fuzz::Target& {
    csatdb::base::log::configure(csatdb::base::log::Level::off, csatdb::base::log::Format::text);
    return chosen();
  }();
  target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
