#include "fuzz/target.hpp"

namespace csatdb::fuzz {

std::span<const Target> targets() {
  static constexpr Target kAll[] = {
      {"json_reader", json_reader},
      {"json_split", json_split},
      {"json_stream", json_stream},
      {"step", step},
      {"import", import},
      {"configuration", configuration},
      {"query_header", query_header},
      {"time", time},
      {"waits", waits},
      {"gunzip", gunzip},
      {"typed", typed},
  };
  return kAll;
}

}  // namespace csatdb::fuzz
