// TLS of the server: bytes of the wire <-> bytes of HTTP, without a socket of its own, so that the session reads,
// waits and counts time in one way whether a connection is encrypted or not.
#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace convops {

enum class TlsVersion : std::uint8_t { tls_1_2, tls_1_3 };

struct TlsFiles {
    std::string certificate; // PEM: the certificate and the chain above it
    std::string key; // PEM, without a pass phrase
    TlsVersion minimum = TlsVersion::tls_1_3;
};

// Certificate and key, read once. Shared by the connections that began with it.
class TlsContext {
public:
    // not_found and invalid_input name the file, never its content.
    static Result<std::shared_ptr<TlsContext const>> load(TlsFiles const& files);
    ~TlsContext();
    TlsContext(TlsContext const&) = delete;
    TlsContext& operator=(TlsContext const&) = delete;

private:
    friend class TlsChannel;
    struct Inside;
    explicit TlsContext(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

class TlsChannel {
public:
    enum class State : std::uint8_t {
        handshake,
        open,
        closed, // the other side said goodbye
        failed, // not TLS, an older version, or damaged
    };

    explicit TlsChannel(std::shared_ptr<TlsContext const> context);
    ~TlsChannel();
    TlsChannel(TlsChannel const&) = delete;
    TlsChannel& operator=(TlsChannel const&) = delete;

    // Bytes from the wire; what they hold of HTTP is added to `plain`. Afterwards there may be something to send.
    State receive(std::string_view wire, std::string& plain);
    void send(std::string_view plain); // in `open` only
    void say_goodbye();
    std::string take_outgoing(); // for the wire

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

} // namespace convops
