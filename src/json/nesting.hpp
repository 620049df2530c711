#pragma once

#include <fmt/format.h>

namespace csatdb::json {

/// The deepest nesting that is read; the deepest Genesys model nests 12 levels.
inline constexpr int kMaxDepth = 64;

/// The brackets that are open at a place of a JSON text.
class Nesting {
 public:
  /// Takes note of a character outside texts; calls `refuse` with what is wrong with it.
  template <class Refuse>
  void pass(char c, Refuse refuse) {
    if (c == '{' || c == '[') {
      if (depth_ == kMaxDepth) refuse(fmt::format("nested deeper than {} levels", kMaxDepth));
      open_[depth_++] = c;
    } else if (c == '}' || c == ']') {
      if (open_[--depth_] != (c == '}' ? '{' : '[')) refuse("brackets that do not match");
    }
  }
  bool is_inside() const { return depth_ > 0; }

 private:
  char open_[kMaxDepth];
  int depth_ = 0;
};

}  // namespace csatdb::json
