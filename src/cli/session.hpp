#pragma once

#include <memory>
#include <optional>

#include "api/client.hpp"
#include "cli/options.hpp"
#include "cli/process.hpp"

namespace csatdb::cli {

/// One command line while it runs: the world outside, and what the user set, read when first asked
/// for.
class Session {
 public:
  Session(Process& process, Globals globals, Layer flags)
      : process_(process), globals_(std::move(globals)), flags_(std::move(flags)) {}

  Process& process() { return process_; }
  const Globals& globals() const { return globals_; }
  std::ostream& out() { return process_.out; }
  std::ostream& err() { return process_.err; }

  /// Throws Fault::usage for what the user must mend.
  const Options& options();
  /// As whom and where requests go.
  const Identity& identity();
  /// The door to the API, for the session's identity and pacing, made at the first call; nothing is
  /// sent before the first request.
  api::Client& client(int attempts = api::kMostAttempts);
  /// Forgets the connection: the next one is made with the secret read again.
  void disconnect();

 private:
  Process& process_;
  Globals globals_;
  Layer flags_;
  std::optional<Options> options_;
  std::optional<Identity> identity_;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<api::Client> client_;
};

}  // namespace csatdb::cli
