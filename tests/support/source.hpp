#pragma once

#include <string>

namespace csatdb::support {

/// A file of the checkout, e.g. in_source("README.md"); its root for "".
std::string in_source(const std::string& path);

}  // namespace csatdb::support
