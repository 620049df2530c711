#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"

namespace csatdb::sim {

/// What a socket does with an answer.
enum class Wire {
  whole,
  reset_before,  ///< closed before the first byte of the body
  reset_within,  ///< closed in the middle of the body
  endless,       ///< the body never ends
  slow,          ///< a byte now and then
  bad_tls,       ///< the certificate does not verify (in process only)
};

/// What the service sends: an answer and how it travels.
struct Reply {
  http::Response response;
  Wire wire = Wire::whole;
};

/// One planned mishap: "what=WHAT[,path=SUBSTRING][,endpoint=/api/v2/…/{}][,method=GET][,from=N]
/// [,times=M]", from the Nth matching request on (1) for M of them (1; 0: for ever).
struct Fault {
  std::string what, path, endpoint, method;
  int from = 1, times = 1;
  int met = 0;  ///< matching requests so far

  /// Nothing if the text is no such rule or names an unknown mishap.
  static std::optional<Fault> parse(std::string_view text);
};

/// Mishaps that strike requests by rule, in the order of the list.
class Faults {
 public:
  void add(Fault fault) { faults_.push_back(std::move(fault)); }
  void clear() { faults_.clear(); }
  /// The mishap that strikes this request, if any; counts the request in all rules it matches.
  std::optional<std::string> strike(const http::Request& request);

 private:
  std::vector<Fault> faults_;
};

/// All mishaps there are.
const std::vector<std::string_view>& mishaps();
/// Whether the mishap takes the place of the answer (a status), so that none is computed.
bool replaces(std::string_view what);
/// The request as a service with this defect takes it: "endless_pages" sees page 1 in every page,
/// and both it and "repeated_cursor" in a page that they made up.
http::Request bent(std::string_view what, http::Request request);
/// The answer with the mishap done to it.
Reply spoil(std::string_view what, const http::Request& request, http::Response response,
            base::Instant now);

}  // namespace csatdb::sim
