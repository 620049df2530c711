#include "bench/stages.hpp"

#include <stdexcept>

#include "http/curl_transport.hpp"
#include "json/reader.hpp"
#include "resources/catalogue.hpp"
#include "resources/tables.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::bench {
namespace {

constexpr std::size_t kMost = std::size_t{256} << 20U;
constexpr base::Instant kNow{base::Millis{1780000000000}};

bool holds_conversations(const Exchange& exchange) {
  const auto& target = exchange.request.target;
  return target.find("/details/query") != std::string::npos ||
         target.find("/results") != std::string::npos;
}

/// Cuts a page and hands over each conversation's bytes.
template <class Use>
void for_each(std::string& body, Use use) {
  const auto page = json::split(body, "conversations", "conversationId");
  for (const auto& element : page.elements)
    use(body.data() + element.begin, element.end - element.begin);
}

/// Reads pages into rows, and hands each page's rows on.
template <class Use>
Cost read_rows(std::vector<std::string> bodies, const base::Zone& zone, Use use) {
  const resources::Context context{&zone, {}, false};
  json::Document document;
  model::Batch batch;
  const Watch watch;
  for (auto& body : bodies) {
    batch.clear();
    int read = 0;
    for_each(body, [&](char* at, std::size_t size) {
      const auto digest = warehouse::fingerprint({at, size}, 1).content;
      resources::kConversationsResource.rows(document.parse_in_place(at, size), context, digest,
                                             batch);
      if (++read % 100 != 0) return;
      use(batch);
      batch.clear();
    });
    use(batch);
  }
  return watch.so_far();
}

}  // namespace

std::vector<std::pair<std::string, Cost>> stages(const std::vector<Exchange>& exchanges,
                                                 const std::string& path) {
  std::vector<std::pair<std::string, Cost>> costs;
  std::vector<std::string> bodies;
  {
    const Watch watch;
    for (const auto& exchange : exchanges)
      if (holds_conversations(exchange)) bodies.push_back(http::inflate(exchange.response, kMost));
    costs.emplace_back("inflate", watch.so_far());
  }
  {
    auto copies = bodies;
    json::Document document;
    const Watch watch;
    for (auto& body : copies)
      for_each(body, [&](char* at, std::size_t size) { document.parse_in_place(at, size); });
    costs.emplace_back("RapidJSON alone", watch.so_far());
  }
  {
    const Watch watch;
    for (auto& body : bodies)
      for_each(body, [](char* at, std::size_t size) { warehouse::fingerprint({at, size}, 1); });
    costs.emplace_back("cut and fingerprint", watch.so_far());
  }
  const base::Zone zone("UTC");
  costs.emplace_back("parse into rows", read_rows(bodies, zone, [](const model::Batch&) {}));
  warehouse::Warehouse store({path, base::Millis{0}, "bench"});
  int batches = 0;
  auto stored = read_rows(std::move(bodies), zone, [&](const model::Batch& batch) {
    store.store(batch, kNow);
    if (++batches % 10 == 0) store.commit();
  });
  const Watch last;
  store.commit();
  stored.wall += last.so_far().wall;
  stored.cpu += last.so_far().cpu;
  costs.emplace_back("parse and store", stored);
  return costs;
}

Cost transport_floor(const std::vector<Exchange>& exchanges, int connections) {
  http::CurlLimits limits;
  limits.connections = connections;
  http::CurlTransport transport(limits);
  const Watch watch;
  std::size_t started = 0, answered = 0;
  while (answered < exchanges.size()) {
    while (started < exchanges.size() &&
           started - answered < static_cast<std::size_t>(connections)) {
      transport.start(started + 1, exchanges[started].request);
      ++started;
    }
    for (const auto& answer : transport.wait(base::Millis{1000})) {
      if (answer.response.failure != http::Failure::none)
        throw std::runtime_error("the transport failed: " + answer.response.detail);
      if (answer.response.status >= 400)
        throw std::runtime_error("a request sent again is refused");
      ++answered;
    }
  }
  return watch.so_far();
}

std::int64_t plain_bytes(const std::vector<Exchange>& exchanges) {
  std::int64_t bytes = 0;
  for (const auto& exchange : exchanges)
    bytes += static_cast<std::int64_t>(http::inflate(exchange.response, kMost).size());
  return bytes;
}

}  // namespace csatdb::bench
