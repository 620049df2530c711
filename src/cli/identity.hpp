#pragma once

#include <string>
#include <vector>

#include "api/hosts.hpp"
#include "api/token.hpp"
#include "cli/process.hpp"
#include "cli/setting.hpp"

namespace csatdb::cli {

/// As whom and where csatdb logs in. Client id, secret and host come from one layer, so that a
/// stray `.env` or variable cannot draw a secret to another host.
struct Identity {
  Entry client_id;
  std::string secret_key;  ///< which of client_secret, secret_file, secret_command, credential
  Entry secret;            ///< the secret itself, the file, or the command
  bool is_url = false;     ///< the host is a base URL, not a region
  Entry host;
};

/// Picks the strongest layer that says anything of client id, secret or host. Throws Fault::usage
/// if nothing does, or if that layer leaves out what another one would have to add; says which line
/// to move.
Identity identity(const Process& process, const std::vector<Layer>& layers);

/// The secret, fetched from where the identity says. Throws Fault::usage if the file is missing or
/// not private, or the command fails. What it returns never appears in a log line.
std::string secret(const Process& process, const Identity& identity);

/// Where the identity's host answers. Throws Fault::usage, naming the origin, for what is no host.
api::Hosts hosts(const Identity& identity);

/// Whether a layer says anything that belongs to an identity.
bool speaks_of_identity(const Layer& layer);

}  // namespace csatdb::cli
