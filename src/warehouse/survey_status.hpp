#pragma once

#include <string>
#include <string_view>

namespace csatdb::warehouse {

/// A survey status in the service's own spelling: blanks and case do not count, unknown ones stay
/// verbatim.
std::string canonical_status(std::string_view status);
/// The status that counts of two sources', "" where one says nothing: the later in Pending < Sent <
/// InProgress < OptOut, Error, Expired < Finished; a known one before an unknown one; else the
/// quality API's.
std::string merged_status(std::string_view quality, std::string_view record);
/// Whether nothing more is to come: Finished, OptOut, Error or Expired.
bool is_final_status(std::string_view canonical);

}  // namespace csatdb::warehouse
