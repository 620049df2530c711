#include "publish/connection.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"

namespace csatdb::publish {
namespace {

using base::Error;
using base::Fault;

constexpr int kLookUpMs = 200;  // how soon a signal is seen while the server works

/// A message of the server or of libpq in one line, without its severity.
std::string cleaned(const char* message) {
  std::string text = base::log::redacted(message != nullptr ? message : "");
  for (char& c : text)
    if (c == '\n' || c == '\t') c = ' ';
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

/// Passwords never reach a log or an error, whatever libpq quotes. Whether there is one.
bool hide_passwords(const std::string& target) {
  bool has_one = false;
  const auto hide = [&](std::size_t begin, std::size_t end) {
    if (begin >= std::min(end, target.size())) return;
    has_one = true;
    base::log::redact(target.substr(begin, end - begin));
  };
  const auto scheme = target.find("://");
  const auto colon = scheme == std::string::npos ? scheme : target.find(':', scheme + 3);
  // To the first @ and to the last: one in the password should have been escaped.
  for (const auto end : {target.find('@', scheme), target.rfind('@')})
    if (colon != std::string::npos && end != std::string::npos) hide(colon + 1, end);
  constexpr std::string_view kKey = "password=";
  for (auto at = target.find(kKey); at != std::string::npos; at = target.find(kKey, at + 1))
    hide(at + kKey.size(), target.find_first_of("& ", at));
  return has_one;
}

/// Throws for what is no target; hides its password, and says that a command line is no place for
/// one.
void check_target(const std::string& target) {
  const bool has_password = hide_passwords(target);
  const auto scheme = target.find("://");
  if (scheme != std::string::npos &&
      std::count(target.begin() + static_cast<std::ptrdiff_t>(scheme),
                 target.begin() + static_cast<std::ptrdiff_t>(
                                      std::min(target.find('/', scheme + 3), target.size())),
                 '@') > 1)
    throw Error(Fault::usage,
                "--to has more than one @ before the database: write %40 for one that is "
                "part of the user or password");
  char* message = nullptr;
  PQconninfoOption* const options = PQconninfoParse(target.c_str(), &message);
  // What libpq cannot read it may quote.
  const std::string said = has_password ? "it cannot be read" : cleaned(message);
  PQfreemem(message);
  if (options == nullptr)
    throw Error(
        Fault::usage,
        fmt::format("--to takes postgresql://HOST/DATABASE or service=NAME, as psql does ({})",
                    said));
  for (const auto* option = options; option->keyword != nullptr; ++option) {
    const bool is_secret = std::string_view(option->dispchar) == "*";
    if (!is_secret || option->val == nullptr || *option->val == '\0') continue;
    base::log::redact(option->val);
    base::log::warning(
        "a password on the command line can be seen by other users of this machine: keep it in "
        "~/.pgpass or in a file named by PGPASSFILE");
  }
  PQconninfoFree(options);
}

/// What a failed connection means: servers say why they refuse, the network does not.
Fault connection_fault(PGconn* connection, const std::string& message) {
  if (PQconnectionNeedsPassword(connection) == 1 || PQconnectionUsedPassword(connection) == 1)
    return Fault::denied;
  const bool is_passing = message.find("the database system is") != std::string::npos ||
                          message.find("too many") != std::string::npos ||
                          message.find("connection slots") != std::string::npos;
  return message.find("FATAL") != std::string::npos && !is_passing ? Fault::denied
                                                                   : Fault::unavailable;
}

struct Meaning {
  std::string_view state;  ///< SQLSTATE, or its class
  Fault fault;
  std::string_view advice;
};
constexpr std::array kMeanings{
    Meaning{"42501", Fault::denied, "grant it, or publish as another user"},
    Meaning{"25006", Fault::denied, "it is read only: publish to the primary server"},
    Meaning{"28", Fault::denied, "check user and password"},
    Meaning{"40", Fault::busy, "another program works on the same tables: run again"},
    Meaning{"55P03", Fault::busy, "another program holds the tables: run again"},
    Meaning{"53100", Fault::storage, "free space on the server and run again"},
    Meaning{"53", Fault::unavailable, "run again later"},
    Meaning{"57", Fault::unavailable, "run again; nothing was published by half"},
    Meaning{"08", Fault::unavailable, "run again; nothing was published by half"},
    Meaning{
        "2BP01", Fault::storage,
        "the layout of the target changes: drop what depends on it and run again, or publish to "
        "another --schema"},
    Meaning{"42P07", Fault::storage, "name a schema of its own with --schema"},
};

}  // namespace

void Connection::Close::operator()(pg_conn* c) const { PQfinish(c); }
void Connection::Clear::operator()(pg_result* r) const { PQclear(r); }

Connection::Connection(const std::string& target) {
  check_target(target);
  const char* const names[] = {"dbname", "fallback_application_name", "client_encoding", nullptr};
  const char* const values[] = {target.c_str(), "csatdb", "UTF8", nullptr};
  connection_.reset(PQconnectdbParams(names, values, 1));
  if (PQstatus(connection_.get()) == CONNECTION_OK) {
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char* text) { base::log::debug("{}", cleaned(text)); },
        nullptr);
    return;
  }
  const auto message = cleaned(PQerrorMessage(connection_.get()));
  const auto fault = connection_fault(connection_.get(), message);
  throw Error(
      fault, fmt::format("the target cannot be opened ({}): {}", message,
                         fault == Fault::denied ? "check user, password and database"
                                                : "check host and port, and that the server runs"));
}
Connection::~Connection() = default;

void Connection::check(const pg_result* result) const {
  const auto status = PQresultStatus(result);
  if (status != PGRES_FATAL_ERROR && status != PGRES_BAD_RESPONSE && result != nullptr) return;
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == nullptr || PQstatus(connection_.get()) != CONNECTION_OK)
    throw Error(Fault::unavailable,
                fmt::format("the connection to the target broke ({}): run again; nothing is "
                            "published by half",
                            cleaned(PQerrorMessage(connection_.get()))));
  if (base::stop::requested() && std::string_view(state) == "57014")
    throw Error(Fault::interrupted, "interrupted; the target is as it was");
  const auto message = cleaned(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  for (const auto& meaning : kMeanings)
    if (std::string_view(state).starts_with(meaning.state))
      throw Error(meaning.fault,
                  fmt::format("the target refuses ({}): {}", message, meaning.advice));
  throw Error(
      Fault::storage,
      fmt::format("the target refuses a statement ({}, {}): it is as it was", message, state));
}

void Connection::wait_until_ready() {
  while (true) {
    if (PQconsumeInput(connection_.get()) == 0) check(nullptr);
    if (PQisBusy(connection_.get()) == 0) return;
    if (base::stop::requested()) {
      // Again and again: a server that has not begun the statement yet ignores it.
      std::array<char, 256> ignored{};
      PGcancel* const cancel = PQgetCancel(connection_.get());
      PQcancel(cancel, ignored.data(), static_cast<int>(ignored.size()));
      PQfreeCancel(cancel);
    }
    pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
    poll(&socket, 1, kLookUpMs);
  }
}

Connection::Result Connection::next_result() {
  wait_until_ready();
  return Result(PQgetResult(connection_.get()));
}

Connection::Result Connection::execute(const std::string& sql,
                                       const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const auto& each : parameters) values.push_back(each.c_str());
  const int sent =
      PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0);
  if (sent == 0) check(nullptr);
  Result first = next_result();
  check(first.get());
  // In COPY the next result waits for the data.
  if (PQresultStatus(first.get()) == PGRES_COPY_IN) return first;
  while (const Result rest = next_result()) check(rest.get());
  return first;
}

Connection::Rows Connection::query(const std::string& sql,
                                   const std::vector<std::string>& parameters) {
  const Result result = execute(sql, parameters);
  Rows rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (int r = 0; r < PQntuples(result.get()); ++r) {
    for (int c = 0; c < PQnfields(result.get()); ++c) {
      Text value;
      if (PQgetisnull(result.get(), r, c) == 0) value = PQgetvalue(result.get(), r, c);
      rows[static_cast<std::size_t>(r)].push_back(std::move(value));
    }
  }
  return rows;
}

std::int64_t Connection::run(const std::string& sql, const std::vector<std::string>& parameters) {
  const Result result = execute(sql, parameters);
  return std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
}

void Connection::begin_copy(const std::string& sql) { execute(sql, {}); }

void Connection::copy(std::string_view bytes) {
  if (PQputCopyData(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) != 1)
    check(nullptr);
  // A server that has given up says so only at the end of the data.
  if (PQconsumeInput(connection_.get()) == 0) check(nullptr);
}

std::int64_t Connection::end_copy() {
  if (PQputCopyEnd(connection_.get(), nullptr) != 1) check(nullptr);
  const Result result = next_result();
  check(result.get());
  while (const Result rest = next_result()) check(rest.get());
  return std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
}

std::string Connection::quoted(std::string_view identifier) const {
  char* const made = PQescapeIdentifier(connection_.get(), identifier.data(), identifier.size());
  const std::string text = made != nullptr ? made : "";
  PQfreemem(made);
  return text;
}

std::string Connection::described() const {
  const std::string host = PQhost(connection_.get());
  if (host.starts_with('/')) return fmt::format("{} on this machine", PQdb(connection_.get()));
  return fmt::format("{} on {}:{}", PQdb(connection_.get()), host, PQport(connection_.get()));
}

std::string text_array(const std::vector<std::string>& texts) {
  std::string out = "{";
  for (const auto& text : texts) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + '}';
}

}  // namespace csatdb::publish
