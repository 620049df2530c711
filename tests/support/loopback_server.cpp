#include "loopback_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace csatdb::support {
namespace {

template <auto Free>
struct Cleanup {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Cleanup<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Cleanup<X509_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, Cleanup<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, Cleanup<SSL_free>>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

/// A certificate for 127.0.0.1 that vouches for itself, valid for an hour.
Certificate certify(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509* x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600);
  X509_set_pubkey(x, key);
  X509_NAME* name = X509_get_subject_name(x);
  const auto* common = reinterpret_cast<const unsigned char*>("csatdb test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
  X509_set_issuer_name(x, name);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(x, names, -1);
  X509_EXTENSION_free(names);
  require(X509_sign(x, key, EVP_sha256()) > 0, "no certificate");
  return certificate;
}

TlsContext tls_context(const std::string& authority_file) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = certify(key.get());
  std::FILE* file = std::fopen(authority_file.c_str(), "w");
  require(file != nullptr, "cannot write the authority");
  PEM_write_X509(file, certificate.get());
  std::fclose(file);
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  require(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1, "key");
  return context;
}

/// One accepted connection, plain or TLS.
struct Connection {
  int socket;
  Tls tls;

  bool send_all(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const char* from = bytes.data() + sent;
      const auto n = tls ? SSL_write(tls.get(), from, static_cast<int>(bytes.size() - sent))
                         : ::send(socket, from, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    return true;
  }
  /// Appends what comes next; false at the end.
  bool receive(std::string& into) {
    char buffer[16384];
    const auto n =
        tls ? SSL_read(tls.get(), buffer, sizeof buffer) : ::recv(socket, buffer, sizeof buffer, 0);
    if (n > 0) into.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }
};

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

struct LoopbackServer::Impl {
  Impl(Answers its_answers, TlsContext its_tls)
      : answers(std::move(its_answers)), tls(std::move(its_tls)) {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    require(listener >= 0 && ::bind(listener, generic, size) == 0 && ::listen(listener, 64) == 0 &&
                ::getsockname(listener, generic, &size) == 0,
            "no loopback port");
    port = ntohs(address.sin_port);
    acceptor = std::thread([this] { accept_all(); });
  }

  ~Impl() {
    stopping = true;
    ::shutdown(listener, SHUT_RDWR);
    acceptor.join();
    {
      const std::lock_guard lock(mutex);
      for (const int socket : open) ::shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads) thread.join();
    ::close(listener);
  }

  void accept_all() {
    // A client that hangs up on TLS must not end the process. The threads below inherit this.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (!stopping) {
      const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::lock_guard lock(mutex);
      open.push_back(socket);
      threads.emplace_back([this, socket, number = ++connections] { serve(socket, number); });
    }
  }

  void serve(int socket, int number) {
    Connection connection{socket, {}};
    bool good = true;
    if (tls) {
      connection.tls.reset(SSL_new(tls.get()));
      SSL_set_fd(connection.tls.get(), socket);
      good = SSL_accept(connection.tls.get()) == 1;
    }
    std::string pending;
    while (good && !stopping) {
      Seen request{number, {}, {}};
      if (!read_request(connection, pending, request)) break;
      good = act(connection, answer(request));
    }
    connection.tls.reset();
    const std::lock_guard lock(mutex);
    open.remove(socket);
    ::close(socket);
  }

  static bool read_request(Connection& connection, std::string& pending, Seen& request) {
    std::size_t end = 0;
    while ((end = pending.find("\r\n\r\n")) == std::string::npos)
      if (!connection.receive(pending)) return false;
    request.head = pending.substr(0, end + 2);
    pending.erase(0, end + 4);
    const std::size_t length = content_length(request.head);
    while (pending.size() < length)
      if (!connection.receive(pending)) return false;
    request.body = pending.substr(0, length);
    pending.erase(0, length);
    return true;
  }

  Act answer(const Seen& request) {
    const std::lock_guard lock(mutex);
    all_seen.push_back(request);
    return answers(request);
  }

  /// Whether the connection goes on.
  bool act(Connection& connection, const Act& what) {
    if (!connection.send_all(what.bytes)) return false;
    switch (what.then) {
      case Then::keep:
        return true;
      case Then::close:
        return false;
      case Then::reset: {
        const linger now{1, 0};
        ::setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        return false;
      }
      case Then::hang: {
        std::string ignored;
        while (connection.receive(ignored)) ignored.clear();
        return false;
      }
      case Then::drip:
        while (!stopping && connection.send_all("."))
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return false;
      case Then::flood: {
        const std::string much(65536, '.');
        while (!stopping && connection.send_all(much)) {
        }
        return false;
      }
    }
    return false;
  }

  Answers answers;
  TlsContext tls;
  int listener = -1, port = 0;
  std::atomic<bool> stopping = false;
  mutable std::mutex mutex;  // guards what follows
  int connections = 0;
  std::list<int> open;
  std::list<std::thread> threads;
  std::vector<Seen> all_seen;
  std::thread acceptor;
};

LoopbackServer::LoopbackServer(Answers answers)
    : LoopbackServer(std::make_unique<Impl>(std::move(answers), nullptr)) {}
LoopbackServer::LoopbackServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LoopbackServer::~LoopbackServer() = default;

std::unique_ptr<LoopbackServer> LoopbackServer::with_tls(Answers answers,
                                                         const std::string& authority_file) {
  return std::unique_ptr<LoopbackServer>(
      new LoopbackServer(std::make_unique<Impl>(std::move(answers), tls_context(authority_file))));
}

int LoopbackServer::port() const { return impl_->port; }

std::string LoopbackServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", impl_->tls ? "https" : "http", impl_->port);
}

int LoopbackServer::connections() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->connections;
}

std::vector<LoopbackServer::Seen> LoopbackServer::seen() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->all_seen;
}

std::string http_answer(int status, const std::string& body, const std::string& more_headers) {
  return fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                     more_headers, body);
}

}  // namespace csatdb::support
