#include "cli/session.hpp"

#include "base/log.hpp"

namespace csatdb::cli {

const Options& Session::options() {
  if (!options_) {
    options_ = read_options(process_, globals_, flags_);
    for (const auto& warning : options_->warnings) base::log::warning("{}", warning);
  }
  return *options_;
}

const Identity& Session::identity() {
  if (!identity_) identity_ = cli::identity(process_, options().layers);
  return *identity_;
}

api::Client& Session::client(int attempts) {
  if (client_) return *client_;
  auto where = hosts(identity());
  api::Credentials who{identity().client_id.items.front(), secret(process_, identity())};
  transport_ = process_.transport(options().parallel.value);
  client_ = std::make_unique<api::Client>(
      *transport_, process_.clock, std::move(where), std::move(who),
      api::Pacing{options().rate.value, options().budget.value, attempts});
  return *client_;
}

void Session::disconnect() {
  client_.reset();
  transport_.reset();
}

}  // namespace csatdb::cli
