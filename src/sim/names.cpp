#include "sim/names.hpp"

#include <iterator>

namespace csatdb::sim {
namespace {

constexpr std::string_view kFirst[] = {
    "Ada",  "Bruno", "Chloé", "Dmitri", "Esra", "Fatou", "Goran", "Hana",  "Ivo",     "Júlia",
    "Kofi", "Lena",  "Mateo", "Nadia",  "Omar", "Priya", "Quinn", "Rosa",  "Søren",   "Tomás",
    "Uma",  "Vera",  "Wen",   "Ximena", "Yuki", "Zoë",   "Amir",  "Björn", "Cătălin", "Đorđe"};
constexpr std::string_view kLast[] = {
    "Alder",    "Birch",    "Cedar",   "Dogwood", "Elm",    "Fir",         "Ginkgo",
    "Hazel",    "Ironwood", "Juniper", "Katsura", "Larch",  "Maple",       "Nutmeg",
    "O'Oak",    "Pine",     "Quince",  "Rowan",   "Spruce", "Teak",        "Umbrella-Pine",
    "Viburnum", "Willow",   "Yew",     "Zelkova", "Łąka",   "Müller-Linde"};
constexpr std::string_view kQueues[] = {"Billing",      "Orders",
                                        "Returns",      "Technical Support",
                                        "Retention",    "New Customers",
                                        "Business",     "Premium",
                                        "Web Shop",     "Mobile",
                                        "Broadband",    "Complaints",
                                        "Claims",       "Appointments",
                                        "Facturation",  "Soporte Técnico",
                                        "Störung",      "カスタマーサポート",
                                        "Collections",  "Warranty",
                                        "Delivery",     "Accounts \"VIP\"",
                                        "Social Media", "Back Office"};
constexpr std::string_view kCodes[] = {"Resolved",
                                       "Call back needed",
                                       "Refund issued",
                                       "Order placed",
                                       "Order cancelled",
                                       "Address changed",
                                       "Escalated",
                                       "Wrong number",
                                       "No answer",
                                       "Information given",
                                       "Complaint",
                                       "Password reset",
                                       "Technician booked",
                                       "Payment plan",
                                       "Contract ended",
                                       "Contract renewed",
                                       "Spam",
                                       "Test call",
                                       "Transferred",
                                       "Left message",
                                       "Product fault",
                                       "Delivery late",
                                       "Price question",
                                       "Rückruf vereinbart",
                                       "Other"};
constexpr std::string_view kSkills[] = {"Billing",  "Refunds", "Fibre",    "Mobile",  "Hardware",
                                        "Software", "Claims",  "Fraud",    "Premium", "Sales",
                                        "Cancel",   "Social",  "Invoices", "Returns", "Moves"};
constexpr std::string_view kTeams[] = {"North", "South", "East",  "West",
                                       "Night", "Email", "Élite", "Back Office"};
constexpr std::string_view kFlows[] = {"Main Menu",    "Opening Hours", "Billing Menu",
                                       "Order Status", "Web Chat In",   "Message Bot",
                                       "Email In",     "After Hours",   "Callback Offer"};
constexpr std::string_view kComments[] = {
    "Very helpful, thank you!",
    "I waited far too long.",
    "The agent solved it at once. 👍🏽",
    "Ça va, mais l'attente était longue…",
    "=HYPERLINK(\"http://example.invalid\",\"click\")",
    "<script>alert('hi')</script> <b>bold</b>",
    "She said \"never again\", and I agree; it's over.",
    "対応がとても丁寧でした。",
    "شكرا جزيلا \xE2\x80\x8F!",
    "first line\nsecond line\twith a tab",
    "+49 was dialled twice",
    "-1 for the music",
    "@support please call back",
    "Robert'); DROP TABLE surveys;--",
    "\xE2\x80\xAEtxet desrever",
    "\x1b[31mred\x1b[0m",
    "Zażółć gęślą jaźń",
    "ok",
    "No tengo nada que añadir, todo perfecto.",
    "Third time I call about the same invoice. Nobody writes anything down, each time I have to "
    "start from the beginning, and the line dropped while I was on hold."};
constexpr std::string_view kSubjects[] = {"Invoice 2207 is wrong", "Re: my order",
                                          "Où est mon colis ?",    "Cancel contract",
                                          "FWD: warranty",         "Question"};
constexpr std::string_view kErrors[] = {"EMAIL_ADDRESS_NOT_FOUND", "OVERLAPPING_POLICY",
                                        "INVITATION_FLOW_FAILED", "RECORDING_NOT_RETAINED",
                                        "NO_PUBLISHED_FORM"};

template <std::size_t N>
Words words(const std::string_view (&list)[N]) {
  return {list, N};
}

}  // namespace

Words first_names() { return words(kFirst); }
Words last_names() { return words(kLast); }
Words queue_names() { return words(kQueues); }
Words code_names() { return words(kCodes); }
Words skill_names() { return words(kSkills); }
Words team_names() { return words(kTeams); }
Words flow_names() { return words(kFlows); }
Words comments() { return words(kComments); }
Words email_subjects() { return words(kSubjects); }
Words survey_errors() { return words(kErrors); }

}  // namespace csatdb::sim
