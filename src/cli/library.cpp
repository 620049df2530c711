#include "cli/library.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <CLI/Version.hpp>

namespace csatdb::cli {

std::vector<base::Library> libraries() {
  return {{"CLI11", CLI11_VERSION},
          {"toml++", fmt::format("{}.{}.{}", TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH)}};
}

}  // namespace csatdb::cli
