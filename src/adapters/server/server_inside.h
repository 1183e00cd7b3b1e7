// What the listener (server.cpp) and its sessions (session.cpp) share. All of it is touched by the I/O thread alone,
// apart from what is atomic.
#pragma once

#include "adapters/server/server.h"
#include "adapters/server/worker_pool.h"
#include "base/token_buckets.h"

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <unordered_map>
#include <unordered_set>

namespace convops {

class Session;

struct HttpServer::Inside {
    using Tcp = boost::asio::ip::tcp;

    Inside(ServerLimits the_limits, AnswerRequest the_answer, ServerExtras the_extras)
        : limits(std::move(the_limits))
        , answer(std::move(the_answer))
        , extras(std::move(the_extras))
        , rates({ limits.requests_per_second_of_address, limits.burst_of_address })
        , pool(limits.workers, limits.waiting) { }

    ServerLimits limits;
    AnswerRequest answer;
    ServerExtras extras;
    boost::asio::io_context io { 1 };
    // While draining, a request in a worker's hands is no work that io knows of.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running { io.get_executor() };
    Tcp::acceptor acceptor { io };
    boost::asio::steady_timer accept_pause { io };
    std::array<char, std::size_t { 32 } * 1024> read_buffer {};
    std::unordered_set<std::shared_ptr<Session>> sessions;
    // Those that may be cut when room is needed, the one that waits longest first.
    std::list<Session*> in_header;
    std::list<Session*> in_idle;
    std::unordered_map<std::string, std::size_t> of_address; // connections by address_group()
    TokenBuckets rates; // requests by address_group()
    bool draining = false;

    std::atomic<std::size_t> open { 0 };
    std::atomic<std::size_t> answered { 0 };
    std::atomic<std::size_t> turned_away { 0 };
    std::atomic<std::size_t> cut { 0 };
    std::atomic<std::size_t> bytes { 0 }; // of requests that are being received or answered
    std::atomic<std::size_t> in_work { 0 }; // requests given to a worker and not answered yet

    std::mutex drained_mutex;
    std::condition_variable drained;
    std::uint16_t port = 0;
    bool stopped = false; // caller's thread only
    WorkerPool pool; // after io: its jobs post there
    std::thread thread; // runs io

    void accept();
    void accepted(boost::system::error_code const& error, Tcp::socket socket);
    [[nodiscard]] bool is_trusted_proxy(std::string const& address) const;
    bool make_room(std::string const& group, bool counted);
    void forget(std::shared_ptr<Session> const& session);
    void note_turned_away(std::string_view why);
    void note_cut(std::string_view why);
};

} // namespace convops
