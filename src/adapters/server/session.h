// One connection, from accept to close. All state is touched by the I/O thread alone. Workers see a request by value
// and post the reply back. An idle connection owns a socket, a timer and an empty reader: the read buffer is shared,
// because with one I/O thread only one read happens at a time.
#pragma once

#include "adapters/server/server_inside.h"

namespace convops {

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(HttpServer::Inside& server, boost::asio::ip::tcp::socket socket, std::string peer);
    ~Session();
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    void start(); // the time for the first header, and for the handshake before it, begins now
    void drain(); // close now if idle, after the answer otherwise
    void close();
    void cut(std::string_view why); // close, for a limit's sake
    void turn_away(std::string_view why); // answer 503 before reading anything, then close
    [[nodiscard]] std::string const& group() const { return group_; }

private:
    // What the timer measures. A phase keeps its deadline however often bytes trickle in.
    enum class Phase : std::uint8_t { none, header, idle, body, working, writing, lingering };

    void wait_for_bytes();
    void read_ready(boost::system::error_code const& error);
    bool take_in(std::string_view wire); // false: the connection ended
    void go_on();
    void work();
    void reply(HttpReply const& reply, bool keep_alive, bool head_only);
    void refuse(int status, std::string_view message, std::string_view why, Seconds retry_after);
    void write_out();
    void wrote(boost::system::error_code const& error);
    void replied();
    void linger();
    void enter(Phase phase, Milliseconds timeout);
    void leave_lists();
    void release();

    HttpServer::Inside& server_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    RequestReader reader_;
    std::string peer_;
    std::string group_;
    std::unique_ptr<TlsChannel> tls_; // null: plain
    std::string outgoing_; // for the wire, waiting
    std::string in_write_; // handed to the kernel
    bool writing_ = false;
    bool replying_ = false; // a reply is within what is written
    bool keep_alive_ = true; // after that reply
    bool refused_ = false; // the request was not read to its end
    bool fresh_ = true; // no request was completed yet
    bool closed_ = false;
    Phase phase_ = Phase::none;
    std::uint64_t phase_number_ = 0;
    std::list<Session*>* listed_in_ = nullptr;
    std::list<Session*>::iterator listed_at_;
    std::size_t held_ = 0; // our share of server_.bytes
    std::size_t linger_bytes_ = std::size_t { 4 } << 20;
};

} // namespace convops
