#include "sim/server.hpp"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "json/writer.hpp"

namespace csatdb::sim {
namespace {

using base::Millis;

constexpr std::size_t kThreads = 64;         // connections served at once
constexpr std::chrono::seconds kIdle{5};     // a connection is kept without requests
constexpr std::size_t kEndless = 1U << 30U;  // what "endless" comes to
constexpr Millis kTrickle{200};              // between the bytes of a slow answer

http::Request request_of(const httplib::Request& in) {
  http::Request request;
  request.method = in.method == "POST"     ? http::Method::post
                   : in.method == "DELETE" ? http::Method::del
                                           : http::Method::get;
  // The host as the client named it, so that the service can tell its hosts apart.
  request.target = "http://" + in.get_header_value("Host") + in.target;
  for (const auto& [name, value] : in.headers) request.headers.set(name, value);
  request.body = in.body;
  return request;
}

void send_endless(httplib::Response& out, const std::string& type) {
  out.set_chunked_content_provider(type, [](std::size_t offset, httplib::DataSink& sink) {
    static const std::string block(65536, ' ');
    if (offset >= kEndless) return false;
    return sink.write(block.data(), block.size());
  });
}

/// All bodies go through a provider: set_content would compress a second time.
void send(const Reply& reply, httplib::Response& out) {
  std::string type = "text/plain";
  out.status = reply.response.status;
  for (const auto& [name, value] : reply.response.headers) {
    if (name == "Content-Type")
      type = value;
    else
      out.set_header(name, value);
  }
  if (reply.wire == Wire::endless) return send_endless(out, type);
  if (reply.response.body.empty()) return;
  const auto body = std::make_shared<const std::string>(reply.response.body);
  const auto wire = reply.wire;
  out.set_content_provider(
      body->size(), type,
      [body, wire](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        if (wire == Wire::reset_before) return false;
        if (wire == Wire::reset_within) {
          sink.write(body->data() + offset, length / 2);
          return false;
        }
        if (wire == Wire::slow) {
          std::this_thread::sleep_for(kTrickle);
          return sink.write(body->data() + offset, 1);
        }
        return sink.write(body->data() + offset, length);
      });
}

}  // namespace

ServedClock::ServedClock(base::Instant now, bool running)
    : running_(running), date_(base::to_ms(now) - (running ? machine_.ticks().count() : 0)) {}

base::Instant ServedClock::now() const {
  return base::from_ms(date_ + (running_ ? machine_.ticks().count() : 0));
}

Millis ServedClock::ticks() const { return machine_.ticks() + Millis{turned_}; }

void ServedClock::set(base::Instant t) {
  const auto forward = (t - now()).count();
  if (forward > 0) turned_ += forward;
  date_ += forward;
}

struct Server::Impl {
  Service& service;
  ServedClock& clock;
  Millis latency;
  httplib::Server server;

  Impl(Service& s, ServedClock& c, Millis l) : service(s), clock(c), latency(l) {}

  void serve(const httplib::Request& in, httplib::Response& out) {
    if (in.path.rfind("/sim/", 0) == 0) return control(in, out);
    if (latency.count() > 0) std::this_thread::sleep_for(latency);
    if (in.method != "GET" && in.method != "POST" && in.method != "DELETE") {
      out.status = 405;
      return;
    }
    send(service.answer(request_of(in)), out);
  }

  void control(const httplib::Request& in, httplib::Response& out) {
    try {
      out.set_content(act(in), "application/json");
    } catch (const base::Error& e) {
      out.status = 400;
      out.set_content(e.what(), "text/plain");
    }
  }

  std::string act(const httplib::Request& in) {
    json::Document document;
    const auto body = document.parse(in.body.empty() ? "{}" : in.body);
    if (in.path == "/sim/clock") {
      if (const auto now = body["now"].maybe_instant()) clock.set(*now);
      if (const auto by = body["advance_s"].maybe_integer())
        clock.set(clock.now() + std::chrono::seconds(*by));
      return json::Writer()
          .begin_object()
          .member("now", base::to_iso(clock.now()))
          .end_object()
          .str();
    }
    if (in.path == "/sim/requests") return counts();
    if (in.path == "/sim/tokens") {
      service.revoke_tokens();
      return "{}";
    }
    if (in.path == "/sim/faults") {
      std::vector<Fault> faults;
      for (const auto& text : body["faults"].elements()) {
        const auto fault = Fault::parse(text.text());
        if (!fault) text.refuse("no such fault");
        faults.push_back(*fault);
      }
      service.plan(std::move(faults));
      return "{}";
    }
    throw base::Error(base::Fault::usage, "no such control: " + in.path);
  }

  std::string counts() {
    json::Writer out;
    out.begin_object().key("endpoints").begin_object();
    std::int64_t total = 0;
    for (const auto& [endpoint, count] : service.counts()) {
      out.member(endpoint, count);
      total += count;
    }
    out.end_object().member("total", total).key("statuses").begin_object();
    std::map<int, int> statuses;
    std::int64_t bytes = 0;
    for (const auto& note : service.seen()) {
      ++statuses[note.status];
      bytes += static_cast<std::int64_t>(note.bytes);
    }
    for (const auto& [status, count] : statuses) out.member(std::to_string(status), count);
    return out.end_object().member("bytes", bytes).end_object().str();
  }
};

Server::Server(Service& service, ServedClock& clock, Millis latency)
    : impl_(std::make_unique<Impl>(service, clock, latency)) {
  auto& server = impl_->server;
  const auto handler = [this](const httplib::Request& in, httplib::Response& out) {
    impl_->serve(in, out);
  };
  server.Get(".*", handler).Post(".*", handler).Delete(".*", handler);
  server.Put(".*", handler).Patch(".*", handler);
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(std::size_t{1} << 40U);
  server.set_keep_alive_timeout(kIdle.count());
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
}

Server::~Server() = default;

int Server::bind(int port) {
  if (port == 0) return impl_->server.bind_to_any_port("127.0.0.1");
  return impl_->server.bind_to_port("127.0.0.1", port) ? port : -1;
}

void Server::run() { impl_->server.listen_after_bind(); }
void Server::stop() { impl_->server.stop(); }

}  // namespace csatdb::sim
