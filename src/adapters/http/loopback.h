// For tests: an HTTP server on a free loopback port that hands each request to a function and sends its bytes as they
// are. One thread per connection.
#pragma once

#include "base/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace convops::testing {

class LoopbackServer {
public:
    // Gets head and body; an empty answer closes the connection.
    using Answer = std::function<std::string(std::string const& request)>;

    explicit LoopbackServer(Answer answer)
        : answer_(std::move(answer))
        , listening_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        CHECK(listen(listening_, 64) == 0);
        socklen_t size = sizeof address;
        CHECK(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        accepting_ = std::thread([this] { accept_all(); });
    }

    ~LoopbackServer() {
        stopping_ = true;
        shutdown(listening_, SHUT_RDWR);
        accepting_.join();
        for (int const connection : connections_)
            shutdown(connection, SHUT_RDWR);
        for (auto& thread : threads_)
            thread.join();
        for (int const connection : connections_)
            close(connection);
        close(listening_);
    }

    LoopbackServer(LoopbackServer const&) = delete;
    LoopbackServer& operator=(LoopbackServer const&) = delete;

    [[nodiscard]] std::string url(std::string const& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    [[nodiscard]] int connections() const { return accepted_; }

private:
    void accept_all() {
        while (!stopping_) {
            int const connection = accept(listening_, nullptr, nullptr);
            if (connection < 0)
                return;
            ++accepted_;
            connections_.push_back(connection);
            threads_.emplace_back([this, connection] { serve(connection); });
        }
    }

    void serve(int connection) {
        std::string held;
        while (true) {
            auto const request = next_request(connection, held);
            if (request.empty())
                return;
            auto const bytes = answer_(request);
            if (bytes.empty()) {
                shutdown(connection, SHUT_RDWR);
                return;
            }
            if (::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
                return;
        }
    }

    static std::string next_request(int connection, std::string& held) {
        while (true) {
            auto const head_end = held.find("\r\n\r\n");
            if (head_end != std::string::npos) {
                auto const length_at = held.find("Content-Length: ");
                auto const length = length_at < head_end ? std::stoul(held.substr(length_at + 16)) : 0;
                auto const size = head_end + 4 + length;
                if (held.size() >= size) {
                    auto request = held.substr(0, size);
                    held.erase(0, size);
                    return request;
                }
            }
            char buffer[16 * 1024];
            auto const got = recv(connection, buffer, sizeof buffer, 0);
            if (got <= 0)
                return {};
            held.append(buffer, static_cast<std::size_t>(got));
        }
    }

    Answer answer_;
    int listening_;
    int port_ = 0;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> accepted_ = 0;
    std::thread accepting_;
    std::vector<int> connections_; // the accepting thread's, until it has ended
    std::vector<std::thread> threads_;
};

inline std::string ok(std::string const& body, std::string const& headers = "") {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

} // namespace convops::testing
