#include "report/page.hpp"

#include <fmt/format.h>

#include "base/version.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

std::string notes_of(const std::vector<std::string>& notes) {
  std::string out;
  for (const auto& note : notes) out += fmt::format("<p class=\"note\">{}</p>\n", html_text(note));
  return out;
}

std::string section_of(const Section& section) {
  return fmt::format(
      "<section class=\"card{}\" id=\"{}\" aria-labelledby=\"{}-title\">\n"
      "<h2 id=\"{}-title\">{}</h2>\n<p class=\"lead\">{}</p>\n{}\n{}{}</section>\n",
      section.is_wide ? " full" : "", section.id, section.id, section.id, html_text(section.title),
      section.lead, section.body, notes_of(section.notes), section.table);
}

}  // namespace

std::string page(const Head& head, const std::vector<Section>& sections) {
  std::string links, cards;
  for (const auto& section : sections) {
    links += fmt::format("<a href=\"#{}\">{}</a>\n", section.id, html_text(section.title));
    cards += section_of(section);
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n"
      "<meta name=\"generator\" content=\"csatdb {}\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n<a class=\"skip\" href=\"#numbers\">Skip to the numbers</a>\n<main>\n"
      "<header>\n<h1>{}</h1>\n<p>{}</p>\n{}</header>\n<nav aria-label=\"Sections\">\n{}</nav>\n"
      "<div class=\"tiles\" id=\"numbers\">\n{}</div>\n<div class=\"cards\">\n{}</div>\n"
      "<footer>Made by csatdb {}, from the same queries as its reports. n is the number of answers "
      "behind a score, intervals hold the true value 95 times of 100; hollow dots are of fewer "
      "than "
      "30 answers and indicate at best.</footer>\n"
      "</main>\n<script>{}</script>\n</body>\n</html>\n",
      kStyleHash, kScriptHash, base::version(), html_text(head.title), page_style(),
      html_text(head.title), html_text(head.subtitle), notes_of(head.notes), links, head.tiles,
      cards, base::version(), page_script());
}

}  // namespace csatdb::report
