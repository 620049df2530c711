#include "warehouse/survey_status.hpp"

#include <array>
#include <cctype>

namespace csatdb::warehouse {
namespace {

struct Known {
  std::string_view name;
  int rank;
  bool is_final;
};
constexpr std::array kStatuses{Known{"Pending", 0, false},    Known{"Sent", 1, false},
                               Known{"InProgress", 2, false}, Known{"OptOut", 3, true},
                               Known{"Error", 3, true},       Known{"Expired", 3, true},
                               Known{"Finished", 4, true}};

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c)) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

const Known* known(std::string_view status) {
  const std::string wanted = folded(status);
  for (const Known& candidate : kStatuses) {
    if (folded(candidate.name) == wanted) return &candidate;
  }
  return nullptr;
}

}  // namespace

std::string canonical_status(std::string_view status) {
  const Known* found = known(status);
  return std::string(found != nullptr ? found->name : status);
}

std::string merged_status(std::string_view quality, std::string_view record) {
  if (folded(quality).empty()) return canonical_status(record);
  if (folded(record).empty()) return canonical_status(quality);
  const Known* first = known(quality);
  const Known* second = known(record);
  const int quality_rank = first != nullptr ? first->rank : -1;
  const int record_rank = second != nullptr ? second->rank : -1;
  return canonical_status(record_rank > quality_rank ? record : quality);
}

bool is_final_status(std::string_view canonical) {
  const Known* found = known(canonical);
  return found != nullptr && found->is_final;
}

}  // namespace csatdb::warehouse
