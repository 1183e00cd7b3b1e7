// One strand of I/O: all session state is touched by the I/O thread alone. Workers see a request by value and post
// the reply back. An idle connection owns a socket, a timer and an empty reader: the read buffer is shared, because
// with one I/O thread only one read happens at a time.
#include "adapters/server/server.h"

#include "adapters/server/worker_pool.h"
#include "base/check.h"

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <unordered_set>

// Asio's overloads with an error_code& return the same error_code a second time.
// NOLINTBEGIN(bugprone-unused-return-value)
namespace convops {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {
class Session;
}

struct HttpServer::Inside {
    Inside(ServerLimits const& the_limits, AnswerRequest the_answer)
        : limits(the_limits)
        , answer(std::move(the_answer))
        , pool(the_limits.workers, the_limits.waiting) { }

    ServerLimits limits;
    AnswerRequest answer;
    asio::io_context io { 1 };
    // While draining, a request in a worker's hands is no work that io knows of.
    asio::executor_work_guard<asio::io_context::executor_type> keep_running { io.get_executor() };
    tcp::acceptor acceptor { io };
    asio::steady_timer accept_pause { io };
    std::array<char, std::size_t { 32 } * 1024> read_buffer {};
    std::unordered_set<std::shared_ptr<Session>> sessions;
    bool draining = false; // I/O thread only

    std::atomic<std::size_t> open { 0 };
    std::atomic<std::size_t> answered { 0 };
    std::atomic<std::size_t> turned_away { 0 };
    std::atomic<std::size_t> in_work { 0 }; // requests given to a worker and not answered yet

    std::mutex drained_mutex;
    std::condition_variable drained;
    std::uint16_t port = 0;
    bool stopped = false; // caller's thread only
    WorkerPool pool; // after io: its jobs post there
    std::thread thread; // runs io

    void accept();
    void accepted(ErrorCode const& error, tcp::socket socket);
    void forget(std::shared_ptr<Session> const& session);
};

namespace {

constexpr Milliseconds linger_time { 2'000 };

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(HttpServer::Inside& server, tcp::socket socket);
    void start() { wait_for_bytes(server_.limits.idle_timeout); }
    void drain(); // close now if idle, after the answer otherwise
    void close();
    void turn_away(); // answer 503 before reading anything, then close

private:
    // What the timer measures. A phase keeps its deadline however often bytes trickle in.
    enum class Phase : std::uint8_t { idle, header, body, working, writing, lingering };

    void wait_for_bytes(Milliseconds timeout);
    void read_ready(ErrorCode const& error);
    void go_on();
    void work();
    void reply(HttpReply const& reply, bool keep_alive, bool head_only);
    void written(ErrorCode const& error, bool keep_alive);
    void linger();
    void enter(Phase phase, Milliseconds timeout);

    HttpServer::Inside& server_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    RequestReader reader_;
    std::string out_;
    Phase phase_ = Phase::working; // so that the first enter() arms the timer
    bool closed_ = false;
    std::size_t linger_bytes_ = std::size_t { 4 } << 20;
};

Session::Session(HttpServer::Inside& server, tcp::socket socket)
    : server_(server)
    , socket_(std::move(socket))
    , timer_(server.io)
    , reader_(server.limits.request) { }

void Session::enter(Phase phase, Milliseconds timeout) {
    if (phase == phase_)
        return;
    phase_ = phase;
    timer_.cancel();
    if (phase == Phase::working)
        return; // The answer has no deadline here: whoever answers bounds what it waits for.
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this()](ErrorCode const& error) {
        if (!error)
            self->close();
    });
}

void Session::wait_for_bytes(Milliseconds timeout) {
    enter(reader_.state() == RequestReader::State::body       ? Phase::body
            : reader_.state() == RequestReader::State::header ? Phase::header
                                                              : Phase::idle,
        timeout);
    socket_.async_wait(
        tcp::socket::wait_read, [self = shared_from_this()](ErrorCode const& error) { self->read_ready(error); });
}

void Session::read_ready(ErrorCode const& error) {
    if (closed_)
        return;
    if (error)
        return close();
    ErrorCode read_error;
    auto const count = socket_.read_some(asio::buffer(server_.read_buffer), read_error);
    if (read_error == asio::error::would_block || read_error == asio::error::try_again)
        return wait_for_bytes(server_.limits.idle_timeout);
    if (read_error) // end of stream included: a client that half-closes gets no answer to an unfinished request
        return close();
    reader_.feed({ server_.read_buffer.data(), count });
    go_on();
}

void Session::go_on() {
    switch (reader_.state()) {
    case RequestReader::State::empty:
        if (server_.draining)
            return close();
        return wait_for_bytes(server_.limits.idle_timeout);
    case RequestReader::State::header:
        return wait_for_bytes(server_.limits.header_timeout);
    case RequestReader::State::body:
        if (reader_.wants_continue()) {
            // Small enough for any socket buffer; a client that does not get it sends its body after a pause.
            ErrorCode ignored;
            socket_.write_some(asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), ignored);
        }
        return wait_for_bytes(server_.limits.body_timeout);
    case RequestReader::State::complete:
        return work();
    case RequestReader::State::broken:
        server_.turned_away.fetch_add(1);
        return reply(reader_.refusal(), false, false);
    }
}

void Session::work() {
    enter(Phase::working, Milliseconds { 0 });
    auto request = std::make_shared<ServerRequest>(reader_.take());
    ErrorCode ignored;
    request->peer = socket_.remote_endpoint(ignored).address().to_string();
    bool const keep_alive = reader_.keep_alive();
    bool const head_only = request->method == "HEAD";
    server_.in_work.fetch_add(1);
    auto job = [self = shared_from_this(), request, keep_alive, head_only] {
        HttpReply answer;
        try {
            answer = self->server_.answer(*request);
        } catch (
            std::exception const&) { // Routes return errors as values; this is a bug, and must not take the server.
            answer = error_reply(500, "internal error");
        }
        asio::post(self->server_.io, [self, answer = std::move(answer), keep_alive, head_only] {
            self->server_.in_work.fetch_sub(1);
            self->server_.answered.fetch_add(1);
            self->reply(answer, keep_alive, head_only);
        });
    };
    if (server_.pool.offer(std::move(job)))
        return;
    server_.in_work.fetch_sub(1);
    server_.turned_away.fetch_add(1);
    auto busy = error_reply(503, "busy: try again later");
    busy.headers.emplace_back("Retry-After", std::to_string(server_.limits.retry_after.count()));
    reply(busy, keep_alive, head_only);
}

void Session::reply(HttpReply const& reply, bool keep_alive, bool head_only) {
    if (closed_)
        return;
    keep_alive = keep_alive && !server_.draining;
    out_ = to_bytes(reply, keep_alive, head_only);
    enter(Phase::writing, server_.limits.write_timeout);
    asio::async_write(
        socket_, asio::buffer(out_), [self = shared_from_this(), keep_alive](ErrorCode const& error, std::size_t) {
            self->written(error, keep_alive);
        });
}

void Session::written(ErrorCode const& error, bool keep_alive) {
    if (closed_)
        return;
    out_ = {}; // gives the memory back while the connection idles
    if (error)
        return close();
    if (!keep_alive) {
        ErrorCode ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        if (reader_.state() != RequestReader::State::broken)
            return close();
        // Closing with unread bytes resets the connection, and the client may lose the answer: what it still sends,
        // a body over the limit, is read and dropped for a moment instead.
        enter(Phase::lingering, linger_time);
        return linger();
    }
    go_on(); // The next request may be there already.
}

void Session::linger() {
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](ErrorCode const& error) {
        if (self->closed_)
            return;
        ErrorCode read_error = error;
        std::size_t count = 0;
        if (!read_error)
            count = self->socket_.read_some(asio::buffer(self->server_.read_buffer), read_error);
        if (read_error || count > self->linger_bytes_)
            return self->close();
        self->linger_bytes_ -= count;
        self->linger();
    });
}

void Session::turn_away() {
    auto busy = error_reply(503, "too many connections: try again later");
    busy.headers.emplace_back("Retry-After", std::to_string(server_.limits.retry_after.count()));
    auto const bytes = to_bytes(busy, false, false);
    ErrorCode ignored;
    socket_.write_some(asio::buffer(bytes), ignored);
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Session::drain() {
    if (phase_ == Phase::idle && reader_.state() == RequestReader::State::empty)
        close();
}

void Session::close() {
    if (closed_)
        return;
    closed_ = true;
    timer_.cancel();
    ErrorCode ignored;
    socket_.close(ignored);
    server_.forget(shared_from_this());
}

} // namespace

void HttpServer::Inside::forget(std::shared_ptr<Session> const& session) {
    if (sessions.erase(session) != 0)
        open.fetch_sub(1);
    if (draining && sessions.empty()) {
        std::lock_guard const lock(drained_mutex);
        drained.notify_all();
    }
}

void HttpServer::Inside::accept() {
    acceptor.async_accept([this](ErrorCode const& error, tcp::socket socket) { accepted(error, std::move(socket)); });
}

void HttpServer::Inside::accepted(ErrorCode const& error, tcp::socket socket) {
    if (draining || !acceptor.is_open())
        return;
    if (error) {
        // Out of descriptors, most likely: wait a little instead of spinning.
        accept_pause.expires_after(Milliseconds { 100 });
        accept_pause.async_wait([this](ErrorCode const& pause_error) {
            if (!pause_error)
                accept();
        });
        return;
    }
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(tcp::no_delay(true), ignored);
    auto session = std::make_shared<Session>(*this, std::move(socket));
    if (sessions.size() >= limits.connections) {
        turned_away.fetch_add(1);
        session->turn_away();
    } else {
        sessions.insert(session);
        open.fetch_add(1);
        session->start();
    }
    accept();
}

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

HttpServer::HttpServer(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) { }

Result<std::unique_ptr<HttpServer>> HttpServer::start(
    ListenAddress const& address, ServerLimits const& limits, AnswerRequest answer) {
    auto inside = std::make_unique<Inside>(limits, std::move(answer));
    ErrorCode error;
    auto const host = asio::ip::make_address(address.host, error);
    if (error)
        return Error { ErrorKind::invalid_input, "\"" + address.host + "\" is not an IP address" };
    tcp::endpoint const endpoint(host, address.port);
    auto& acceptor = inside->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return Error { ErrorKind::unavailable,
            "can not listen on " + address.host + ":" + std::to_string(address.port) + ": " + error.message() };
    inside->port = acceptor.local_endpoint(error).port();
    inside->accept();
    inside->thread = std::thread([io = &inside->io] { io->run(); });
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(inside)));
}

std::uint16_t HttpServer::port() const {
    return inside_->port;
}

ServerCounts HttpServer::counts() const {
    return { inside_->open.load(), inside_->pool.waiting(), inside_->answered.load(), inside_->turned_away.load() };
}

bool HttpServer::stop(Milliseconds grace) {
    auto& inside = *inside_;
    if (inside.stopped)
        return true;
    inside.stopped = true;
    asio::post(inside.io, [&inside] {
        inside.draining = true;
        ErrorCode ignored;
        inside.acceptor.close(ignored);
        inside.accept_pause.cancel();
        auto const now_open = inside.sessions; // drain() erases from it
        for (auto const& session : now_open)
            session->drain();
        std::lock_guard const lock(inside.drained_mutex);
        inside.drained.notify_all();
    });
    {
        std::unique_lock lock(inside.drained_mutex);
        inside.drained.wait_for(
            lock, grace, [&inside] { return inside.open.load() == 0 && inside.in_work.load() == 0; });
    }
    bool const all_answered = inside.in_work.load() == 0;
    asio::post(inside.io, [&inside] {
        auto const rest = inside.sessions;
        for (auto const& session : rest)
            session->close();
        inside.io.stop();
    });
    if (inside.thread.joinable())
        inside.thread.join();
    inside.pool.stop();
    return all_answered;
}

HttpServer::~HttpServer() {
    stop(Milliseconds { 0 });
}

} // namespace convops
// NOLINTEND(bugprone-unused-return-value)
