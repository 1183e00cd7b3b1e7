// Boost.Beast, asynchronously on a context of its own that only the caller's thread runs: that is what gives every
// operation a time limit.
#include "adapters/chat/web_socket.h"

#include "adapters/http/url.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace convops {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr Milliseconds write_timeout { 10'000 };
constexpr Milliseconds close_timeout { 1'000 };
constexpr Seconds silent_for { 60 }; // after half of it Beast pings, after all of it the peer is gone

Error over(std::string_view what, error_code const& error) {
    return { ErrorKind::unavailable, "web socket: " + std::string(what) + ": " + error.message() };
}

using TlsStream = asio::ssl::stream<beast::tcp_stream>;

template <class Stream> class Connection final : public WebSocket {
public:
    Connection()
        : tls_(asio::ssl::context::tls_client)
        , stream_(make_stream(io_, tls_)) { }

    ~Connection() override {
        error_code ignored;
        lowest().socket().close(ignored);
        io_.restart();
        io_.poll(); // what was pending ends now
    }

    Result<> open(UrlParts const& url, Milliseconds timeout) {
        error_code error;
        asio::ip::tcp::resolver resolver(io_);
        auto const where = resolver.resolve(url.host, std::to_string(url.port), error);
        if (error)
            return over("resolve " + url.host, error);
        error = run(timeout, [&](auto done) { lowest().async_connect(where, std::move(done)); });
        if (error)
            return over("connect to " + url.host, error);
        lowest().expires_never(); // the WebSocket has a clock of its own
        if constexpr (std::is_same_v<Stream, TlsStream>)
            TRY(secure(url, timeout));
        stream_.set_option(websocket::stream_base::timeout { timeout, silent_for, true });
        stream_.read_message_max(most_socket_message_bytes);
        auto const target = url.query.empty() ? url.path : url.path + "?" + url.query;
        error = run(timeout, [&](auto done) { stream_.async_handshake(url.authority(), target, std::move(done)); });
        return error ? Result<>(over("handshake with " + url.host, error)) : Result<> {};
    }

    Result<std::optional<std::string>> read(Milliseconds wait) override {
        if (!reading_) { // One read stays under way while the caller looks elsewhere.
            reading_ = std::make_shared<std::optional<error_code>>();
            stream_.async_read(buffer_, [this, mine = reading_](error_code const& error, std::size_t) {
                *mine = error;
                io_.stop();
            });
        }
        if (!*reading_)
            pump(wait);
        if (!*reading_)
            return std::optional<std::string> {};
        auto const error = **reading_;
        reading_.reset();
        if (error)
            return over("read", error);
        auto text = beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        return std::optional(std::move(text));
    }

    Result<> write(std::string const& text) override {
        stream_.text(true);
        auto const error
            = run(write_timeout, [&](auto done) { stream_.async_write(asio::buffer(text), std::move(done)); });
        return error ? Result<>(over("write", error)) : Result<> {};
    }

    void close() override {
        static_cast<void>(run(
            close_timeout, [&](auto done) { stream_.async_close(websocket::close_code::normal, std::move(done)); }));
    }

private:
    static websocket::stream<Stream> make_stream(asio::io_context& io, asio::ssl::context& tls) {
        if constexpr (std::is_same_v<Stream, TlsStream>)
            return websocket::stream<Stream>(io, tls);
        else
            return websocket::stream<Stream>(io);
    }

    beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

    void pump(Milliseconds timeout) {
        io_.restart();
        io_.run_for(timeout);
    }

    // Runs `start(handler)` until its handler is called or the time is over; other operations go on meanwhile.
    template <class Start> error_code run(Milliseconds timeout, Start const& start) {
        auto const result = std::make_shared<std::optional<error_code>>();
        start([this, result](error_code const& error, auto&&...) {
            *result = error;
            io_.stop();
        });
        constexpr int most_rounds = 64; // of other operations that end first
        for (int round = 0; !*result && round < most_rounds; ++round) {
            pump(timeout);
            if (!io_.stopped())
                break; // the time is over
        }
        if (*result)
            return **result;
        error_code ignored;
        lowest().socket().close(ignored);
        pump(close_timeout);
        return asio::error::timed_out;
    }

    Result<> secure(UrlParts const& url, Milliseconds timeout) {
        auto& tls = stream_.next_layer();
        error_code error;
        // Each of these sets `error` anew, also to "none", and returns it a second time.
        if (tls_.set_default_verify_paths(error))
            return over("certificate authorities of this machine", error);
        if (tls.set_verify_mode(asio::ssl::verify_peer, error))
            return over("TLS with " + url.host, error);
        if (tls.set_verify_callback(asio::ssl::host_name_verification(url.host), error))
            return over("TLS with " + url.host, error);
        if (SSL_set_tlsext_host_name(tls.native_handle(), url.host.c_str()) != 1)
            return over("TLS with " + url.host, error);
        error
            = run(timeout, [&](auto done) { tls.async_handshake(asio::ssl::stream_base::client, std::move(done)); });
        return error ? Result<>(over("TLS with " + url.host, error)) : Result<> {};
    }

    asio::io_context io_;
    asio::ssl::context tls_;
    websocket::stream<Stream> stream_;
    beast::flat_buffer buffer_;
    std::shared_ptr<std::optional<error_code>> reading_;
};

template <class Stream> Result<std::unique_ptr<WebSocket>> opened(UrlParts const& url, Milliseconds timeout) {
    auto connection = std::make_unique<Connection<Stream>>();
    TRY(connection->open(url, timeout));
    return std::unique_ptr<WebSocket>(std::move(connection));
}

} // namespace

Result<std::unique_ptr<WebSocket>> open_web_socket(std::string_view url, Milliseconds timeout) {
    auto const scheme_end = url.find("://");
    auto const scheme = url.substr(0, std::min(scheme_end, url.size()));
    if (scheme != "wss" && scheme != "ws")
        return Error { ErrorKind::invalid_input, "web socket: only wss is spoken" };
    auto const parts
        = parse_url((scheme == "wss" ? "https" : "http") + std::string(url.substr(std::min(scheme_end, url.size()))));
    if (!parts)
        return Error { ErrorKind::invalid_input, "web socket: the URL is not readable" };
    if (scheme == "wss")
        return opened<TlsStream>(*parts, timeout);
    if (parts->host != "localhost" && parts->host != "127.0.0.1" && parts->host != "::1")
        return Error { ErrorKind::invalid_input, "web socket: without TLS only to this machine itself" };
    return opened<beast::tcp_stream>(*parts, timeout);
}

} // namespace convops
