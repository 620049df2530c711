#pragma once

#include <string>

namespace csatdb::bench {

/// Prints how long each report, the dashboard and the status of a warehouse take, beside a scan of
/// all its interactions. What they write goes to `folder`.
void reports(const std::string& program, const std::string& path, const std::string& folder);

}  // namespace csatdb::bench
