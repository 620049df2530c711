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

}  // namespace csatdb::cli
