#include "cli/version.hpp"

#include <fmt/format.h>

#include "base/library.hpp"
#include "base/version.hpp"
#include "cli/library.hpp"
#include "http/library.hpp"
#include "json/library.hpp"
#include "publish/library.hpp"
#include "warehouse/library.hpp"

namespace csatdb::cli {

std::string version_text(bool with_libraries) {
  std::string text = fmt::format("csatdb {}\n", base::version());
  if (!with_libraries) return text;
  for (const auto& room : {base::libraries(), http::libraries(), json::libraries(),
                           warehouse::libraries(), publish::libraries(), cli::libraries()}) {
    for (const auto& [name, version] : room) text += fmt::format("{:<20} {}\n", name, version);
  }
  return text;
}

}  // namespace csatdb::cli
