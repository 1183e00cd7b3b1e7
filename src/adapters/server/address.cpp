#include "adapters/server/address.h"

#include "base/text.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace convops {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

Result<ListenAddress> parse_listen_address(std::string_view text) {
    auto const wrong = [&] {
        return Error { ErrorKind::invalid_input,
            "\"" + std::string(text.substr(0, 80))
                + "\" is not an address and a port, like 127.0.0.1:8080 or [::1]:8080" };
    };
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return wrong();
    auto host = text.substr(0, colon);
    bool const bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return wrong();
    auto const digits = text.substr(colon + 1);
    unsigned port = 0;
    for (char c : digits) {
        if (c < '0' || c > '9' || port > 65535)
            return wrong();
        port = port * 10 + static_cast<unsigned>(c - '0');
    }
    ErrorCode error;
    auto const address = asio::ip::make_address(std::string(host), error);
    if (digits.empty() || port > 65535 || error || address.is_v6() != bracketed)
        return wrong();
    return ListenAddress { std::string(host), static_cast<std::uint16_t>(port) };
}

bool is_loopback(ListenAddress const& address) {
    ErrorCode error;
    auto const parsed = asio::ip::make_address(address.host, error);
    return !error && parsed.is_loopback();
}

namespace {

std::optional<asio::ip::address> address_from(std::string_view text) {
    constexpr std::size_t most_address_bytes = 64;
    if (text.empty() || text.size() > most_address_bytes)
        return std::nullopt;
    ErrorCode error;
    auto address = asio::ip::make_address(std::string(text), error);
    if (error)
        return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

} // namespace

std::string plain_address(std::string_view text) {
    auto const address = address_from(text);
    return address ? address->to_string() : std::string();
}

std::string address_group(std::string const& address) {
    auto const parsed = address_from(address);
    if (!parsed || !parsed->is_v6())
        return address;
    auto bytes = parsed->to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return asio::ip::address_v6(bytes).to_string() + "/64";
}

Result<std::vector<std::string>> parse_addresses(std::string_view text) {
    std::vector<std::string> addresses;
    for (auto const& part : split(text, ',')) {
        auto const word = trim(part);
        if (word.empty())
            continue;
        auto address = plain_address(word);
        if (address.empty())
            return Error { ErrorKind::invalid_input, "\"" + shorten(word, 60) + "\" is not an IP address" };
        addresses.push_back(std::move(address));
    }
    return addresses;
}

std::string client_of(
    std::string const& peer, std::string_view forwarded_for, std::span<std::string const> trusted_proxies) {
    auto const trusted = [&](std::string const& address) {
        return std::find(trusted_proxies.begin(), trusted_proxies.end(), address) != trusted_proxies.end();
    };
    auto client = peer;
    while (trusted(client) && !forwarded_for.empty()) {
        auto const comma = forwarded_for.rfind(',');
        auto const word = trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
        forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
        auto const next = plain_address(word);
        if (next.empty())
            break; // Nonsense, or a port: whoever the trusted one is, is all that we know.
        client = next;
    }
    return client;
}

} // namespace convops
