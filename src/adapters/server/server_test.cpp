// The server over real loopback sockets, with blocking clients. No sleeps: tests wait for bytes or for a condition.
#include "adapters/server/server.h"

#include <arpa/inet.h>
#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace convops {
namespace {

class Client {
public:
    explicit Client(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
        timeval const patience { 10, 0 };
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Client() { ::close(socket_); }
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    // One reply with its body, by Content-Length; "" when the connection ended before.
    std::string reply() {
        while (true) {
            auto const end = received_.find("\r\n\r\n");
            if (end != std::string::npos) {
                auto const at = received_.find("Content-Length: ");
                std::size_t const length
                    = at == std::string::npos || at > end ? 0 : std::stoul(received_.substr(at + 16));
                if (received_.size() >= end + 4 + length) {
                    auto const whole = received_.substr(0, end + 4 + length);
                    received_.erase(0, end + 4 + length);
                    return whole;
                }
            }
            if (!receive())
                return {};
        }
    }
    bool closed_by_server() { // waits until the server ends the connection
        while (receive()) { }
        return received_.empty();
    }

private:
    bool receive() {
        char buffer[4096];
        auto const count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0)
            return false;
        received_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    bool connected_ = false;
    std::string received_;
};

HttpReply echo(ServerRequest const& request) {
    HttpReply reply;
    reply.content_type = "text/plain";
    reply.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
    return reply;
}

std::unique_ptr<HttpServer> serve(AnswerRequest answer = echo, ServerLimits limits = {}) {
    auto server = HttpServer::start({}, limits, std::move(answer));
    EXPECT_TRUE(server);
    return *std::move(server);
}

std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(more)
        + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

int status_of(std::string const& reply) {
    return reply.size() < 12 ? 0 : std::stoi(reply.substr(9, 3));
}

// A gate that answers wait at, so that tests decide when a worker goes on.
class Gate {
public:
    void wait() {
        std::unique_lock lock(mutex_);
        ++arrived_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void await_arrivals(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return arrived_ >= count; });
    }
    void open() {
        std::lock_guard const lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int arrived_ = 0;
    bool open_ = false;
};

TEST(HttpServer, a_free_port_is_chosen_and_a_request_is_answered) {
    auto const server = serve();
    EXPECT_NE(server->port(), 0);
    Client client(server->port());
    client.send(post("/a/b?x=1", "hello"));
    auto const reply = client.reply();
    EXPECT_EQ(status_of(reply), 200);
    EXPECT_NE(reply.find("POST /a/b?x=1 hello"), std::string::npos) << reply;
}

TEST(HttpServer, a_connection_is_kept_and_pipelined_requests_are_answered_in_order) {
    auto const server = serve();
    Client client(server->port());
    client.send(post("/1", "a") + post("/2", "b") + post("/3", "c", "Connection: close\r\n"));
    EXPECT_NE(client.reply().find("/1? a"), std::string::npos);
    EXPECT_NE(client.reply().find("/2? b"), std::string::npos);
    EXPECT_NE(client.reply().find("/3? c"), std::string::npos);
    EXPECT_TRUE(client.closed_by_server());
}

TEST(HttpServer, a_chunked_body_and_a_byte_by_byte_request_are_read) {
    auto const server = serve();
    Client client(server->port());
    client.send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_NE(client.reply().find("/c? abcde"), std::string::npos);
    for (char const c :
        std::string("POST /d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n"))
        client.send({ &c, 1 });
    EXPECT_NE(client.reply().find("/d? z"), std::string::npos);
    for (char const c : post("/slow", "xyz"))
        client.send({ &c, 1 });
    EXPECT_NE(client.reply().find("/slow? xyz"), std::string::npos);
}

TEST(HttpServer, head_is_answered_without_a_body) {
    auto const server = serve();
    Client client(server->port());
    client.send("HEAD /h HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.reply(), ""); // no body follows the length, so the reply never completes
}

TEST(HttpServer, expect_continue_is_granted) {
    auto const server = serve();
    Client client(server->port());
    client.send("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(status_of(client.reply()), 100);
    client.send("ok");
    EXPECT_NE(client.reply().find("/e? ok"), std::string::npos);
}

TEST(HttpServer, what_is_too_large_or_broken_is_refused_with_the_right_status) {
    ServerLimits limits;
    limits.request = { .header_bytes = 1024, .body_bytes = 2048 };
    auto const server = serve(echo, limits);
    struct Row {
        std::string bytes;
        int status;
    };
    std::string const big(4096, 'x');
    Row const rows[] = {
        { post("/", big), 413 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n", 413 },
        { "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + big + "\r\n0\r\n\r\n", 413 },
        { "GET / HTTP/1.1\r\nA: " + big + "\r\n\r\n", 431 },
        { "GET /" + big, 431 },
        { "nonsense\r\n\r\n", 400 },
        { "GET / HTTP/9.9\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400 },
        { "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { std::string("GET /\0 HTTP/1.1\r\n\r\n", 19), 400 },
    };
    for (auto const& row : rows) {
        Client client(server->port());
        client.send(row.bytes);
        EXPECT_EQ(status_of(client.reply()), row.status) << row.bytes.substr(0, 60);
        EXPECT_TRUE(client.closed_by_server());
    }
}

TEST(HttpServer, a_request_that_does_not_finish_in_time_is_cut_off) {
    ServerLimits limits;
    limits.header_timeout = Milliseconds { 20 };
    limits.body_timeout = Milliseconds { 20 };
    limits.idle_timeout = Milliseconds { 20 };
    auto const server = serve(echo, limits);
    for (auto const* bytes : { "", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab" }) {
        Client client(server->port());
        client.send(bytes);
        EXPECT_TRUE(client.closed_by_server()) << bytes;
    }
}

TEST(HttpServer, when_all_workers_are_taken_and_the_queue_is_full_the_rest_is_told_to_come_back) {
    Gate gate;
    ServerLimits limits;
    limits.workers = 1;
    limits.waiting = 1;
    auto const server = serve(
        [&](ServerRequest const& request) {
            gate.wait();
            return echo(request);
        },
        limits);
    Client working(server->port());
    working.send(post("/working", ""));
    gate.await_arrivals(1);
    // Of the next two one waits and one is turned away; which is first to arrive is the network's choice.
    Client second(server->port());
    second.send(post("/second", ""));
    while (server->counts().waiting == 0)
        std::this_thread::yield();
    Client third(server->port());
    third.send(post("/third", ""));
    auto const refused = third.reply();
    EXPECT_EQ(status_of(refused), 503);
    EXPECT_NE(refused.find("Retry-After: 5"), std::string::npos);
    gate.open();
    EXPECT_EQ(status_of(working.reply()), 200);
    EXPECT_EQ(status_of(second.reply()), 200);
    third.send(post("/again", "")); // its connection was kept
    EXPECT_EQ(status_of(third.reply()), 200);
}

TEST(HttpServer, when_every_connection_is_being_answered_a_further_one_is_turned_away) {
    Gate gate;
    ServerLimits limits;
    limits.connections = 1;
    auto const server = serve(
        [&](ServerRequest const& request) {
            gate.wait();
            return echo(request);
        },
        limits);
    Client first(server->port());
    first.send(post("/", ""));
    gate.await_arrivals(1);
    Client second(server->port());
    auto const refused = second.reply();
    EXPECT_EQ(status_of(refused), 503);
    EXPECT_NE(refused.find("Retry-After: 5"), std::string::npos);
    EXPECT_EQ(server->counts().turned_away, 1U);
    gate.open();
    EXPECT_EQ(status_of(first.reply()), 200);
}

TEST(HttpServer, the_connection_that_is_longest_in_its_header_makes_room_then_the_longest_idle) {
    ServerLimits limits;
    limits.connections = 3;
    limits.header_timeout = Milliseconds { 600'000 };
    auto const server = serve(echo, limits);
    Client idle(server->port());
    idle.send(post("/", ""));
    EXPECT_EQ(status_of(idle.reply()), 200);
    Client oldest(server->port());
    oldest.send("GET / HTTP/1.1\r\nA: ");
    while (server->counts().connections < 2)
        std::this_thread::yield();
    Client newer(server->port()); // sends nothing at all: its header has begun when it was accepted
    while (server->counts().connections < 3)
        std::this_thread::yield();
    std::vector<std::unique_ptr<Client>> genuine;
    for (int i = 0; i < 3; ++i) {
        genuine.push_back(std::make_unique<Client>(server->port()));
        genuine.back()->send(post("/genuine", ""));
        EXPECT_EQ(status_of(genuine.back()->reply()), 200);
        auto& gone = i == 0 ? oldest : (i == 1 ? newer : idle);
        EXPECT_TRUE(gone.closed_by_server()) << i;
    }
    EXPECT_EQ(server->counts().cut, 3U);
    EXPECT_EQ(server->counts().turned_away, 0U);
}

TEST(HttpServer, one_address_gets_its_share_of_connections_and_a_trusted_proxy_all) {
    ServerLimits limits;
    limits.connections_of_address = 2;
    for (bool const trusted : { false, true }) {
        limits.trusted_proxies = trusted ? std::vector<std::string> { "127.0.0.1" } : std::vector<std::string> {};
        auto const server = serve(echo, limits);
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 2; ++i) {
            clients.push_back(std::make_unique<Client>(server->port()));
            clients.back()->send(post("/", ""));
            EXPECT_EQ(status_of(clients.back()->reply()), 200);
        }
        Client third(server->port());
        third.send(post("/", ""));
        EXPECT_EQ(status_of(third.reply()), trusted ? 200 : 503);
    }
}

TEST(HttpServer, an_address_over_its_rate_is_told_when_to_come_back_and_its_connection_is_kept) {
    ServerLimits limits;
    limits.requests_per_second_of_address = 0.001;
    limits.burst_of_address = 2;
    auto const server = serve(echo, limits);
    Client client(server->port());
    std::vector<int> statuses;
    std::string last;
    for (int i = 0; i < 4; ++i) {
        client.send(post("/", ""));
        last = client.reply();
        statuses.push_back(status_of(last));
    }
    EXPECT_EQ(statuses, (std::vector<int> { 200, 200, 429, 429 }));
    EXPECT_NE(last.find("Retry-After: "), std::string::npos);
}

TEST(HttpServer, bytes_over_the_bound_of_all_requests_are_turned_away_and_counted_back) {
    ServerLimits limits;
    limits.bytes_in_flight = 10'000;
    auto const server = serve(echo, limits);
    auto const begin = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n\r\n" + std::string(8'000, 'x');
    auto first = std::make_unique<Client>(server->port());
    first->send(begin);
    while (server->counts().bytes < begin.size())
        std::this_thread::yield();
    Client second(server->port());
    second.send(begin);
    auto const refused = second.reply();
    EXPECT_EQ(status_of(refused), 503);
    EXPECT_NE(refused.find("Retry-After: "), std::string::npos);
    first->send(std::string(1'000, 'x'));
    EXPECT_EQ(status_of(first->reply()), 200);
    first.reset();
    while (server->counts().connections > 0 && !second.closed_by_server())
        std::this_thread::yield();
    while (server->counts().bytes > 0)
        std::this_thread::yield();
    Client third(server->port());
    third.send(post("/", std::string(9'000, 'x')));
    EXPECT_EQ(status_of(third.reply()), 200);
}

TEST(HttpServer, an_exception_in_a_route_is_one_500_and_nothing_else) {
    auto const server = serve([](ServerRequest const& request) -> HttpReply {
        if (request.path == "/throws")
            throw std::runtime_error("secret detail");
        return echo(request);
    });
    Client client(server->port());
    client.send(post("/throws", ""));
    auto const reply = client.reply();
    EXPECT_EQ(status_of(reply), 500);
    EXPECT_EQ(reply.find("secret"), std::string::npos);
    client.send(post("/fine", ""));
    EXPECT_EQ(status_of(client.reply()), 200);
}

TEST(HttpServer, stopping_answers_what_has_begun_and_closes_what_idles) {
    Gate gate;
    auto const server = serve([&](ServerRequest const& request) {
        gate.wait();
        return echo(request);
    });
    Client idle(server->port());
    Client busy(server->port());
    busy.send(post("/busy", ""));
    gate.await_arrivals(1);
    std::thread stopping([&] { EXPECT_TRUE(server->stop(Milliseconds { 10'000 })); });
    EXPECT_TRUE(idle.closed_by_server());
    gate.open();
    auto const reply = busy.reply();
    EXPECT_EQ(status_of(reply), 200);
    EXPECT_NE(reply.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(busy.closed_by_server());
    stopping.join();
    EXPECT_FALSE(Client(server->port()).connected());
}

TEST(HttpServer, many_clients_at_once_each_get_their_own_answer) {
    auto const server = serve();
    std::atomic<int> right { 0 };
    std::vector<std::thread> clients;
    for (int i = 0; i < 16; ++i)
        clients.emplace_back([&, i] {
            Client client(server->port());
            for (int j = 0; j < 50; ++j) {
                auto const body = std::to_string(i) + "-" + std::to_string(j);
                client.send(post("/n", body));
                if (client.reply().find("/n? " + body) != std::string::npos)
                    ++right;
            }
        });
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(right, 800);
}

TEST(HttpServer, an_address_in_use_is_said_so) {
    auto const server = serve();
    auto const second = HttpServer::start({ "127.0.0.1", server->port() }, {}, echo);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
    EXPECT_NE(second.error().message.find("can not listen on 127.0.0.1:"), std::string::npos);
}

TEST(ListenAddress, only_an_address_with_a_port_is_read) {
    EXPECT_EQ(parse_listen_address("0.0.0.0:80")->port, 80);
    EXPECT_EQ(parse_listen_address("[::1]:8080")->host, "::1");
    EXPECT_TRUE(is_loopback(*parse_listen_address("[::1]:8080")));
    EXPECT_TRUE(is_loopback(*parse_listen_address("127.0.0.2:0")));
    EXPECT_FALSE(is_loopback(*parse_listen_address("0.0.0.0:80")));
    for (auto const* bad : { "", "8080", ":8080", "localhost:80", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:x",
             "::1:80", "[1.2.3.4]:80", "1.2.3.4:-1", "1.2.3.4:99999999999999999999" })
        EXPECT_FALSE(parse_listen_address(bad)) << bad;
}

} // namespace
} // namespace convops
