// A WebSocket client for one connection at a time (RFC 6455), over TLS, or plain to this machine itself. Used by one
// thread. Text messages only; pings are answered by themselves, and a silent peer is found out by pings of our own.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <memory>

namespace convops {

class WebSocket {
public:
    virtual ~WebSocket() = default;
    // The next message; nullopt when none arrived within `wait` (ask again). unavailable: the connection is over.
    virtual Result<std::optional<std::string>> read(Milliseconds wait) = 0;
    virtual Result<> write(std::string const& text) = 0;
    virtual void close() = 0; // says goodbye, briefly
};

inline constexpr std::size_t most_socket_message_bytes = std::size_t { 1 } << 20;

// "wss://host[:port]/path?query", or "ws://" to a loopback address. Errors: invalid_input (the URL), unavailable.
// The URL may hold a ticket: it is never part of an error.
Result<std::unique_ptr<WebSocket>> open_web_socket(std::string_view url, Milliseconds timeout);

} // namespace convops
