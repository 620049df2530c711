#pragma once

#include <string>
#include <vector>

namespace csatdb::tests {

/// An element of a page, as a resource delivers it.
struct Delivery {
  const char* resource;
  std::string json;
};

/// Bodies of every kind that name each other, some of them before they are delivered themselves:
/// conversations c1 to c3 with the surveys s1 to s3.
std::vector<Delivery> deliveries();

/// Stores them into a warehouse file, in this order, as a run of its own.
void deliver(const std::string& path, const std::vector<Delivery>& all);

}  // namespace csatdb::tests
