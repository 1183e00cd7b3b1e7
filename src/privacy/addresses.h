// E-mail and IP addresses. Public IP addresses are personal data, because they lead to a visitor's line. Those of a
// private network, loopback, link-local and unspecified ones, and networks (10.0.0.0/16) say where in the account
// something is and nothing about a person: they stay, or no finding about a network could be explained.
#pragma once

#include <string_view>

namespace convops {

// How many bytes of `text` from `at` on are such an address; 0 when none begins exactly there.
std::size_t email_length(std::string_view text, std::size_t at);
std::size_t ip_address_length(std::string_view text, std::size_t at);

} // namespace convops
