#include "support/desk.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "sim/in_process.hpp"

namespace csatdb::support {
namespace {

constexpr std::size_t kMostBytes = 64 << 20;

sim::Options without_limit(sim::Options options) {
  options.rate = 0;
  options.job_delay = base::Millis{0};
  return options;
}

/// The service's answers, altered.
class Altered final : public http::Transport {
 public:
  explicit Altered(Desk& desk) : desk_(desk), inner_(desk.service, desk.now) {}
  void start(http::Ticket ticket, http::Request request) override {
    requests_[ticket] = request;
    inner_.start(ticket, std::move(request));
  }
  std::vector<http::Answer> wait(base::Millis at_most) override {
    auto answers = inner_.wait(at_most);
    for (auto& answer : answers) {
      if (!desk_.alter || answer.response.failure != http::Failure::none) continue;
      http::unpack(answer.response, kMostBytes);
      http::Headers plain;
      for (const auto& [name, value] : answer.response.headers) {
        if (name != "Content-Encoding") plain.set(name, value);
      }
      answer.response.headers = plain;
      desk_.alter(requests_[answer.ticket], answer.response.body);
    }
    return answers;
  }

 private:
  Desk& desk_;
  sim::InProcess inner_;
  std::map<http::Ticket, http::Request> requests_;
};

}  // namespace

sim::Organisation Desk::organisation(int days, std::int64_t conversations) {
  sim::Organisation o;
  o.first_day = base::day_of(kNow) - std::chrono::days(days);
  o.days = days;
  o.interactions = conversations;
  return o;
}

Desk::Desk(const sim::Organisation& organisation, sim::Options options)
    : world(organisation), service(world, now, without_limit(std::move(options))) {
  time = &now;
  transport = [this](int) { return std::make_unique<Altered>(*this); };
  variables["GENESYS_ENV_URL"] = "https://api.mypurecloud.com";
  variables["GENESYS_CLIENT_ID"] = "demo";
  variables["GENESYS_CLIENT_SECRET"] = "demo-secret";
  variables["CSATDB_RATE"] = "0";
}

Desk::Result Desk::run_well(const std::vector<std::string>& arguments) {
  auto result = run(arguments);
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  return result;
}

std::vector<std::string> Desk::rows(const std::string& sql, const std::string& file) const {
  SQLite::Database database((folder / file).string(), SQLite::OPEN_READONLY);
  SQLite::Statement query(database, sql);
  std::vector<std::string> found;
  while (query.executeStep()) {
    std::string row;
    for (int i = 0; i < query.getColumnCount(); ++i)
      row += (i > 0 ? "|" : "") + query.getColumn(i).getString();
    found.push_back(row);
  }
  return found;
}

std::string Desk::value(const std::string& sql, const std::string& file) const {
  const auto found = rows(sql, file);
  return found.empty() ? "" : found.front();
}

std::string Desk::bytes(const std::string& file) const {
  std::string all;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::ifstream in(folder / (file + suffix), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    all += text.str();
  }
  return all;
}

}  // namespace csatdb::support
