#pragma once

#include <string>

#include "base/time.hpp"
#include "sim/text.hpp"
#include "sim/world.hpp"

namespace csatdb::sim {

/// Writes the bodies of the world as they look at one instant. Members that the service does not
/// know at that instant are absent, as on the wire; empty arrays are absent too.
class Renderer {
 public:
  Renderer(const World& world, base::Instant now) : world_(world), now_(now) {}

  void conversation(Text& out, const Conversation& c, bool with_attributes) const;
  /// A survey as the quality API delivers it, the whole form embedded.
  void survey(Text& out, const Conversation& c, const Survey& s) const;
  void form(Text& out, const Form& form) const;

  void organisation(Text& out) const;
  /// The team is told only where it is asked for (`expand=team`).
  void user(Text& out, int index, bool with_team) const;
  void queue(Text& out, int index) const;
  void wrapup_code(Text& out, int index) const;
  void skill(Text& out, int index) const;
  void language(Text& out, int index) const;
  void division(Text& out, int index) const;
  void team(Text& out, int index) const;
  void flow(Text& out, int index) const;

 private:
  void id(Text& out, std::string_view name, const Place& place) const;
  void reference(Text& out, std::string_view name, Kind kind, int index,
                 std::string_view path) const;
  void analytics_survey(Text& out, const Conversation& c, const Survey& s) const;
  void evaluation(Text& out, const Conversation& c, const Evaluation& e) const;
  void resolution(Text& out, const Resolution& r) const;
  void participant(Text& out, const Conversation& c, const Participant& p, int number,
                   bool with_attributes) const;
  void attributes(Text& out, const Conversation& c) const;
  void session(Text& out, const Conversation& c, const Participant& p, const Session& s) const;
  void session_parts(Text& out, const Conversation& c, const Session& s) const;
  void addresses(Text& out, const Conversation& c, const Participant& p, const Session& s) const;
  void segment(Text& out, const Conversation& c, const Segment& s) const;
  void flow_visit(Text& out, const FlowVisit& visit) const;
  void answers(Text& out, const Form& form, const Answers& answers) const;
  void question(Text& out, const Form& form, int group, int question) const;

  const World& world_;
  base::Instant now_;
};

/// Where a form's group (question and option -1), question or option has its id; with `context`
/// the id that outlives versions.
Place part_place(const Form& form, int group, int question, int option, bool context);

/// What of a conversation's parts exists at an instant.
inline bool seen(const Session& s, base::Instant t) { return s.begin <= t; }
inline bool seen(const Participant& p, base::Instant t) {
  if (t >= p.until) return false;
  for (const auto& s : p.sessions) {
    if (seen(s, t)) return true;
  }
  return false;
}
/// The wrap-up code a segment shows at t (a place in the directory or -1).
int code_at(const Conversation& c, const Segment& s, base::Instant t);
std::string_view status_at(const Evaluation& e, base::Instant t);
/// The last event up to t.
base::Instant event_at(const Evaluation& e, base::Instant t);

}  // namespace csatdb::sim
