// The listener: accepts, makes room, and stops. What happens on a connection is session.cpp.
#include "adapters/server/server.h"

#include "adapters/server/session.h"

#include <boost/asio/post.hpp>

// Asio's overloads with an error_code& return the same error_code a second time.
// NOLINTBEGIN(bugprone-unused-return-value)
namespace convops {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

void HttpServer::Inside::note_turned_away(std::string_view why) {
    turned_away.fetch_add(1);
    if (extras.turned_away)
        extras.turned_away(why);
}

void HttpServer::Inside::note_cut(std::string_view why) {
    cut.fetch_add(1);
    if (extras.cut)
        extras.cut(why);
}

void HttpServer::Inside::forget(std::shared_ptr<Session> const& session) {
    if (sessions.erase(session) != 0) {
        open.fetch_sub(1);
        auto const counted = of_address.find(session->group());
        if (counted != of_address.end() && --counted->second == 0)
            of_address.erase(counted);
    }
    if (draining && sessions.empty()) {
        std::lock_guard const lock(drained_mutex);
        drained.notify_all();
    }
}

bool HttpServer::Inside::is_trusted_proxy(std::string const& address) const {
    auto const& proxies = limits.trusted_proxies;
    return std::find(proxies.begin(), proxies.end(), address) != proxies.end();
}

// Whoever is slow makes room for whoever comes: the connection that has been longest in its header, then the one that
// has idled longest, which HTTP lets us close at any time. A request whose header is complete is never cut for it.
bool HttpServer::Inside::make_room(std::string const& group, bool counted) {
    auto const many = of_address.find(group);
    if (counted && many != of_address.end() && many->second >= limits.connections_of_address) {
        auto const same = [&](Session const* session) { return session->group() == group; };
        auto const slow = std::find_if(in_header.begin(), in_header.end(), same);
        if (slow == in_header.end())
            return false;
        (*slow)->cut("oldest_in_header");
    }
    if (sessions.size() < limits.connections)
        return true;
    if (!in_header.empty())
        in_header.front()->cut("oldest_in_header");
    else if (!in_idle.empty())
        in_idle.front()->cut("oldest_idle");
    return sessions.size() < limits.connections;
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
    auto const peer = plain_address(socket.remote_endpoint(ignored).address().to_string());
    auto session = std::make_shared<Session>(*this, std::move(socket), peer);
    if (make_room(session->group(), !is_trusted_proxy(peer))) {
        sessions.insert(session);
        ++of_address[session->group()];
        open.fetch_add(1);
        session->start();
    } else {
        session->turn_away("connections");
    }
    accept();
}

HttpServer::HttpServer(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) { }

Result<std::unique_ptr<HttpServer>> HttpServer::start(
    ListenAddress const& address, ServerLimits const& limits, AnswerRequest answer, ServerExtras extras) {
    auto inside = std::make_unique<Inside>(limits, std::move(answer), std::move(extras));
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
    auto const& inside = *inside_;
    return { inside.open.load(), inside.pool.waiting(), inside.answered.load(), inside.turned_away.load(),
        inside.cut.load(), inside.bytes.load() };
}

void HttpServer::renew_tls(std::shared_ptr<TlsContext const> tls) {
    asio::post(inside_->io, [inside = inside_.get(), tls = std::move(tls)] { inside->extras.tls = tls; });
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
