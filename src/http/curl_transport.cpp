#include "http/curl_transport.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "http/url.hpp"

namespace csatdb::http {
namespace {

using base::Millis;

/// Fewer bytes a second than this are a stall.
constexpr long kTrickle = 64;
/// All header lines of one answer together; the service sends about 1 kB.
constexpr std::size_t kMostHeaderBytes = std::size_t{256} << 10U;
/// An idle connection is reused for so long: load balancers drop theirs after a minute.
constexpr long kIdleSeconds = 55;

struct EasyCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiCleanup {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using Multi = std::unique_ptr<CURLM, MultiCleanup>;
using List = std::unique_ptr<curl_slist, ListCleanup>;

/// libcurl holds the address of a transfer while it runs: it is neither copied nor moved.
struct Transfer {
  Transfer(Ticket its_ticket, Request its_request, std::size_t its_most_bytes)
      : ticket(its_ticket), request(std::move(its_request)), most_bytes(its_most_bytes) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  Ticket ticket;
  Request request;
  std::size_t most_bytes;
  std::size_t header_bytes = 0;
  bool has_whole_head = false;  ///< the blank line after the headers came
  Response response;
  List headers;
  std::array<char, CURL_ERROR_SIZE> error{};
  Easy easy;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// libcurl's callbacks: to take less than all ends the transfer.
std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size;
  if (transfer.header_bytes > kMostHeaderBytes) {
    transfer.response.failure = Failure::too_large;
    return 0;
  }
  const std::string_view line = trimmed({data, size});
  if (line.starts_with("HTTP/")) {
    transfer.response.headers = {};  // those of an interim answer (1xx)
    transfer.has_whole_head = false;
  }
  if (line.empty()) transfer.has_whole_head = true;
  if (const auto colon = line.find(':'); colon != std::string_view::npos && colon > 0)
    transfer.response.headers.set(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string& body = transfer.response.body;
  if (body.empty()) {
    curl_off_t stated = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &stated);
    if (stated > 0) body.reserve(std::min(static_cast<std::size_t>(stated), transfer.most_bytes));
  }
  if (body.size() + size > transfer.most_bytes) {
    transfer.response.failure = Failure::too_large;
    return 0;
  }
  body.append(data, size);
  return size;
}

Failure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Failure::none;
    case CURLE_OPERATION_TIMEDOUT:
      return Failure::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Failure::tls;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PROXY:
      return Failure::connect;
    default:
      return Failure::broken;
  }
}

/// The value of an environment variable, or null if it is unset or empty.
const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

template <class Value>
void set(const Easy& easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy.get(), option, value);
  if (code != CURLE_OK)
    throw base::Error(base::Fault::internal,
                      fmt::format("libcurl refuses option {}: {}", static_cast<int>(option),
                                  curl_easy_strerror(code)));
}

List header_list(const Request& request) {
  List list;
  const auto append = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
  };
  for (const auto& [key, value] : request.headers) append(fmt::format("{}: {}", key, value));
  append("Expect:");  // no round trip to ask whether a body is welcome
  return list;
}

void set_method(const Transfer& transfer) {
  const Request& request = transfer.request;
  switch (request.method) {
    case Method::get:
      set(transfer.easy, CURLOPT_HTTPGET, 1L);
      break;
    case Method::del:
      set(transfer.easy, CURLOPT_CUSTOMREQUEST, "DELETE");
      break;
    case Method::post:
      set(transfer.easy, CURLOPT_POST, 1L);
      set(transfer.easy, CURLOPT_POSTFIELDS, request.body.c_str());
      set(transfer.easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      break;
  }
}

/// The authorities to trust, as users of curl and of OpenSSL state them.
void set_authorities(const Easy& easy) {
  if (const char* bundle = environment("CURL_CA_BUNDLE")) {
    set(easy, CURLOPT_CAINFO, bundle);
    return;
  }
  if (const char* file = environment("SSL_CERT_FILE")) set(easy, CURLOPT_CAINFO, file);
  if (const char* folder = environment("SSL_CERT_DIR")) set(easy, CURLOPT_CAPATH, folder);
}

/// Every option of a transfer, in one place.
void set_options(Transfer& transfer, const Url& url, const CurlLimits& limits) {
  const Easy& easy = transfer.easy;
  set(easy, CURLOPT_URL, transfer.request.target.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, url.scheme.c_str());
  // HTTP/2 saves handshakes but brings no throughput over kept connections, and transfers stall in
  // several releases of libcurl around Debian 12's 7.88.
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set_method(transfer);
  transfer.headers = header_list(transfer.request);
  set(easy, CURLOPT_HTTPHEADER, transfer.headers.get());

  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set_authorities(easy);
  if (is_loopback(url.host)) set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

  // Bodies wait compressed until their turn comes (http::unpack).
  set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(&transfer));

  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, kTrickle);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall.count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_MAXAGE_CONN, kIdleSeconds);
  // CURLOPT_NOSIGNAL stays off: libcurl then ignores SIGPIPE during its calls, which a peer that
  // hangs up raises.
}

/// libcurl's own state for the whole process, as long as anything may use it.
void initialize_once() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw base::Error(base::Fault::internal, curl_easy_strerror(code));
}

}  // namespace

struct CurlTransport::Impl {
  explicit Impl(CurlLimits its_limits) : limits(its_limits) {
    initialize_once();
    multi.reset(curl_multi_init());
    if (!multi) throw std::bad_alloc();
    // Connections to the API and one to the login host.
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(limits.connections) + 1);
  }
  ~Impl() {
    for (auto& [easy, transfer] : running) curl_multi_remove_handle(multi.get(), easy);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void refuse(Ticket ticket, Failure failure, std::string detail) {
    Response response;
    response.failure = failure;
    response.detail = std::move(detail);
    answers.push_back({ticket, std::move(response)});
  }

  /// Hands waiting requests to libcurl while connections are free. Its timeouts count from here.
  void launch() {
    while (!waiting.empty() && running.size() < static_cast<std::size_t>(limits.connections)) {
      auto [ticket, request] = std::move(waiting.front());
      waiting.pop_front();
      const auto url = parse_url(request.target);
      if (!url || !is_allowed(*url)) {
        refuse(ticket, Failure::connect,
               url ? "plain http is for this machine only: https is required"
                   : "the address is no plain http(s) URL");
        continue;
      }
      auto transfer = std::make_unique<Transfer>(ticket, std::move(request), limits.most_bytes);
      transfer->easy.reset(curl_easy_init());
      if (!transfer->easy) throw std::bad_alloc();
      set_options(*transfer, *url, limits);
      CURL* const easy = transfer->easy.get();
      running.emplace(easy, std::move(transfer));
      curl_multi_add_handle(multi.get(), easy);
    }
  }

  /// Moves what bytes can be moved without waiting, and collects what ended.
  void perform() {
    int active = 0;
    curl_multi_perform(multi.get(), &active);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }
    launch();
  }

  void finish(CURL* easy, CURLcode code) {
    curl_multi_remove_handle(multi.get(), easy);
    auto node = running.extract(easy);
    Transfer& transfer = *node.mapped();
    Response& response = transfer.response;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    if (response.failure == Failure::too_large) {
      response.detail = fmt::format("the answer is larger than {} MB", limits.most_bytes >> 20U);
    } else if (code != CURLE_OK) {
      response.failure = failure_of(code);
      response.detail =
          transfer.error[0] != '\0' ? std::string(transfer.error.data()) : curl_easy_strerror(code);
    }
    // libcurl takes a connection that ends within the headers for a whole answer without a body.
    if (response.failure == Failure::none && !transfer.has_whole_head) {
      response.failure = Failure::broken;
      response.detail = "the answer ended within its headers";
    }
    if (response.failure != Failure::none) response.body.clear();
    answers.push_back({transfer.ticket, std::move(response)});
  }

  CurlLimits limits;
  Multi multi;
  std::deque<std::pair<Ticket, Request>> waiting;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> running;
  std::vector<Answer> answers;
};

CurlTransport::CurlTransport(CurlLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
CurlTransport::~CurlTransport() = default;

void CurlTransport::start(Ticket ticket, Request request) {
  impl_->waiting.emplace_back(ticket, std::move(request));
  impl_->launch();
}

std::vector<Answer> CurlTransport::wait(Millis at_most) {
  const base::SystemClock clock;
  const Millis deadline = clock.ticks() + at_most;
  impl_->perform();
  for (Millis rest = at_most;
       impl_->answers.empty() && rest > Millis{0} && !base::stop::requested();
       rest = deadline - clock.ticks()) {
    constexpr std::int64_t kMostMs = 60'000;  // the loop goes on where an int would overflow
    curl_multi_poll(impl_->multi.get(), nullptr, 0,
                    static_cast<int>(std::min<std::int64_t>(rest.count(), kMostMs)), nullptr);
    impl_->perform();
  }
  return std::exchange(impl_->answers, {});
}

}  // namespace csatdb::http
