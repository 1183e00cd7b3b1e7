#include "adapters/server/session.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

// Asio's overloads with an error_code& return the same error_code a second time.
// NOLINTBEGIN(bugprone-unused-return-value)
namespace convops {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr Milliseconds linger_time { 2'000 };

// Monotonic, the clock that the timers run on.
std::chrono::nanoseconds timer_now() {
    return asio::steady_timer::clock_type::now().time_since_epoch();
}

} // namespace

Session::Session(HttpServer::Inside& server, tcp::socket socket, std::string peer)
    : server_(server)
    , socket_(std::move(socket))
    , timer_(server.io)
    , reader_(server.limits.request)
    , peer_(std::move(peer))
    , group_(address_group(peer_)) {
    if (server.extras.tls)
        tls_ = std::make_unique<TlsChannel>(server.extras.tls);
}

Session::~Session() {
    leave_lists();
    release();
}

void Session::start() {
    wait_for_bytes();
}

void Session::leave_lists() {
    if (listed_in_ != nullptr)
        listed_in_->erase(listed_at_);
    listed_in_ = nullptr;
}

void Session::release() {
    if (held_ > 0)
        server_.bytes.fetch_sub(held_);
    held_ = 0;
}

void Session::enter(Phase phase, Milliseconds timeout) {
    if (phase == phase_)
        return;
    phase_ = phase;
    ++phase_number_;
    timer_.cancel();
    leave_lists();
    if (phase == Phase::working)
        return; // The answer has no deadline here: whoever answers bounds what it waits for.
    if (phase == Phase::header || phase == Phase::idle) {
        listed_in_ = phase == Phase::header ? &server_.in_header : &server_.in_idle;
        listed_at_ = listed_in_->insert(listed_in_->end(), this);
    }
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this(), phase, number = ++phase_number_](ErrorCode const& error) {
        if (error || self->phase_number_ != number) // It ran out, but the phase was over by then.
            return;
        if (phase == Phase::header || phase == Phase::body || phase == Phase::writing)
            self->cut(phase == Phase::header ? "header" : (phase == Phase::body ? "body" : "writing"));
        else
            self->close();
    });
}

// The time for a header runs from accept for the first request of a connection, so that a connection that sends
// nothing is as short-lived as one that sends slowly, and from the first byte for each further one.
void Session::wait_for_bytes() {
    auto const state = reader_.state();
    if (state == RequestReader::State::body)
        enter(Phase::body, server_.limits.body_timeout);
    else if (state == RequestReader::State::header || fresh_)
        enter(Phase::header, server_.limits.header_timeout);
    else
        enter(Phase::idle, server_.limits.idle_timeout);
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
        return wait_for_bytes();
    if (read_error) // end of stream included: a client that half-closes gets no answer to an unfinished request
        return close();
    if (!take_in({ server_.read_buffer.data(), count }))
        return close();
    // Held until the answer is sent. Bounded over all connections: what is not held can not fill the memory.
    held_ += count;
    if (server_.bytes.fetch_add(count) + count > server_.limits.bytes_in_flight)
        return refuse(503, "busy: try again later", "bytes", server_.limits.retry_after);
    go_on();
}

bool Session::take_in(std::string_view wire) {
    if (!tls_) {
        reader_.feed(wire);
        return true;
    }
    std::string plain;
    auto const state = tls_->receive(wire, plain);
    outgoing_ += tls_->take_outgoing();
    write_out();
    if (!plain.empty())
        reader_.feed(plain);
    if (state == TlsChannel::State::handshake || state == TlsChannel::State::open)
        return true;
    if (state == TlsChannel::State::failed)
        server_.note_cut("tls");
    return state == TlsChannel::State::closed && reader_.state() == RequestReader::State::complete;
}

void Session::go_on() {
    switch (reader_.state()) {
    case RequestReader::State::empty:
        if (server_.draining && !fresh_)
            return close();
        return wait_for_bytes();
    case RequestReader::State::header:
        return wait_for_bytes();
    case RequestReader::State::body:
        if (reader_.wants_continue()) {
            // Small enough for any socket buffer; a client that does not get it sends its body after a pause.
            constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
            if (tls_) {
                tls_->send(go_ahead);
                outgoing_ += tls_->take_outgoing();
            } else {
                outgoing_ += go_ahead;
            }
            write_out();
        }
        return wait_for_bytes();
    case RequestReader::State::complete:
        return work();
    case RequestReader::State::broken:
        server_.note_turned_away("broken");
        refused_ = true;
        return reply(reader_.refusal(), false, false);
    }
}

void Session::work() {
    enter(Phase::working, Milliseconds { 0 });
    fresh_ = false;
    auto request = std::make_shared<ServerRequest>(reader_.take());
    request->peer = client_of(peer_, request->header("x-forwarded-for"), server_.limits.trusted_proxies);
    bool const keep_alive = reader_.keep_alive();
    bool const head_only = request->method == "HEAD";
    auto const turned_away = [&](int status, std::string_view message, std::string_view why, Seconds retry_after) {
        server_.note_turned_away(why);
        auto answer = error_reply(status, message);
        answer.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
        reply(answer, keep_alive, head_only);
    };
    if (auto const wait = server_.rates.take(address_group(request->peer), timer_now()))
        return turned_away(429, "too many requests: try again later", "rate_of_address", *wait);
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
    turned_away(503, "busy: try again later", "waiting", server_.limits.retry_after);
}

void Session::refuse(int status, std::string_view message, std::string_view why, Seconds retry_after) {
    server_.note_turned_away(why);
    refused_ = true;
    auto answer = error_reply(status, message);
    answer.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
    reply(answer, false, false);
}

void Session::reply(HttpReply const& reply, bool keep_alive, bool head_only) {
    if (closed_)
        return;
    keep_alive_ = keep_alive && !server_.draining;
    auto bytes = to_bytes(reply, keep_alive_, head_only);
    if (tls_) {
        tls_->send(bytes);
        if (!keep_alive_)
            tls_->say_goodbye();
        bytes = tls_->take_outgoing();
    }
    outgoing_ += bytes;
    replying_ = true;
    enter(Phase::writing, server_.limits.write_timeout);
    write_out();
}

void Session::write_out() {
    if (writing_ || closed_ || outgoing_.empty())
        return;
    writing_ = true;
    in_write_ = std::move(outgoing_);
    outgoing_ = {};
    asio::async_write(socket_, asio::buffer(in_write_),
        [self = shared_from_this()](ErrorCode const& error, std::size_t) { self->wrote(error); });
}

void Session::wrote(ErrorCode const& error) {
    writing_ = false;
    in_write_ = {}; // gives the memory back while the connection idles
    if (closed_)
        return;
    if (error)
        return close();
    if (!outgoing_.empty())
        return write_out();
    if (replying_) {
        replying_ = false;
        replied();
    }
}

void Session::replied() {
    release();
    if (keep_alive_)
        return go_on(); // The next request may be there already.
    ErrorCode ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    if (!refused_)
        return close();
    // Closing with unread bytes resets the connection, and the client may lose the answer: what it still sends, a
    // body over the limit, is read and dropped for a moment instead.
    enter(Phase::lingering, linger_time);
    linger();
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

void Session::turn_away(std::string_view why) {
    server_.note_turned_away(why);
    if (tls_)
        return; // A reply would take a handshake, which is what there is no room for.
    auto busy = error_reply(503, "too many connections: try again later");
    busy.headers.emplace_back("Retry-After", std::to_string(server_.limits.retry_after.count()));
    auto const bytes = to_bytes(busy, false, false);
    ErrorCode ignored;
    socket_.write_some(asio::buffer(bytes), ignored);
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Session::drain() {
    bool const between = phase_ == Phase::idle || phase_ == Phase::header;
    if (between && reader_.state() == RequestReader::State::empty)
        close();
}

void Session::cut(std::string_view why) {
    server_.note_cut(why);
    close();
}

void Session::close() {
    if (closed_)
        return;
    closed_ = true;
    leave_lists();
    release();
    timer_.cancel();
    ErrorCode ignored;
    socket_.close(ignored);
    server_.forget(shared_from_this());
}

} // namespace convops
// NOLINTEND(bugprone-unused-return-value)
