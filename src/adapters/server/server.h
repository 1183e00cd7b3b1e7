// The HTTP/1.1 server: one I/O thread that only moves bytes, and a few workers that answer. Everything is bounded:
// connections, bytes, time, and requests that wait for a worker. TLS is ended in front of it (docs/operating.md).
#pragma once

#include "adapters/server/request_reader.h"

namespace convops {

struct ServerLimits {
    RequestLimits request;
    Milliseconds header_timeout { 10'000 }; // from a request's first byte to the end of its headers
    Milliseconds body_timeout { 20'000 }; // then to the end of its body
    Milliseconds idle_timeout { 60'000 }; // between requests of one connection
    Milliseconds write_timeout { 20'000 };
    std::size_t connections = 512;
    std::size_t workers = 4;
    std::size_t waiting = 256; // requests that wait for a worker; more are answered 503 with Retry-After
    Seconds retry_after { 5 };
};

struct ListenAddress {
    std::string host = "127.0.0.1"; // an IPv4 or IPv6 address
    std::uint16_t port = 0; // 0: any free one
};

// "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:80".
Result<ListenAddress> parse_listen_address(std::string_view text);
bool is_loopback(ListenAddress const& address);

struct ServerCounts {
    std::size_t connections = 0; // open now
    std::size_t waiting = 0; // requests for a worker, now
    std::size_t answered = 0; // since the start
    std::size_t turned_away = 0; // by a limit, since the start
};

using AnswerRequest = std::function<HttpReply(ServerRequest const&)>; // called by several workers at once

class HttpServer {
public:
    // Listens and serves from now on. unavailable when the address can not be bound.
    static Result<std::unique_ptr<HttpServer>> start(
        ListenAddress const& address, ServerLimits const& limits, AnswerRequest answer);
    ~HttpServer(); // stops at once

    HttpServer(HttpServer const&) = delete;
    HttpServer& operator=(HttpServer const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerCounts counts() const;
    // Accepts no more, finishes the requests that it has, closes. After `grace` the rest is cut off. Returns whether
    // every request was answered.
    bool stop(Milliseconds grace);

    struct Inside; // server.cpp's own

private:
    explicit HttpServer(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

} // namespace convops
