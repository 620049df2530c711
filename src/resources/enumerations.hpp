#pragma once

#include <string_view>

/// The values that the service documents for its enumerations. Others are stored verbatim and
/// counted.
namespace csatdb::resources {

/// Who takes part; also who began a conversation.
inline constexpr std::string_view kPurposes[] = {
    "acd",      "agent", "api",       "botflow",         "campaign", "customer", "dialer",
    "external", "fax",   "group",     "inbound",         "ivr",      "manual",   "outbound",
    "station",  "user",  "voicemail", "voicesurveyflow", "workflow"};
inline constexpr std::string_view kDirections[] = {"inbound", "outbound"};
inline constexpr std::string_view kMediaTypes[] = {
    "callback",    "chat",    "cobrowse", "email", "internalmessage", "message", "screenmonitoring",
    "screenshare", "unknown", "video",    "voice"};
inline constexpr std::string_view kSegmentTypes[] = {
    "alert",      "barging",    "callback",     "coaching",  "contacting",
    "converting", "delay",      "dialing",      "hold",      "interact",
    "ivr",        "monitoring", "parked",       "scheduled", "screenmonitoring",
    "sharing",    "system",     "transmitting", "unknown",   "uploading",
    "voicemail",  "wrapup"};
inline constexpr std::string_view kDisconnectTypes[] = {"client",
                                                        "conferenceTransfer",
                                                        "consultTransfer",
                                                        "dndEndpoint",
                                                        "dndTransfer",
                                                        "endpoint",
                                                        "error",
                                                        "forwardTransfer",
                                                        "inactivity",
                                                        "noAnswerTransfer",
                                                        "notAvailableTransfer",
                                                        "other",
                                                        "peer",
                                                        "sessionExpired",
                                                        "spam",
                                                        "system",
                                                        "takeover",
                                                        "timeout",
                                                        "transfer",
                                                        "transportFailure",
                                                        "uncallable"};
inline constexpr std::string_view kRoutings[] = {"Bullseye",  "Conditional", "Direct",
                                                 "Last",      "Manual",      "Predictive",
                                                 "Preferred", "Standard",    "Vip"};
inline constexpr std::string_view kRoutingRuleTypes[] = {"Bullseye", "Conditional", "Predictive",
                                                         "Preferred"};
inline constexpr std::string_view kDeliveryStatuses[] = {
    "DeliveryFailed", "DeliveryPushed", "DeliverySuccess", "Failed", "Published",
    "Queued",         "Read",           "Received",        "Sent"};
inline constexpr std::string_view kEngagementSources[] = {"AppleMessagesForBusiness",
                                                          "Discord",
                                                          "Email",
                                                          "Facebook",
                                                          "FacebookMessenger",
                                                          "Glassdoor",
                                                          "GoogleBusinessProfile",
                                                          "Instagram",
                                                          "KakaoTalk",
                                                          "Line",
                                                          "LinkedIn",
                                                          "MicrosoftTeams",
                                                          "MobileChat",
                                                          "Other",
                                                          "QQ",
                                                          "Reddit",
                                                          "ServiceNow",
                                                          "SFDC",
                                                          "SMS",
                                                          "Snapchat",
                                                          "Telegram",
                                                          "Threads",
                                                          "Trustpilot",
                                                          "Unspecified",
                                                          "Viber",
                                                          "WebChat",
                                                          "WeChat",
                                                          "Weibo",
                                                          "WhatsApp",
                                                          "X",
                                                          "Yelp",
                                                          "YouTube",
                                                          "Zendesk",
                                                          "OpenMessaging"};
inline constexpr std::string_view kFlaggedReasons[] = {"general"};
inline constexpr std::string_view kFlowTypes[] = {"BOT",
                                                  "COMMONMODULE",
                                                  "DIGITALBOT",
                                                  "EMAILSEND",
                                                  "INBOUNDCALL",
                                                  "INBOUNDCHAT",
                                                  "INBOUNDEMAIL",
                                                  "INBOUNDSHORTMESSAGE",
                                                  "INQUEUECALL",
                                                  "INQUEUEEMAIL",
                                                  "INQUEUESHORTMESSAGE",
                                                  "OUTBOUNDCALL",
                                                  "SECURECALL",
                                                  "SPEECH",
                                                  "SURVEYINVITE",
                                                  "VOICE",
                                                  "VOICEMAIL",
                                                  "VOICESURVEY",
                                                  "WORKFLOW",
                                                  "WORKITEM"};
inline constexpr std::string_view kFlowEntryTypes[] = {"agent", "direct", "dnis", "flow",
                                                       "outbound"};
inline constexpr std::string_view kEvaluationStatuses[] = {"Finished", "InProgress", "InReview",
                                                           "Pending", "Retracted"};
/// The analytics API spells some of them with a blank (genesys-api.md 3.6).
inline constexpr std::string_view kSurveyStatuses[] = {"Pending",  "Sent",        "InProgress",
                                                       "Finished", "OptOut",      "Error",
                                                       "Expired",  "In Progress", "Opt Out"};
inline constexpr std::string_view kSurveyTypes[] = {"Web", "Voice"};
inline constexpr std::string_view kQuestionTypes[] = {"multipleChoiceQuestion",
                                                      "multipleSelectQuestion", "freeTextQuestion",
                                                      "npsQuestion", "readOnlyTextBlockQuestion"};
inline constexpr std::string_view kBuiltInOptions[] = {"Selected", "Unselected"};
inline constexpr std::string_view kStates[] = {"active", "inactive", "deleted"};
inline constexpr std::string_view kSkillEvaluations[] = {"NONE", "BEST", "ALL"};
inline constexpr std::string_view kScoringMethods[] = {"TimestampAndPriority", "PriorityOnly"};
inline constexpr std::string_view kLastAgentModes[] = {"Disabled", "QueueMembersOnly", "AnyAgent"};

}  // namespace csatdb::resources
