#include "cli/privacy.hpp"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "cli/private_file.hpp"
#include "warehouse/erasure.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;
namespace fs = std::filesystem;

// A rewrite of so many bytes takes seconds; of more it waits until there is a month's worth.
constexpr std::int64_t kCompactAtOnceBytes = std::int64_t{1} << 30;
constexpr base::Millis kCompactAfter = std::chrono::days(30);

/// Where the key is: as configured, else beside the user's configuration, else (no home folder)
/// beside the warehouse.
fs::path key_path(const Process& process, const Options& options) {
  if (!options.privacy_key_file.value.empty()) return options.privacy_key_file.value;
  if (const auto config = default_config_path(process))
    return config->parent_path() / "privacy.key";
  return fs::path(options.database.value).concat(".key");
}

std::string from_hex(std::string_view digits) {
  const auto value = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const int high = value(digits[i]);
    const int low = value(digits[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// The key in the file; nothing if there is no file.
std::optional<std::string> read_key(const fs::path& path, const std::string& shown) {
  const auto file = read_checked(path, shown);
  if (!file) return std::nullopt;
  if (!file->is_private())
    throw Error(Fault::usage, fmt::format("{} holds the privacy key, but {}: make it yours alone "
                                          "(chmod 600)",
                                          shown, file->exposure()));
  const std::string digits = file->text.substr(0, file->text.find_first_of("\r\n"));
  base::log::redact(digits);
  auto key = from_hex(digits);
  if (key.size() != warehouse::kKeyBytes || digits.size() != 2 * warehouse::kKeyBytes)
    throw Error(Fault::usage, fmt::format("{} is no privacy key: restore it from a backup, or name "
                                          "another file with privacy_key_file",
                                          shown));
  return key;
}

/// Makes a key, unless another run makes one at the same moment.
void make_key(const fs::path& path, const std::string& shown) {
  std::array<unsigned char, warehouse::kKeyBytes> bytes{};
  std::error_code problem;
  fs::create_directories(path.parent_path(), problem);
  std::string text;
  const bool is_random = getrandom(bytes.data(), bytes.size(), 0) == ssize_t{warehouse::kKeyBytes};
  for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
  const auto fresh = path.string() + fmt::format(".{}", getpid());
  // The warehouse must not outlast its key.
  const bool is_made = is_random && write_private(fresh, text + "\n") &&
                       (link(fresh.c_str(), path.c_str()) == 0 || errno == EEXIST) &&
                       sync_folder(fs::absolute(path).parent_path());
  const int error = errno;
  unlink(fresh.c_str());
  if (!is_made)
    throw Error(Fault::usage, fmt::format("the privacy key cannot be written to {} ({}): name "
                                          "another place with privacy_key_file "
                                          "(CSATDB_PRIVACY_KEY_FILE)",
                                          shown, std::strerror(error)));
  base::log::info("made the privacy key {}: back it up apart from the warehouse", shown);
}

std::string privacy_key(const Process& process, const Options& options, bool has_key) {
  const auto path = key_path(process, options);
  const auto shown = process.shown(path);
  if (auto key = read_key(path, shown)) return *key;
  if (has_key)
    throw Error(Fault::usage,
                fmt::format("the privacy key of this warehouse is not at {}: restore it from a "
                            "backup, name its file with privacy_key_file "
                            "(CSATDB_PRIVACY_KEY_FILE), or sync into a new file (--db)",
                            shown));
  make_key(path, shown);
  return read_key(path, shown).value_or("");
}

}  // namespace

void use_privacy(Session& session, warehouse::Warehouse& store, bool confirmed) {
  const auto& options = session.options();
  warehouse::PrivacyChoice choice;
  if (!options.privacy.is_default())
    choice.profile = warehouse::profile_named(options.privacy.value);
  if (choice.profile == warehouse::Profile::none && !store.meta("privacy") && !confirmed)
    throw Error(
        Fault::usage,
        fmt::format("privacy 'none' ({}) keeps customers' addresses and names in the clear: "
                    "confirm the first time with --yes",
                    options.privacy.origin));
  if (!options.attributes.is_default()) choice.attributes = options.attributes.value;
  choice.key = privacy_key(session.process(), options, store.meta("privacy_key").has_value());
  store.use(choice);
}

void raise_retention_floor(Session& session, warehouse::Warehouse& store, base::Instant now) {
  const auto& retention = session.options().retention.value;
  if (!retention) return;
  store.begin();
  store.erased().raise_floor(warehouse::floor_of(*retention, now));
  store.commit();
}

void apply_retention(Session& session, warehouse::Warehouse& store, base::Instant now) {
  if (const auto& retention = session.options().retention.value) {
    const auto floor = warehouse::floor_of(*retention, now);
    const auto gone = warehouse::prune(store, floor, now);
    if (gone.conversations + gone.surveys > 0)
      base::log::info("retention: {} conversations and {} surveys before {} erased",
                      gone.conversations, gone.surveys, base::to_date(base::day_of(floor)));
  }
  const auto due = warehouse::compaction_due(store);
  if (!due || (store.file_bytes() >= kCompactAtOnceBytes && now - *due < kCompactAfter)) return;
  try {
    warehouse::compact(store);
  } catch (const Error& error) {
    // The next run tries again; what was synced is stored all the same.
    if (error.fault() != Fault::busy) throw;
    base::log::warning("{}", error.what());
  }
}

}  // namespace csatdb::cli
