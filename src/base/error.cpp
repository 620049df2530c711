#include "base/error.hpp"

namespace csatdb::base {

int exit_code(Fault fault) {
  switch (fault) {
    case Fault::internal: return 1;
    case Fault::usage: return 2;
    case Fault::gaps: return 3;
    case Fault::denied: return 4;
    case Fault::unavailable: return 5;
    case Fault::storage: return 6;
    case Fault::undecodable: return 7;
    case Fault::busy: return 8;
    case Fault::interrupted: return 130;
  }
  return 1;
}

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::internal: return "internal";
    case Fault::usage: return "usage";
    case Fault::gaps: return "gaps";
    case Fault::denied: return "denied";
    case Fault::unavailable: return "unavailable";
    case Fault::storage: return "storage";
    case Fault::undecodable: return "undecodable";
    case Fault::busy: return "busy";
    case Fault::interrupted: return "interrupted";
  }
  return "internal";
}

}  // namespace csatdb::base
