#pragma once

#include <string>
#include <vector>

namespace csatdb::base {

/// A library in use. The version is that of the loaded library where it can be asked, else of its
/// headers.
struct Library {
  std::string name;
  std::string version;
};

/// What this room is built on; every room that includes a third party's header has such a function.
std::vector<Library> libraries();

}  // namespace csatdb::base
