#include "postgres/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace csatdb::tests {
namespace {

constexpr int kLookUpMs = 20;  // how soon the end is seen
constexpr std::size_t kPiece = 16'384;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void at_once(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

bool pass_on(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Proxy::Proxy(int server_port, Watch watch) : server_port_(server_port), watch_(std::move(watch)) {
  door_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof(address);
  if (bind(door_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(door_, 8) != 0 ||
      getsockname(door_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port to listen on");
  port_ = ntohs(address.sin_port);
  serving_ = std::thread([this] { serve(); });
}

Proxy::~Proxy() {
  is_over_ = true;
  serving_.join();
  close(door_);
}

void Proxy::serve() {
  while (!is_over_) {
    pollfd asked{door_, POLLIN, 0};
    if (poll(&asked, 1, kLookUpMs) <= 0) continue;
    const int client = accept4(door_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
      at_once(client);
      at_once(server);
      carry(client, server);
    }
    close(server);
    close(client);
  }
}

void Proxy::carry(int client, int server) {
  std::array<char, kPiece> piece{};
  while (!is_over_) {
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (poll(ends.data(), ends.size(), kLookUpMs) <= 0) continue;
    for (const auto& end : ends) {
      if (end.revents == 0) continue;
      const auto n = recv(end.fd, piece.data(), piece.size(), 0);
      if (n <= 0) return;
      const std::string_view bytes(piece.data(), static_cast<std::size_t>(n));
      const bool is_from_client = end.fd == client;
      if (!watch_(is_from_client, bytes) || !pass_on(is_from_client ? server : client, bytes))
        return;
    }
  }
}

}  // namespace csatdb::tests
