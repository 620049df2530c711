#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "support/desk.hpp"

namespace csatdb::tests {
namespace {

using support::Desk;

const std::string kSecret = "s3cret-Pf9wLk2vQx7Z";

/// Takes what is written to the process's own stderr, where log lines go.
class Stderr {
 public:
  Stderr() : before_(dup(STDERR_FILENO)), path_((folder_ / "stderr").string()) {
    const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDERR_FILENO);
    close(file);
  }
  ~Stderr() { give_back(); }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;

  std::string text() {
    give_back();
    std::ifstream in(path_);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }

 private:
  void give_back() {
    if (before_ < 0) return;
    dup2(before_, STDERR_FILENO);
    close(before_);
    before_ = -1;
  }
  support::TempFolder folder_;
  int before_;
  std::string path_;
};

/// A desk whose secret, and whatever token it is given, must never be seen.
struct Vault {
  Desk desk{Desk::organisation(2, 40)};
  std::vector<std::string> hidden{kSecret};
  std::string seen;  // everything that could hold them

  Vault() {
    desk.service.options().client_secret = kSecret;
    desk.variables["GENESYS_CLIENT_SECRET"] = kSecret;
    desk.alter = [this](const http::Request& request, std::string& body) {
      if (const auto sent = request.headers.get("Authorization"))
        hidden.emplace_back(sent->substr(sent->find(' ') + 1));
      answer(request, body);
    };
  }
  std::function<void(const http::Request&, std::string&)> answer = [](const http::Request&,
                                                                      std::string&) {};

  int run(const std::vector<std::string>& arguments) {
    Stderr log;
    const auto result = desk.run(arguments);
    seen += result.out + result.err + log.text();
    return result.code;
  }
  /// Of what must be hidden, what can be seen.
  std::vector<std::string> leaks() {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(desk.folder.path())) {
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream all;
      all << in.rdbuf();
      seen += entry.path().string() + all.str();
    }
    for (const char* file : {"/proc/self/cmdline", "/proc/self/comm"}) {
      std::ifstream in(file);
      std::ostringstream all;
      all << in.rdbuf();
      seen += all.str();
    }
    std::vector<std::string> found;
    for (const auto& text : hidden) {
      if (seen.find(text) != std::string::npos) found.push_back(text);
    }
    return found;
  }
};

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("secret, token and privacy key are in no file, no output and no log line") {
    Vault vault;
    CHECK(vault.run({"-v", "-v", "sync", "--since", "5d"}) == 0);
    CHECK(vault.run({"-v", "-v", "--log-format", "json", "sync"}) == 0);
    CHECK(vault.run({"config", "show"}) == 0);
    CHECK(vault.run({"config", "show", "--json"}) == 0);
    CHECK(vault.hidden.size() > 3);
    std::ifstream key(vault.desk.home / ".config/csatdb/privacy.key");
    std::string digits;
    key >> digits;
    REQUIRE(digits.size() == 64);
    vault.hidden.push_back(digits);
    CHECK(vault.leaks().empty());
  }

  TEST_CASE("nor do they show when a run fails, even where the service repeats them") {
    Vault vault;
    struct Row {
      const char* what;
      std::function<void(const http::Request&, std::string&)> answer;
    };
    const auto said = [](const http::Request& request) {
      return std::string(request.headers.get("Authorization").value_or(""));
    };
    for (const auto& row :
         {Row{"no JSON",
              [&](const auto&request, auto&body) { body = "<b>" + said(request) + kSecret; }},
          Row{"a name that is the secret", [&](const auto&request, auto&body) {
                body = "{\"message\":\"" + said(request) + " " + kSecret + "\",\"code\":\"" +
                       kSecret + "\"}";
              }}}) {
      CAPTURE(row.what);
      for (const char* fault : {"what=none", "what=400,times=0", "what=403,times=0",
                                "what=500,times=0", "what=401,times=0"}) {
        CAPTURE(std::string(fault));
        std::filesystem::remove(vault.desk.folder / "csat.db");
        std::vector<sim::Fault> faults;
        if (const auto planned = sim::Fault::parse(fault)) faults.push_back(*planned);
        vault.desk.service.plan(std::move(faults));
        vault.answer = row.answer;
        CHECK(vault.run({"-v", "-v", "sync", "--since", "3d"}) != 0);
        CHECK(vault.leaks().empty());
      }
    }
  }

  TEST_CASE("a refused secret is not shown, wherever it comes from") {
    Vault vault;
    vault.desk.service.options().client_secret = "another";
    CHECK(vault.run({"-v", "-v", "sync"}) == 4);
    vault.desk.variables.erase("GENESYS_CLIENT_SECRET");
    vault.desk.variables.erase("GENESYS_CLIENT_ID");
    vault.desk.variables.erase("GENESYS_ENV_URL");
    const std::string rest = "client_id = \"demo\"\nregion = \"us-east-1\"\n";
    vault.desk.home.write("secret", kSecret + "\n");
    vault.desk.home.write(".config/csatdb/config.toml", rest + "secret_file = \"~/secret\"\n");
    CHECK(vault.run({"-v", "-v", "sync"}) == 4);
    vault.desk.home.write(".config/csatdb/config.toml",
                          rest + "secret_command = \"echo " + kSecret + "\"\n");
    CHECK(vault.run({"-v", "-v", "sync"}) == 4);
    vault.desk.home.write(".config/csatdb/config.toml", rest);
    vault.desk.home.write("credentials/client_secret", kSecret);
    vault.desk.variables["CREDENTIALS_DIRECTORY"] = (vault.desk.home / "credentials").string();
    CHECK(vault.run({"-v", "-v", "sync"}) == 4);
    vault.desk.folder.write(".env", "GENESYS_CLIENT_SECRET=" + kSecret + "\n", 0644);
    CHECK(vault.run({"sync"}) == 2);
    std::filesystem::remove(vault.desk.folder / ".env");
    CHECK(vault.leaks().empty());
  }
}

}  // namespace csatdb::tests
