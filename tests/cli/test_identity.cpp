#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/options.hpp"
#include "cli/shell.hpp"

using namespace csatdb;
using support::Shell;

namespace {

constexpr auto kToml = ".config/csatdb/config.toml";
constexpr auto kGc = ".gc/config.toml";

struct Found {
  std::string id, secret, host, refusal;
  std::vector<std::string> warnings;
};

/// As whom and where the machine would log in, or why it would not.
Found identity(Shell& shell, cli::Globals globals = {}) {
  Found found;
  shell.in_process([&](cli::Process& process) {
    try {
      const auto options = read_options(process, globals, {cli::Source::flag, "flags", {}});
      const auto who = identity(process, options.layers);
      found = {who.client_id.items.front(), secret(process, who), who.host.items.front(), "",
               options.warnings};
    } catch (const base::Error& error) {
      CHECK(error.fault() == base::Fault::usage);
      found.refusal = error.what();
    }
    return 0;
  });
  return found;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void set_environment(Shell& shell) {
  shell.variables["GENESYSCLOUD_OAUTHCLIENT_ID"] = "env-id";
  shell.variables["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = "env-secret";
  shell.variables["GENESYSCLOUD_REGION"] = "eu-west-1";
}

void set_file(Shell& shell) {
  shell.home.write(kToml,
                   "client_id = \"toml-id\"\nclient_secret = \"toml-secret\"\n"
                   "region = \"eu-central-1\"\n");
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("id, secret and host are the strongest layer's, all three") {
    Shell shell;
    CHECK(contains(identity(shell).refusal, "csatdb init"));

    shell.home.write(kGc,
                     "[default]\nenvironment=\"mypurecloud.jp\"\nclient_credentials=\"gc-id\"\n"
                     "client_secret=\"gc-secret\"\ngrant_type=\"1\"\n");
    CHECK(identity(shell).id == "gc-id");
    CHECK(identity(shell).host == "mypurecloud.jp");

    set_file(shell);
    CHECK(identity(shell).id == "toml-id");
    CHECK(identity(shell).secret == "toml-secret");
    CHECK(identity(shell).host == "eu-central-1");

    shell.folder.write(".env",
                       "GENESYS_CLIENT_ID=dot-id\nGENESYS_CLIENT_SECRET=dot-secret\n"
                       "GENESYS_ENV_URL=http://127.0.0.1:8080\n");
    CHECK(identity(shell).id == "dot-id");
    CHECK(identity(shell).host == "http://127.0.0.1:8080");

    set_environment(shell);
    CHECK(identity(shell).id == "env-id");
    CHECK(identity(shell).secret == "env-secret");
    CHECK(identity(shell).host == "eu-west-1");
  }

  TEST_CASE("a stray variable or .env cannot draw a secret to another host") {
    for (const std::string name : {"GENESYS_ENV_URL", "GENESYSCLOUD_REGION"}) {
      Shell shell;
      set_file(shell);
      shell.folder.write(".env", name + "=evil.example\n");
      auto refusal = identity(shell).refusal;
      CHECK(contains(refusal, name + " in .env is set, but .env has no client id"));
      CHECK(contains(refusal, "remove"));
      std::filesystem::remove(shell.folder / ".env");

      shell.variables[name] = "evil.example";
      CHECK(contains(identity(shell).refusal, "the environment has no client id"));
    }
  }

  TEST_CASE("a secret of one layer is never sent to a host that only another layer names") {
    Shell shell;
    set_environment(shell);
    shell.variables.erase("GENESYSCLOUD_REGION");
    CHECK(identity(shell).host == "us-east-1");
    shell.home.write(kToml, "region = \"eu-central-1\"\n");
    CHECK(contains(identity(shell).refusal, "the region from ~/.config/csatdb/config.toml:1:1"));
  }

  TEST_CASE("an id without a secret does not borrow one") {
    Shell shell;
    set_file(shell);
    shell.variables["GENESYS_CLIENT_ID"] = "env-id";
    const auto refusal = identity(shell).refusal;
    CHECK(contains(refusal, "the environment has no client secret"));
    CHECK(contains(refusal, "Set GENESYSCLOUD_OAUTHCLIENT_SECRET there"));
    CHECK(!contains(refusal, "toml-secret"));
  }

  TEST_CASE("a profile replaces host and secret as wholes") {
    Shell shell;
    shell.home.write(kToml, R"(client_id = "id"
client_secret = "toml-top"
base_url = "https://api.top.example"
[profiles.a]
region = "eu-west-1"
secret_command = "echo cmd-of-profile"
)");
    CHECK(identity(shell).host == "https://api.top.example");
    const auto found = identity(shell, {"a", {}});
    CHECK(found.host == "eu-west-1");
    CHECK(found.secret == "cmd-of-profile");
    CHECK(found.id == "id");
  }

  TEST_CASE("a secret file must be private") {
    Shell shell;
    shell.home.write(kToml, "client_id = \"id\"\nsecret_file = \"~/secret\"\n");
    CHECK(contains(identity(shell).refusal, "there is no file ~/secret"));
    shell.home.write("secret", "file-secret\n");
    CHECK(identity(shell).secret == "file-secret");
    shell.home.write("secret", "file-secret\n", 0640);
    CHECK(contains(identity(shell).refusal, "others can read it"));
    shell.home.write("secret", "file-secret\n", 0602);
    CHECK(contains(identity(shell).refusal, "others can write it"));
    shell.home.write("secret", "\n");
    CHECK(contains(identity(shell).refusal, "empty client secret"));
  }

  TEST_CASE("a file of another user is refused") {
    if (geteuid() != 0) return;  // only root can give a file away
    Shell shell;
    const auto dotenv = shell.folder.write(".env", "CSATDB_PARALLEL=2\n");
    REQUIRE(chown(dotenv.c_str(), 12345, 12345) == 0);
    CHECK(contains(identity(shell).refusal, "belongs to another user"));
    std::filesystem::remove(dotenv);

    set_file(shell);
    REQUIRE(chown((shell.home / kToml).c_str(), 12345, 12345) == 0);
    CHECK(contains(identity(shell).refusal, "belongs to another user"));

    shell.home.write(kToml + std::string("2"), "client_id = \"id\"\nsecret_file = \"~/secret\"\n");
    std::filesystem::rename(shell.home / (kToml + std::string("2")), shell.home / kToml);
    const auto secret = shell.home.write("secret", "s3cret");
    REQUIRE(chown(secret.c_str(), 12345, 12345) == 0);
    CHECK(contains(identity(shell).refusal, "belongs to another user"));
  }

  TEST_CASE("a secret command's first line is the secret; its failure is told without its output") {
    Shell shell;
    shell.home.write(
        kToml, "client_id = \"id\"\nsecret_command = \"printf 'cmd-secret\\\\nrest\\\\n'\"\n");
    CHECK(identity(shell).secret == "cmd-secret");
    CHECK(base::log::redacted("x cmd-secret y") == "x *** y");
    shell.home.write(kToml, "client_id = \"id\"\nsecret_command = \"echo leaked; exit 3\"\n");
    CHECK(contains(identity(shell).refusal, "failed (exit status 3)"));
    CHECK(!contains(identity(shell).refusal, "leaked"));
    shell.home.write(kToml, "client_id = \"id\"\nsecret_command = \"true\"\n");
    CHECK(contains(identity(shell).refusal, "empty client secret"));
  }

  TEST_CASE("the service manager's credential serves the environment and the file, never a .env") {
    Shell shell;
    shell.home.write("credentials/client_secret", "unit-secret\n", 0440);
    shell.variables["CREDENTIALS_DIRECTORY"] = (shell.home / "credentials").string();
    shell.home.write(kToml, "client_id = \"id\"\nregion = \"eu-west-1\"\n");
    CHECK(identity(shell).secret == "unit-secret");
    shell.folder.write(".env", "GENESYS_CLIENT_ID=x\nGENESYS_ENV_URL=https://evil.example\n");
    CHECK(contains(identity(shell).refusal, ".env has no client secret"));
    std::filesystem::remove(shell.folder / ".env");
    shell.variables["GENESYSCLOUD_OAUTHCLIENT_ID"] = "env-id";
    shell.variables["GENESYSCLOUD_REGION"] = "eu-west-2";
    CHECK(identity(shell).secret == "unit-secret");
    CHECK(identity(shell).id == "env-id");
  }

  TEST_CASE("of the official CLI only client-credentials profiles are used") {
    const std::string client =
        "environment=\"euw2.pure.cloud\"\nclient_credentials=\"gc-id\"\n"
        "client_secret=\"gc-secret\"\n";
    struct Row {
      std::string profile, extra, wanted;
      bool used;
    };
    for (const auto& row :
         {Row{"DEFAULT", "", "", true}, Row{"default", "grant_type=\"1\"\n", "", true},
          Row{"Emea", "", "EMEA", true}, Row{"emea", "", "", false},
          Row{"DEFAULT", "grant_type=\"2\"\n", "", false},
          Row{"DEFAULT", "grant_type=\"3\"\n", "", false}}) {
      Shell shell;
      shell.home.write(kGc, "[" + row.profile + "]\n" + client + row.extra);
      cli::Globals globals;
      if (!row.wanted.empty()) globals.profile = row.wanted;
      const auto found = identity(shell, globals);
      CAPTURE(row.profile);
      CAPTURE(row.extra);
      CHECK((found.id == "gc-id") == row.used);
      if (!row.used) CHECK(contains(found.refusal, "no OAuth client is configured"));
    }
    Shell shell;
    shell.home.write(kGc,
                     "[DEFAULT]\nenvironment=\"localhost:8080\"\nclient_credentials=\"i\"\n"
                     "client_secret=\"gc-secret-2\"\n",
                     0644);
    const auto found = identity(shell);
    CHECK(found.host == "http://localhost:8080");
    REQUIRE(found.warnings.size() == 1);
    CHECK(contains(found.warnings[0], "others can read it"));
  }

  TEST_CASE("a host that is none is refused under the name of its origin") {
    struct Row {
      const char *variable, *text, *answer;
    };
    for (const auto& row :
         {Row{"GENESYSCLOUD_REGION", "eu-wset-1", "region (GENESYSCLOUD_REGION): "},
          Row{"GENESYS_ENV_URL", "http://api.mypurecloud.ie", "base_url (GENESYS_ENV_URL): "},
          Row{"GENESYS_ENV_URL", "https://user:pass@api.mypurecloud.ie",
              "base_url (GENESYS_ENV_URL): "}}) {
      Shell shell;
      set_environment(shell);
      shell.variables[row.variable] = row.text;
      const auto result = shell.run({"config", "show"});
      CHECK(result.code == 2);
      CHECK(contains(result.err, row.answer));
    }
    Shell shell;
    set_environment(shell);
    for (const char* name : {"eu-west-1", "EU_WEST_1", "mypurecloud.ie"}) {
      shell.variables["GENESYSCLOUD_REGION"] = name;
      CHECK(shell.run({"config", "show"}).code == 0);
    }
  }

  TEST_CASE("a damaged file of the official CLI warns, and stops nothing") {
    Shell shell;
    shell.home.write(kGc, "[DEFAULT\n");
    shell.in_process([&](cli::Process& process) {
      const auto options = read_options(process, {}, {cli::Source::flag, "flags", {}});
      CHECK(options.warnings.size() == 1);
      return 0;
    });
  }
}
