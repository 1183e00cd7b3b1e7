// The HTTP/1.1 server: one I/O thread that only moves bytes, and a few workers that answer. Everything is bounded:
// connections (in all and of one address), bytes, time, rates, and requests that wait for a worker. TLS is spoken
// when a certificate is given.
#pragma once

#include "adapters/server/address.h"
#include "adapters/server/request_reader.h"
#include "adapters/server/tls.h"

namespace convops {

struct ServerLimits {
    RequestLimits request;
    // To the end of the headers: from accept, TLS handshake included; from the first byte for each further request.
    Milliseconds header_timeout { 10'000 };
    Milliseconds body_timeout { 20'000 }; // then to the end of its body
    Milliseconds idle_timeout { 60'000 }; // between requests of one connection
    Milliseconds write_timeout { 20'000 };
    std::size_t connections = 512;
    std::size_t workers = 4; // threads that answer
    std::size_t waiting = 256; // requests that wait for a worker; more are answered 503 with Retry-After
    Seconds retry_after { 5 };
    std::size_t connections_of_address = 128; // an IPv6 /64 counts as one; trusted proxies do not count
    std::size_t bytes_in_flight = std::size_t { 64 } << 20; // of all requests; beyond: 503 with Retry-After
    double requests_per_second_of_address = 0; // beyond: 429 with Retry-After; 0: no limit
    double burst_of_address = 1;
    std::vector<std::string> trusted_proxies; // addresses whose X-Forwarded-For is believed
};

struct ServerCounts {
    std::size_t connections = 0; // open now
    std::size_t waiting = 0; // requests for a worker, now
    std::size_t answered = 0; // since the start
    std::size_t turned_away = 0; // requests and connections refused by a limit, since the start
    std::size_t cut = 0; // connections ended by a limit, since the start
    std::size_t bytes = 0; // of requests in flight, now
};

// What a server may have beside its limits. The observers are called from the I/O thread with a fixed word.
struct ServerExtras {
    std::shared_ptr<TlsContext const> tls; // null: plain HTTP
    std::function<void(std::string_view why)> turned_away; // connections, waiting, rate_of_address, bytes, broken
    std::function<void(std::string_view why)> cut; // header, body, writing, tls, oldest_in_header, oldest_idle
};

using AnswerRequest = std::function<HttpReply(ServerRequest const&)>; // called by several workers at once

class HttpServer {
public:
    // Listens and serves from now on. unavailable when the address can not be bound.
    static Result<std::unique_ptr<HttpServer>> start(
        ListenAddress const& address, ServerLimits const& limits, AnswerRequest answer, ServerExtras extras = {});
    ~HttpServer(); // stops at once

    HttpServer(HttpServer const&) = delete;
    HttpServer& operator=(HttpServer const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerCounts counts() const;
    // For connections from now on; those that are open keep theirs.
    void renew_tls(std::shared_ptr<TlsContext const> tls);
    // Accepts no more, finishes the requests that it has, closes. After `grace` the rest is cut off. Returns whether
    // every request was answered.
    bool stop(Milliseconds grace);

    struct Inside; // server.cpp's own

private:
    explicit HttpServer(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

} // namespace convops
