#pragma once

namespace csatdb::base::stop {

/// From here on SIGINT and SIGTERM ask for a clean end instead of killing the process; a second signal kills.
void install();
/// Whether a clean end was asked for. Looked at between pages.
bool requested();
/// Asks for a clean end, as a signal would (tests, `--max-time`).
void request();
/// Forgets a request (tests, a new round of `--watch`).
void reset();

}  // namespace csatdb::base::stop
