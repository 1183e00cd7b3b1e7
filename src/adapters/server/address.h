// Addresses of the other side: parsed, grouped for limits, and found behind proxies. Personal data: never in a log.
#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <vector>

namespace convops {

struct ListenAddress {
    std::string host = "127.0.0.1"; // an IPv4 or IPv6 address
    std::uint16_t port = 0; // 0: any free one
};

// "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80".
Result<ListenAddress> parse_listen_address(std::string_view text);
bool is_loopback(ListenAddress const& address);

// In one way of writing, an IPv4 address within IPv6 as IPv4; "" when it is no address.
std::string plain_address(std::string_view text);
// Whose requests count together: an IPv4 address, or the /64 of an IPv6 address, which one customer has whole.
std::string address_group(std::string const& address);
// "127.0.0.1, 10.0.0.7": invalid_input names the one that is no address.
Result<std::vector<std::string>> parse_addresses(std::string_view text);
// The client: the peer, or, when the peer is a trusted proxy, the last address of X-Forwarded-For that is not one.
// What stands left of that anybody may have written.
std::string client_of(
    std::string const& peer, std::string_view forwarded_for, std::span<std::string const> trusted_proxies);

} // namespace convops
