#pragma once

#include <string>
#include <string_view>

namespace csatdb::warehouse {

/// One spelling of a telephone number or mail address, so that a person is one pseudonym wherever
/// the service writes the address, and is found however the user writes it: without "tel:", "sip:"
/// or "mailto:" and parameters, in lower case; a telephone number without punctuation, also where
/// it is the user of a SIP address.
std::string normal_address(std::string_view address);

}  // namespace csatdb::warehouse
