#include <doctest/doctest.h>

namespace csatdb::tests {
namespace {}
}  // namespace csatdb::tests
