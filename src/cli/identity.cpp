#include "cli/identity.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <initializer_list>
#include <memory>

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/private_file.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

constexpr std::array<std::string_view, 3> kSecretKeys{"client_secret", "secret_file",
                                                      "secret_command"};
constexpr std::array<std::string_view, 2> kHostKeys{"base_url", "region"};
/// The file in $CREDENTIALS_DIRECTORY, where systemd's LoadCredential= puts it.
constexpr std::string_view kCredential = "client_secret";

std::string_view first_of(const Layer& layer, std::span<const std::string_view> keys) {
  const auto at = std::ranges::find_if(keys, [&](auto key) { return layer.has(key); });
  return at == keys.end() ? std::string_view{} : *at;
}

std::filesystem::path credential_path(const Process& process) {
  const auto folder = process.variable("CREDENTIALS_DIRECTORY");
  return folder ? std::filesystem::path(*folder) / kCredential : std::filesystem::path{};
}

/// The service manager's credential stands in for a secret of the environment or the user's own
/// file, never for one of a file that happens to lie in the current folder.
bool credential_counts(const Process& process, const Layer& layer) {
  const bool trusted = layer.source == Source::environment || layer.source == Source::file;
  return trusted && std::filesystem::exists(credential_path(process));
}

/// How the user may say a thing in this layer.
std::string spelling(const Layer& layer, std::string_view key) {
  if (layer.source == Source::file) return std::string(key);
  return std::string(find_setting(key)->variables.front());
}

/// The first origin that the layer gives for anything of the identity.
const std::string& first_origin(const Layer& layer) {
  for (const auto key :
       {"client_id", "client_secret", "secret_file", "secret_command", "base_url", "region"}) {
    if (const auto* entry = layer.find(key)) return entry->origin;
  }
  return layer.name;
}

[[noreturn]] void refuse_incomplete(const Layer& layer, std::string_view missing,
                                    const std::vector<Layer>& layers) {
  std::string elsewhere;
  for (const auto& other : layers) {
    if (&other != &layer && speaks_of_identity(other))
      elsewhere = fmt::format(", or remove {} to use {}", first_origin(layer), other.name);
  }
  throw Error(
      Fault::usage,
      fmt::format("{} is set, but {} has no {}: client id, secret and region must come from "
                  "one place. Set {} there{}",
                  first_origin(layer), layer.name, missing,
                  spelling(layer, missing == "client id" ? "client_id" : "client_secret"),
                  elsewhere));
}

Entry host_of(const Layer& layer, const std::vector<Layer>& layers) {
  if (const auto key = first_of(layer, kHostKeys); !key.empty()) return *layer.find(key);
  for (const auto& other : layers) {
    const auto key = first_of(other, kHostKeys);
    if (key.empty()) continue;
    throw Error(
        Fault::usage,
        fmt::format("client id and secret come from {}, but the region from {}: they must "
                    "come from one place. Set {} in {} too",
                    layer.name, other.find(key)->origin, spelling(layer, "region"), layer.name));
  }
  return {{std::string(find_setting("region")->fallback)}, "default"};
}

std::string first_line_of(std::string text, const std::string& origin) {
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty())
    throw Error(Fault::usage, fmt::format("{} gave an empty client secret", origin));
  base::log::redact(text);
  return text;
}

std::string read_secret_file(const Process& process, const Identity& identity) {
  const auto path = process.resolve(identity.secret.items.front());
  const auto shown = process.shown(path);
  const auto file = read_checked(path, shown);
  if (!file)
    throw Error(Fault::usage,
                fmt::format("{}: there is no file {}", identity.secret.origin, shown));
  if (!file->is_private()) {
    throw Error(Fault::usage, fmt::format("{} holds the client secret, but {}: make it yours alone "
                                          "(chmod 600)",
                                          shown, file->exposure()));
  }
  return first_line_of(file->text, shown);
}

std::string run_secret_command(const Identity& identity) {
  const auto& command = identity.secret.items.front();
  const std::string origin = "secret_command at " + identity.secret.origin;
  int status = -1;
  std::string text;
  {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "re"), pclose);
    if (pipe == nullptr) throw Error(Fault::usage, origin + " cannot be run");
    // A secret is a line; a command that prints more than 64 KiB is not the one that was meant.
    std::array<char, 4096> buffer;
    while (text.size() < (64U << 10)) {
      const auto got = fread(buffer.data(), 1, buffer.size(), pipe.get());
      if (got == 0) break;
      text.append(buffer.data(), got);
    }
    status = pclose(pipe.release());
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(Fault::usage,
                fmt::format("{} failed ({})", origin,
                            WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                              : "killed by a signal"));
  }
  return first_line_of(std::move(text), origin);
}

}  // namespace

bool speaks_of_identity(const Layer& layer) {
  return layer.has("client_id") || !first_of(layer, kSecretKeys).empty() ||
         !first_of(layer, kHostKeys).empty();
}

Identity identity(const Process& process, const std::vector<Layer>& layers) {
  const auto layer = std::ranges::find_if(layers, speaks_of_identity);
  if (layer == layers.end()) {
    throw Error(Fault::usage,
                "no OAuth client is configured: run `csatdb init`, or set "
                "GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET and "
                "GENESYSCLOUD_REGION");
  }
  Identity found;
  const auto* id = layer->find("client_id");
  if (id == nullptr) refuse_incomplete(*layer, "client id", layers);
  found.client_id = *id;
  found.secret_key = first_of(*layer, kSecretKeys);
  if (!found.secret_key.empty()) {
    found.secret = *layer->find(found.secret_key);
  } else if (credential_counts(process, *layer)) {
    found.secret_key = "credential";
    found.secret = {{credential_path(process).string()}, "$CREDENTIALS_DIRECTORY/client_secret"};
  } else {
    refuse_incomplete(*layer, "client secret", layers);
  }
  found.is_url = layer->has("base_url");
  found.host = host_of(*layer, layers);
  return found;
}

std::string secret(const Process& process, const Identity& identity) {
  if (identity.secret_key == "secret_file") return read_secret_file(process, identity);
  if (identity.secret_key == "secret_command") return run_secret_command(identity);
  if (identity.secret_key == "credential") {
    // The service manager sets its mode and owner, with access lists that look like a loose mode.
    const auto file = read_checked(identity.secret.items.front(), identity.secret.origin);
    return first_line_of(file ? file->text : "", identity.secret.origin);
  }
  return first_line_of(identity.secret.items.front(), identity.secret.origin);
}

api::Hosts hosts(const Identity& identity) {
  const auto& text = identity.host.items.front();
  try {
    return identity.is_url ? api::hosts_of_url(text) : api::hosts_of_region(text);
  } catch (const Error& error) {
    throw Error(error.fault(), fmt::format("{} ({}): {}", identity.is_url ? "base_url" : "region",
                                           identity.host.origin, error.what()));
  }
}

}  // namespace csatdb::cli
