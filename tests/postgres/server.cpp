#include "postgres/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "publish/tables.hpp"
#include "warehouse/query.hpp"

namespace csatdb::tests {
namespace {

namespace fs = std::filesystem;

constexpr int kStartTries = 600;
constexpr useconds_t kBetweenTriesUs = 50'000;

int free_port() {
  const int door = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(door, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(door, reinterpret_cast<sockaddr*>(&address), &size);
  close(door);
  return ntohs(address.sin_port);
}

/// Whom the server runs as: PostgreSQL refuses root.
const passwd* ordinary_user() {
  for (const char* name : {"postgres", "nobody"})
    if (const auto* user = getpwnam(name)) return user;
  throw std::runtime_error("no ordinary user to run PostgreSQL as");
}

std::string number_text(double value) { return fmt::format("{:.15g}", value); }

}  // namespace

std::optional<fs::path> Server::binaries() {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (fs::exists(version.path() / "bin" / "initdb")) found.push_back(version.path() / "bin");
  if (found.empty()) return std::nullopt;
  return *std::ranges::max_element(found);
}

Server::Server(fs::path binaries, const std::string& settings) : binaries_(std::move(binaries)) {
  if (geteuid() == 0) {
    const auto* user = ordinary_user();
    if (chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("chown");
  }
  const auto data = (folder_ / "data").string();
  run({(binaries_ / "initdb").string(), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync",
       "--locale=C.UTF-8", "-E", "UTF8"});
  // The role "secretive" needs its password.
  std::ifstream trusting(data + "/pg_hba.conf");
  const std::string rules((std::istreambuf_iterator<char>(trusting)),
                          std::istreambuf_iterator<char>());
  std::ofstream(data + "/pg_hba.conf") << "host all secretive 127.0.0.1/32 scram-sha-256\n"
                                       << rules;
  // What is lost with the machine's power may be lost with the test.
  std::ofstream(data + "/postgresql.conf", std::ios::app)
      << "fsync = off\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
      << settings << '\n';
  start();
}

Server::~Server() {
  if (process_ <= 0) return;
  kill(process_, SIGQUIT);
  waitpid(process_, nullptr, 0);
}

pid_t Server::spawn(const std::vector<std::string>& words) const {
  std::vector<char*> raw;
  for (const auto& word : words) raw.push_back(const_cast<char*>(word.c_str()));
  raw.push_back(nullptr);
  const auto log = (folder_ / "log").string();
  const passwd* user = geteuid() == 0 ? ordinary_user() : nullptr;
  const pid_t child = fork();
  if (child != 0) return child;
  if (user != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (chdir(folder_.path().c_str()) != 0) _exit(126);
  if (freopen(log.c_str(), "a", stderr) == nullptr || dup2(2, 1) < 0) _exit(126);
  execv(raw[0], raw.data());
  _exit(127);
}

void Server::run(const std::vector<std::string>& words) const {
  int status = 0;
  waitpid(spawn(words), &status, 0);
  if (status == 0) return;
  std::ifstream log(folder_ / "log");
  throw std::runtime_error(
      words[0] + ": " +
      std::string(std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>()));
}

void Server::start() {
  if (port_ == 0) port_ = free_port();
  process_ = spawn({(binaries_ / "postgres").string(), "-D", (folder_ / "data").string(), "-p",
                    fmt::format("{}", port_)});
  for (int i = 0; i < kStartTries; ++i) {
    if (PQping(url("postgres").c_str()) == PQPING_OK) return;
    if (waitpid(process_, nullptr, WNOHANG) == process_) break;
    usleep(kBetweenTriesUs);
  }
  process_ = -1;
  throw std::runtime_error("PostgreSQL did not start");
}

void Server::crash() {
  go_down();
  start();
}

void Server::go_down() {
  kill(process_, SIGQUIT);
  waitpid(process_, nullptr, 0);
}

std::string Server::url(const std::string& database, const std::string& user) const {
  return fmt::format("postgresql://{}@127.0.0.1:{}/{}", user, port_, database);
}

Client::Client(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_));
}
Client::~Client() { PQfinish(connection_); }

std::vector<std::vector<std::string>> Client::rows(const std::string& sql) {
  PGresult* const result = PQexec(connection_, sql.c_str());
  const std::string error = PQresultErrorMessage(result);
  std::vector<std::vector<std::string>> out;
  for (int r = 0; r < PQntuples(result); ++r) {
    auto& row = out.emplace_back();
    for (int c = 0; c < PQnfields(result); ++c)
      row.emplace_back(PQgetisnull(result, r, c) != 0 ? "NULL" : PQgetvalue(result, r, c));
  }
  PQclear(result);
  if (!error.empty()) throw std::runtime_error(error);
  return out;
}

std::string Client::copy_out(const std::string& sql) {
  PQclear(PQexec(connection_, sql.c_str()));
  std::string bytes;
  char* piece = nullptr;
  for (int size = 0; (size = PQgetCopyData(connection_, &piece, 0)) > 0; PQfreemem(piece))
    bytes.append(piece, static_cast<std::size_t>(size));
  while (PGresult* const rest = PQgetResult(connection_)) PQclear(rest);
  return bytes;
}

void Client::copy_in(const std::string& sql, const std::string& bytes) {
  PQclear(PQexec(connection_, sql.c_str()));
  constexpr std::size_t kPiece = 128 * 1024;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece)
    PQputCopyData(connection_, bytes.data() + at,
                  static_cast<int>(std::min(kPiece, bytes.size() - at)));
  PQputCopyEnd(connection_, nullptr);
  while (PGresult* const rest = PQgetResult(connection_)) {
    const std::string error = PQresultErrorMessage(rest);
    PQclear(rest);
    if (!error.empty()) throw std::runtime_error(error);
  }
}

std::map<std::string, std::vector<std::string>> warehouse_views(const fs::path& file) {
  const warehouse::Reader reader(file.string());
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& view : publish::views()) {
    auto& lines = out[std::string(view.name)];
    const auto result = reader.run(fmt::format("SELECT * FROM {}", view.name)).at(0);
    for (const auto& row : result.rows) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += fmt::format("{}=", result.columns[i].name);
        const bool is_real = result.columns[i].type == "REAL";
        if (const auto* number = std::get_if<std::int64_t>(&row[i]))
          line += is_real ? number_text(static_cast<double>(*number)) : fmt::format("{}", *number);
        else if (const auto* real = std::get_if<double>(&row[i]))
          line += number_text(*real);
        else if (const auto* text = std::get_if<std::string>(&row[i]))
          line += *text;
        else
          line += "NULL";
        line += '|';
      }
      lines.push_back(std::move(line));
    }
    std::ranges::sort(lines);
  }
  return out;
}

std::map<std::string, std::vector<std::string>> target_views(Client& client,
                                                             const std::string& schema) {
  std::map<std::string, std::vector<std::string>> out;
  client.rows("SET timezone = 'UTC'");
  for (const auto& view : publish::views()) {
    const auto columns = client.rows(fmt::format(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = '{}' "
        "AND table_name = '{}' ORDER BY ordinal_position",
        schema, view.name));
    if (columns.empty()) continue;
    std::string list;
    for (const auto& column : columns) {
      list += list.empty() ? "" : ", ";
      if (column[1].starts_with("timestamp"))
        list += fmt::format("to_char({}, 'YYYY-MM-DD HH24:MI:SS')", column[0]);
      else if (column[1] == "boolean")
        list += column[0] + "::int";
      else
        list += column[0];
    }
    auto& lines = out[std::string(view.name)];
    for (const auto& row :
         client.rows(fmt::format("SELECT {} FROM \"{}\".{}", list, schema, view.name))) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_real = columns[i][1] == "double precision" && row[i] != "NULL";
        line +=
            fmt::format("{}={}|", columns[i][0], is_real ? number_text(std::stod(row[i])) : row[i]);
      }
      lines.push_back(std::move(line));
    }
    std::ranges::sort(lines);
  }
  return out;
}

}  // namespace csatdb::tests
