#pragma once

#include <fmt/format.h>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

// What reads bytes that others wrote, each as a function of those bytes. A fuzzer looks for bytes
// that break it (main.cpp); what it once found is tried in every test run (test_corpus.cpp).

namespace csatdb::fuzz {

/// A reader that was given bytes did not keep what it promises.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void require(bool is_kept, std::string_view law) {
  if (!is_kept) throw Broken(std::string(law));
}

/// Runs `body`; whether it ended without a refusal. Refusing bytes is right, with one of these
/// faults: whatever else is thrown passes through.
template <class Body>
bool is_taken(std::initializer_list<base::Fault> refusals, Body body) {
  try {
    body();
    return true;
  } catch (const base::Error& error) {
    for (const auto fault : refusals)
      if (error.fault() == fault) return false;
    throw Broken(fmt::format("an error of its own kind, not {}: {}", base::name(error.fault()),
                             error.what()));
  }
}

/// Takes the text up to a character, or all of it, off the front of `input`, and that character.
inline std::string_view take_until(std::string_view& input, char end) {
  const auto text = input.substr(0, input.find(end));
  input.remove_prefix(std::min(input.size(), text.size() + 1));
  return text;
}

/// One reader and its laws. `run` throws if they are broken, whatever the input; it leaves nothing
/// behind that a later run would see.
struct Target {
  std::string_view name;  ///< its file, and the folder of its corpus
  void (*run)(std::string_view input);
};
std::span<const Target> targets();

void json_reader(std::string_view input);  ///< a JSON text
void json_split(std::string_view input);   ///< a page
void json_stream(
    std::string_view input);        ///< a character, its code the size of the pieces; JSON texts
void step(std::string_view input);  ///< a resource's name, a line feed, answers between zero bytes
void import(std::string_view input);         ///< saved bodies
void configuration(std::string_view input);  ///< a file's name, a line feed, its text
void query_header(std::string_view input);   ///< a file of queries/
void time(std::string_view input);           ///< an instant, interval, date, length of time, …
void waits(std::string_view input);   ///< status, Retry-After and limit headers a line each, a body
void gunzip(std::string_view input);  ///< packed bytes
void typed(std::string_view input);   ///< what a user may type for words, ids or a host

}  // namespace csatdb::fuzz
