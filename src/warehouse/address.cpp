#include "warehouse/address.hpp"

#include <algorithm>

namespace csatdb::warehouse {
namespace {

constexpr std::string_view kPunctuation = " -.()/";
constexpr std::size_t kLeastDigits = 5;  // fewer are an extension, a room, a short code

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a telephone number, with the plus it begins with; empty if it is none.
std::string telephone(std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (is_digit(c) || (c == '+' && number.empty())) {
      number += c;
    } else if (kPunctuation.find(c) == std::string_view::npos) {
      return {};
    }
  }
  const auto digits = std::ranges::count_if(number, is_digit);
  return static_cast<std::size_t>(digits) < kLeastDigits ? std::string() : number;
}

}  // namespace

std::string normal_address(std::string_view address) {
  std::string text(address);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  std::string_view rest = text;
  const auto trim = [&] {
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  };
  trim();
  for (const std::string_view scheme : {"tel:", "sip:", "sips:", "mailto:"}) {
    if (rest.starts_with(scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  }
  rest = rest.substr(0, rest.find_first_of(";?"));
  trim();
  // The user of a SIP address is a telephone number if it is written as one in full.
  const std::string_view user = rest.substr(0, rest.find('@'));
  const bool is_whole = user.size() == rest.size();
  if (is_whole || user.starts_with('+')) {
    if (auto number = telephone(user); !number.empty()) return number;
  }
  return std::string(rest);
}

}  // namespace csatdb::warehouse
