#include "cli/setting.hpp"

#include <algorithm>

namespace csatdb::cli {
namespace {

constexpr std::array kSettings{
    Setting{"region",
            {"GENESYSCLOUD_REGION", "GENESYS_REGION"},
            Kind::text,
            "us-east-1",
            "AWS region or domain of the organisation"},
    Setting{"base_url",
            {"GENESYS_ENV_URL", ""},
            Kind::text,
            "",
            "address of the API, in place of a region"},
    Setting{"client_id",
            {"GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYS_CLIENT_ID"},
            Kind::text,
            "",
            "OAuth client (client credentials grant)"},
    Setting{"client_secret",
            {"GENESYSCLOUD_OAUTHCLIENT_SECRET", "GENESYS_CLIENT_SECRET"},
            Kind::text,
            "",
            "its secret"},
    Setting{"secret_file", {"", ""}, Kind::text, "", "file that holds the secret"},
    Setting{"secret_command", {"", ""}, Kind::text, "", "shell command that prints the secret"},
    Setting{"database", {"CSATDB_DATABASE", ""}, Kind::text, "csat.db", "the warehouse file"},
    Setting{"timezone",
            {"CSATDB_TIMEZONE", ""},
            Kind::text,
            "",
            "IANA zone of local dates; unset: the warehouse's own, UTC in a new one"},
    Setting{"privacy",
            {"CSATDB_PRIVACY", ""},
            Kind::text,
            "standard",
            "what is kept of personal data: standard, strict or none; unset: as the warehouse was "
            "begun"},
    Setting{"privacy_key_file",
            {"CSATDB_PRIVACY_KEY_FILE", ""},
            Kind::text,
            "",
            "file of the key behind pseudonyms; unset: privacy.key beside the configuration"},
    Setting{"retention",
            {"CSATDB_RETENTION", ""},
            Kind::text,
            "",
            "age at which interactions are pruned, e.g. 2y; unset: never"},
    Setting{"since",
            {"CSATDB_SINCE", ""},
            Kind::text,
            "90d",
            "first day of the warehouse: an age or a date"},
    Setting{"horizon",
            {"CSATDB_HORIZON", ""},
            Kind::text,
            "120d",
            "how long after a conversation its open surveys are followed up"},
    Setting{"attributes",
            {"CSATDB_ATTRIBUTES", ""},
            Kind::list,
            "",
            "participant attributes to keep; unset: as the warehouse was begun, none at first"},
    Setting{"only", {"CSATDB_ONLY", ""}, Kind::list, "", "resources to sync; unset: all"},
    Setting{"budget",
            {"CSATDB_BUDGET", ""},
            Kind::number,
            "0.8",
            "share of the organisation's rate limit to use"},
    Setting{"rate",
            {"CSATDB_RATE", ""},
            Kind::number,
            "300",
            "requests a minute until the service states its limit; 0: unlimited"},
    Setting{"parallel", {"CSATDB_PARALLEL", ""}, Kind::number, "8", "requests in flight at most"},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

const Setting* find_setting(std::string_view key) {
  const auto at = std::ranges::find(kSettings, key, &Setting::key);
  return at == kSettings.end() ? nullptr : &*at;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    auto item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

void put(Layer& layer, const Setting& setting, std::string_view text, std::string origin) {
  Entry entry{{}, std::move(origin)};
  if (setting.kind == Kind::list) {
    entry.items = split_list(text);
  } else {
    entry.items.emplace_back(text);
  }
  layer.entries.insert_or_assign(std::string(setting.key), std::move(entry));
}

}  // namespace csatdb::cli
