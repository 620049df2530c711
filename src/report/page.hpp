#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csatdb::report {

/// A part of the page under a heading of its own.
struct Section {
  std::string id, title;
  std::string lead;                ///< what is shown, in a sentence or two; HTML
  std::string body;                ///< HTML
  std::vector<std::string> notes;  ///< n, what is left out, why; text
  std::string table;               ///< the rows behind it, HTML; may be empty
  bool is_wide = false;            ///< takes the whole width of the page
};

/// What stands above all sections.
struct Head {
  std::string title, subtitle;
  std::vector<std::string> notes;  ///< text
  std::string tiles;               ///< HTML
};

/// One HTML page that needs nothing but itself: a policy that lets nothing be loaded, its style and
/// its few lines of script, allowed by their hashes.
std::string page(const Head& head, const std::vector<Section>& sections);

/// What the policy allows, and the hashes it allows them by: base64 of their SHA-256.
std::string_view page_style();
std::string_view page_script();
extern const std::string_view kStyleHash, kScriptHash;

}  // namespace csatdb::report
