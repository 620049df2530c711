#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/plots.hpp"
#include "report/sections.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

/// A line of a table with a bar: what, how many, the bar, what share of what.
std::string step_row(std::string_view name, std::string_view count, double share,
                     std::string_view said) {
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"number value\">{}</td><td "
      "class=\"wide\">{}</td><td>{}</td></tr>\n",
      html_text(name), html_text(count), bar_plot(share), html_text(said));
}

std::string step_table(std::string_view what, std::string_view count, std::string_view said,
                       const std::string& body) {
  return fmt::format(
      "<table class=\"steps\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
      "class=\"number\">{}</th><th scope=\"col\" class=\"wide\"><span "
      "class=\"hidden\">bar</span></th><th scope=\"col\">{}</th></tr></thead><tbody>\n{}</tbody>"
      "</table>",
      what, count, said, body);
}

std::string cell(std::string_view text) {
  return fmt::format("<td class=\"number\">{}</td>", html_text(text));
}

std::string head_cells(std::initializer_list<std::string_view> names) {
  std::string out;
  for (const auto name : names)
    out += fmt::format("<th scope=\"col\" class=\"number\">{}</th>", html_text(name));
  return out;
}

}  // namespace

Section funnel_section(const Source& source) {
  const auto& outcome = source.run("survey-funnel", by("total"));
  auto section = section_of(source, "funnel", "From contact to answer", outcome);
  section.lead =
      "Contacts of the period that ended and were answered by an agent, where surveys are sent at "
      "all, and what became of their surveys so far. Bars are shares of the contacts.";
  const Records rows(outcome.result);
  if (rows.size() == 0) {
    section.body = nothing(outcome);
    return section;
  }
  const double contacts = std::max(1.0, rows.count(0, "conversations"));
  const auto step = [&](const char* name, const char* count, const std::string& said) {
    return step_row(name, grouped(rows.count(0, count)), 100 * rows.count(0, count) / contacts,
                    said);
  };
  const auto pct = [&](const char* column, const char* of) {
    return fmt::format("{}% of {}", decimal(rows.number(0, column)), of);
  };
  section.body = step_table(
      "step", "n", "share",
      step("Contacts", "conversations", "100%") +
          step("Invited", "invited", pct("invited_pct", "contacts")) +
          step("Sent", "sent", pct("sent_pct", "invited")) +
          step("Answered", "responses",
               pct("response_pct", "sent") +
                   fmt::format(" ({} to {})", decimal(rows.number(0, "response_low_pct")),
                               decimal(rows.number(0, "response_high_pct")))) +
          step("Answered in full", "full", pct("full_pct", "answered")));
  section.body += fmt::format(
      "<p class=\"note\">Beside these: {} opted out, {} expired, {} could not be sent.{}</p>",
      grouped(rows.count(0, "opt_out")), grouped(rows.count(0, "expired")),
      grouped(rows.count(0, "error")),
      rows.text(0, "note") == "immature" ? " Answers to the latest contacts are still to come."
                                         : "");
  return section;
}

Section delay_section(const Source& source) {
  const auto& outcome = source.run("response-delay", by("total"));
  auto section = section_of(source, "delay", "How long answers take", outcome);
  section.lead = "Share of answers that were in so long after the contact.";
  const Records rows(outcome.result);
  if (rows.size() == 0) {
    section.body = nothing(outcome);
    return section;
  }
  std::string body;
  for (const int days : {1, 3, 7, 14, 30}) {
    const auto share = rows.number(0, fmt::format("within_{}d_pct", days));
    body += step_row(fmt::format("within {} day{}", days, days == 1 ? "" : "s"),
                     decimal(share) + "%", share.value_or(0), "");
  }
  section.body = step_table("after the contact", "in", "", body);
  const auto time = [&](const char* column) { return spoken_days(rows.number(0, column)); };
  section.body += fmt::format(
      "<p class=\"note\">Half within {}, 90% within {}, 95% within {}, the longest {}; n = {}.</p>",
      time("p50_days"), time("p90_days"), time("p95_days"), time("longest_days"),
      grouped(rows.count(0, "n")));
  return section;
}

Section queues_section(const Source& source) {
  const auto& outcome = source.run("queue-performance");
  auto section = section_of(source, "queues", "Queues", outcome);
  section.lead = "What came to each queue and what became of it, next to the satisfaction of it.";
  section.is_wide = true;
  const Records rows(outcome.result);
  std::string body;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto count = [&](const char* column) { return cell(grouped(rows.count(r, column))); };
    const auto pct = [&](const char* column) { return cell(decimal(rows.number(r, column))); };
    const auto time = [&](const char* column) { return cell(spoken_time(rows.number(r, column))); };
    const auto low = rows.number(r, "csat_low_pct");
    const auto span =
        low ? fmt::format("{} to {}", decimal(low), decimal(rows.number(r, "csat_high_pct"))) : "–";
    body += fmt::format("<tr><th scope=\"row\">{}</th>{}{}{}{}{}{}{}{}{}{}</tr>\n",
                        html_text(rows.text(r, "queue_name")), count("offered"), count("answered"),
                        count("abandoned"), pct("abandon_pct"), pct("service_level_pct"),
                        time("asa_s"), time("aht_s"), count("csat_n"), pct("csat_pct"), cell(span));
  }
  section.body =
      rows.size() == 0
          ? nothing(outcome)
          : fmt::format(
                "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th "
                "scope=\"col\">queue</th>{}</tr></thead><tbody>\n{}</tbody></table></div>",
                head_cells({"offered", "answered", "abandoned", "abandoned %", "service level %",
                            "ASA", "AHT", "CSAT n", "CSAT %", "95% interval"}),
                body);
  return section;
}

Section questions_section(const Source& source) {
  const auto& outcome = source.run("question-breakdown");
  auto section = section_of(source, "questions", "Question by question", outcome);
  section.lead =
      "Every question of every form version asked. The bar shows the two lowest, the middle and "
      "the two highest options, of recommendations 0 and 1, 2 to 8, 9 and 10.";
  section.is_wide = true;
  const Records rows(outcome.result);
  std::string body, form;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows.text(r, "form_id") != form) {
      form = rows.text(r, "form_id");
      body += fmt::format("<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"4\">{}</th></tr>\n",
                          html_text(rows.text(r, "form_name")));
    }
    const auto top = rows.number(r, "top_2_pct"), bottom = rows.number(r, "bottom_2_pct");
    const std::string bar = top && bottom ? stack_plot({{*bottom, "low", "the two lowest"},
                                                        {100 - *bottom - *top, "middle", "between"},
                                                        {*top, "high", "the two highest"}})
                                          : "";
    const auto choices = rows.text(r, "choices");
    body += fmt::format(
        "<tr><th scope=\"row\">{}{}</th><td class=\"number\">{}</td><td class=\"wide\">{}</td><td "
        "class=\"number value\">{}</td></tr>\n",
        html_text(rows.text(r, "question")),
        choices.empty() ? ""
                        : fmt::format("<br><span class=\"choices\">{}</span>", html_text(choices)),
        grouped(rows.count(r, "answered")), bar, decimal(rows.number(r, "mean_score"), 2));
  }
  section.body =
      rows.size() == 0
          ? nothing(outcome)
          : fmt::format(
                "<table class=\"steps\"><thead><tr><th scope=\"col\">question</th><th "
                "scope=\"col\" class=\"number\">answered</th><th scope=\"col\" class=\"wide\">"
                "lowest to highest</th><th scope=\"col\" class=\"number\">mean</th></tr></thead>"
                "<tbody>\n{}</tbody></table>",
                body);
  return section;
}

}  // namespace csatdb::report
