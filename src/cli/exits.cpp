#include "cli/exits.hpp"

#include <algorithm>
#include <array>

namespace csatdb::cli {
namespace {

constexpr std::array kExits{
    Exit{0, "all due work done"},
    Exit{1, "internal error"},
    Exit{2, "usage or configuration"},
    Exit{3, "done with gaps: some scopes failed, or unexplained differences; the rest is stored"},
    Exit{4, "denied: credentials or a permission, named"},
    Exit{5, "service unavailable after the retry budget, or a wait longer than the cap"},
    Exit{6, "storage: disk full, corrupt, foreign, or written by a newer csatdb"},
    Exit{7, "the service or a file answered something undecodable"},
    Exit{8, "busy: another run holds the warehouse (--wait-lock 10m waits)"},
    Exit{130, "interrupted cleanly"},
};

}  // namespace

std::span<const Exit> exits() { return kExits; }

std::string_view meaning(base::Fault fault) {
  return std::ranges::find(kExits, base::exit_code(fault), &Exit::code)->meaning;
}

}  // namespace csatdb::cli
